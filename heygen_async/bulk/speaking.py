"""How long a script takes to say, judged by its length, its language and the voice's speed. Nothing is synthesized.

Letters are counted where words are written with letters; a character of Chinese, a syllable of Korean and a digit
take as long as several of them, so they are counted for themselves. What comes out is a span: voices differ, and
nobody but HeyGen knows how one takes its breath.
"""

import re
from collections.abc import Mapping
from html import unescape

from attrs import frozen

from heygen_async.bulk.span import Span

__all__ = ["LANGUAGES", "Language", "language_of", "seconds_of"]


@frozen
class Language:
    """How fast a language is read aloud at speed 1. The figures are round ones, see `seconds_of` for the margin."""

    names: str
    """English names as in HeyGen's lists of voices, in lower case, with commas between them."""

    letters: float = 15.0
    """Letters a second, with the spaces and pauses between them."""

    ideographs: float = 4.2
    """Chinese characters a second."""


LANGUAGES: Mapping[str, Language] = {
    "ar": Language("arabic", 11.5),
    "bg": Language("bulgarian", 14.0),
    "bn": Language("bengali,bangla", 12.5),
    "ca": Language("catalan", 15.5),
    "cs": Language("czech", 13.5),
    "da": Language("danish"),
    "de": Language("german"),
    "el": Language("greek"),
    "en": Language("english"),
    "es": Language("spanish", 16.0),
    "et": Language("estonian", 14.0),
    "fa": Language("persian,farsi", 12.0),
    "fi": Language("finnish", 14.5),
    "fil": Language("filipino,tagalog"),
    "fr": Language("french", 15.5),
    "he": Language("hebrew", 11.0),
    "hi": Language("hindi", 12.5),
    "hr": Language("croatian", 14.0),
    "hu": Language("hungarian", 14.0),
    "id": Language("indonesian"),
    "is": Language("icelandic", 14.0),
    "it": Language("italian", 15.5),
    "ja": Language("japanese", ideographs=3.7),
    "ko": Language("korean", ideographs=4.0),
    "lt": Language("lithuanian", 14.0),
    "lv": Language("latvian", 14.0),
    "ms": Language("malay"),
    "nb": Language("norwegian"),
    "nl": Language("dutch"),
    "pl": Language("polish", 14.5),
    "pt": Language("portuguese"),
    "ro": Language("romanian"),
    "ru": Language("russian", 14.5),
    "sk": Language("slovak", 13.5),
    "sl": Language("slovenian", 14.0),
    "sr": Language("serbian", 14.0),
    "sv": Language("swedish"),
    "sw": Language("swahili", 14.0),
    "ta": Language("tamil", 13.0),
    "th": Language("thai", 11.0),
    "tr": Language("turkish", 14.5),
    "uk": Language("ukrainian", 14.0),
    "ur": Language("urdu", 12.0),
    "vi": Language("vietnamese", 14.0),
    "zh": Language("chinese,mandarin,cantonese"),
}
"""By the tag (ISO 639). What is not here is read like the average of them, within a wider margin."""

_ALIASES = {"no": "nb", "nn": "nb", "cmn": "zh", "yue": "zh", "iw": "he", "in": "id", "tl": "fil"}
_NAMES = {name: tag for tag, language in LANGUAGES.items() for name in language.names.split(",")}
_AVERAGE = Language("", 14.0, 4.0)

_KANA = 7.0
"""Characters of Japanese's own writing a second."""

_HANGUL = 5.5
"""Syllables of Korean a second."""

_DIGITS = 3.0
"""Digits a second: "7" has one letter and is read as five."""

_SHORTEST_WORD = 0.3
"""Seconds of a word on the average of a script, however few letters its words have."""

_MARGIN, _WIDE_MARGIN = Span(0.7, 1.4), Span(0.6, 1.6)
"""How much faster and slower voices are than the figures, in a language that is known, and in one that is not."""

_AROUND = Span(0.0, 1.5)
"""Seconds before the first word and after the last."""

_LEAST = 0.5
"""Seconds of the shortest video."""

_PAUSE = 0.5
"""Seconds of a break that does not say how long it is."""

_BREAK = re.compile(r"<break\b[^<>]*>", re.IGNORECASE)
_TIME = re.compile(r"""time\s*=\s*["']?\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)""", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_CHARACTER = re.compile("[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9d]")
_SYLLABLE = re.compile("[\uac00-\ud7a3]")
_DIGIT = re.compile(r"\d")


def seconds_of(script: str, *, speed: float = 1.0, language: str | None = None) -> Span:
    """Judge how many seconds a script takes to say, its pauses (``<break time="1s"/>``) included.

    `speed`: that of `VoiceSettings`, 0.5 to 1.5. `language`: a tag such as ``en-GB``, or a name such as ``English``;
    ``None``, and one that is not in `LANGUAGES`, widens the margin.
    """
    known = language_of(language)
    spoken = _spoken(unescape(_TAG.sub("", _BREAK.sub(" ", script))), LANGUAGES[known] if known else _AVERAGE)
    about = _MARGIN if known else _WIDE_MARGIN
    pauses = sum(map(_pause, _BREAK.findall(script)))
    span = Span.exactly(spoken / speed) * about + _AROUND + Span.exactly(pauses)
    return Span(max(_LEAST, span.low), max(_LEAST, span.high))


def language_of(name: str | None) -> str | None:
    """Find the tag in `LANGUAGES` of a tag or a name; ``None``: it has none, as "Multilingual" has not."""
    word = re.split(r"[^\w]", (name or "").strip().lower(), maxsplit=1)[0].partition("_")[0]
    tag = _NAMES.get(word) or _ALIASES.get(word, word)
    return tag if tag in LANGUAGES else None


def _spoken(text: str, language: Language) -> float:
    """Return the seconds at speed 1, in the middle of the margin."""
    ideographs, kana, syllables, digits = (
        len(kind.findall(text)) for kind in (_IDEOGRAPH, _KANA_CHARACTER, _SYLLABLE, _DIGIT)
    )
    words = text.split()
    letters = sum(map(len, words)) + len(words) - ideographs - kana - syllables - digits
    counted = ideographs / language.ideographs + kana / _KANA + syllables / _HANGUL + digits / _DIGITS
    return max(letters / language.letters + counted, _SHORTEST_WORD * len(words))


def _pause(tag: str) -> float:
    found = _TIME.search(tag)
    return float(found[1]) / (1000 if found[2].lower() == "ms" else 1) if found else _PAUSE
