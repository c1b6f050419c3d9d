"""What is said when nobody knows what is said: one sentence in each of the languages that are asked for most."""

from itertools import count, takewhile

from heygen_async.emulator.media.subtitles import Caption, srt

__all__ = ["sample_subtitles", "sentence"]

_SENTENCES = {
    "ar": "هذا الفيديو يتحدث الآن بالعربية.",
    "bg": "Това видео вече говори български.",
    "bn": "এই ভিডিওটি এখন বাংলায় কথা বলে।",
    "cs": "Toto video teď mluví česky.",
    "da": "Denne video taler nu dansk.",
    "de": "Dieses Video spricht jetzt Deutsch.",
    "el": "Αυτό το βίντεο μιλάει τώρα ελληνικά.",
    "en": "This video now speaks another language.",
    "es": "Este vídeo ahora habla español.",
    "fa": "این ویدیو اکنون فارسی صحبت می‌کند.",
    "fi": "Tämä video puhuu nyt suomea.",
    "fr": "Cette vidéo parle maintenant français.",
    "he": "הסרטון הזה מדבר עכשיו עברית.",
    "hi": "यह वीडियो अब हिन्दी बोलता है।",
    "hr": "Ovaj video sada govori hrvatski.",
    "hu": "Ez a videó most magyarul beszél.",
    "id": "Video ini sekarang berbicara bahasa Indonesia.",
    "it": "Questo video ora parla italiano.",
    "ja": "このどうがは、いま、にほんごをはなします。",
    "ko": "이 영상은 이제 한국어로 말합니다.",
    "nb": "Denne videoen snakker nå norsk.",
    "nl": "Deze video spreekt nu Nederlands.",
    "pl": "Ten film mówi teraz po polsku.",
    "pt": "Este vídeo agora fala português.",
    "ro": "Acest videoclip vorbește acum română.",
    "ru": "Это видео теперь говорит по-русски.",
    "sk": "Toto video teraz hovorí po slovensky.",
    "sv": "Den här videon talar nu svenska.",
    "ta": "இந்த வீடியோ இப்போது தமிழில் பேசுகிறது.",
    "th": "วิดีโอนี้พูดภาษาไทยแล้ว",
    "tr": "Bu video artık Türkçe konuşuyor.",  # noqa: RUF001 - Turkish has two letters i
    "uk": "Це відео тепер говорить українською.",
    "vi": "Video này bây giờ nói tiếng Việt.",
    "zh": "这个视频现在说中文。",
}
_NAMES = {
    "arabic": "ar",
    "bulgarian": "bg",
    "bengali": "bn",
    "czech": "cs",
    "danish": "da",
    "german": "de",
    "greek": "el",
    "spanish": "es",
    "persian": "fa",
    "farsi": "fa",
    "finnish": "fi",
    "french": "fr",
    "hebrew": "he",
    "hindi": "hi",
    "croatian": "hr",
    "hungarian": "hu",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "nb",
    "dutch": "nl",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "slovak": "sk",
    "swedish": "sv",
    "tamil": "ta",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
    "chinese": "zh",
    "mandarin": "zh",
    "no": "nb",
    "cmn": "zh",
    "iw": "he",
    "in": "id",
}
_EACH = 4.0
"""Seconds for one sentence in subtitles that nobody has spoken yet."""


def sentence(language: str) -> str:
    """Return the sentence of a language, by its tag or its English name; the English one for an unknown language."""
    called = language.strip().lower().replace("_", "-")
    for name in (called, called.partition("-")[0], called.partition(" ")[0]):
        if found := _SENTENCES.get(_NAMES.get(name, name)):
            return found
    return _SENTENCES["en"]


def sample_subtitles(language: str, seconds: float) -> str:
    """Return the text of an SRT file that says the sentence again and again, for so many seconds."""
    starts = takewhile(lambda start: start == 0 or start + _EACH <= seconds, (_EACH * place for place in count()))
    return srt(Caption(start, start + 0.9 * min(_EACH, max(seconds, 0.1)), sentence(language)) for start in starts)
