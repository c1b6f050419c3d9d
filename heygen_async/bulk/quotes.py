"""What a video will cost, told before it is asked for: its length by its words, times the price of a second.

A quote is a span. What is known of the look and the voice makes it narrower; what nobody knows before, such as how
long a sound at some address is, makes it wide, and is said so in `Quote.basis`.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from attrs import field, frozen

from heygen_async.api.engines import AvatarIII, AvatarIV, Engine
from heygen_async.api.looks import AvatarLook
from heygen_async.api.media import LocalFile
from heygen_async.api.scenes import AvatarScene, ClipScene, ImageScene, Scene, SceneAvatar
from heygen_async.api.speech import Spoken, VoiceSettings
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo, VideoRequest
from heygen_async.bulk.prices import PAY_AS_YOU_GO, PriceList
from heygen_async.bulk.span import Span
from heygen_async.bulk.speaking import seconds_of

__all__ = ["Known", "Quote", "quote"]

TYPES = frozenset({"studio_avatar", "digital_twin", "photo_avatar"})
"""The types that an avatar can be of."""

_STANDARD = AvatarIV.tag
_LONGEST_SOUND = 600.0
"""Seconds that HeyGen takes of a sound."""

_LONGEST_SCENE = 1800.0
"""Seconds of a scene."""

_CINEMATIC, _CINEMATIC_SECONDS = Span(4, 15), 10
"""Seconds of a cinematic video where HeyGen chooses, and where nobody does."""

_BYTES_A_SECOND = {".mp3": Span(4_000, 40_000), ".wav": Span(8_000, 192_000)}
"""Of a sound: 32 to 320 kbit/s, or 8 bits of one channel to 16 of two."""


@frozen
class Known:
    """What was found out about those who perform, and about files of this machine. It may be nothing."""

    looks: Mapping[str, AvatarLook] = field(factory=dict)
    """Looks by their ids."""

    languages: Mapping[str, str] = field(factory=dict)
    """What voices speak, by their ids: ``English``."""

    sounds: Mapping[Path, float] = field(factory=dict)
    """How many seconds sounds last."""


@frozen
class Quote:
    """What a video will cost, and how long it will be."""

    seconds: Span
    """Of the video."""

    usd: Span
    """US dollars. A budget reserves the upper bound."""

    rate: Span | None = None
    """US dollars for a second; ``None``: any length costs the same."""

    basis: str = ""
    """What it was judged by, in a few words."""

    def actual(self, seconds: float | None) -> Span:
        """Return US dollars for the video as it has come out, so many seconds long; ``None``: nobody says how long."""
        return self.usd if self.rate is None or seconds is None else self.rate * Span.exactly(seconds)


def quote(request: VideoRequest, known: Known | None = None, prices: PriceList = PAY_AS_YOU_GO) -> Quote:
    """Quote a video by what is `known`; ``None``: nothing is."""
    if isinstance(request, CinematicVideo):
        price = prices.once(request.tag)
        seconds = _CINEMATIC if request.auto_duration else Span.exactly(request.duration or _CINEMATIC_SECONDS)
        return Quote(seconds, price, basis=f"${price.high:g} a video, however long")
    judge = _Judge(known or Known(), prices, uhd=request.resolution == "4k")
    parts = (
        [judge.scene(scene) for scene in request.scenes] if isinstance(request, StudioVideo) else [judge.shot(request)]
    )
    return Quote(
        seconds=Span.sum(part.seconds for part in parts),
        usd=Span.sum(part.seconds * part.rate for part in parts),
        rate=Span.around(part.rate for part in parts),
        basis=parts[0].basis if len(parts) == 1 else f"{len(parts)} scenes",
    )


@frozen
class _Part:
    """One scene of a video."""

    seconds: Span
    rate: Span
    """US dollars for a second."""

    basis: str


@frozen
class _Judge:
    """Judges the scenes of one video."""

    known: Known
    prices: PriceList
    uhd: bool

    def shot(self, part: AvatarVideo | SceneAvatar | ImageVideo) -> _Part:
        """Judge somebody who speaks."""
        if isinstance(part, ImageVideo):
            return self._part(part, None, {_STANDARD}, {"photo_avatar"})
        look = self.known.looks.get(part.avatar_id)
        kinds = {look.avatar_type} & TYPES if look else set()
        return self._part(part, look, _engines(part.engine, look), kinds or TYPES)

    def scene(self, scene: Scene) -> _Part:
        """Judge a scene. HeyGen does not say what one without an avatar costs: nothing, or as much as one with it."""
        match scene:
            case AvatarScene():
                return self.shot(scene.input)
            case ImageScene(duration=float() | int() as seconds):
                sound = Span.exactly(seconds), f"{seconds:g} s of a picture"
            case ClipScene(script=None, audio_url=None, audio_asset_id=None):
                sound = Span(0, _LONGEST_SCENE), "a clip of unknown length"
            case _:
                sound = self._sound(scene, None)
        return _Part(sound[0], Span(0, self.prices.render({_STANDARD}, TYPES, uhd=self.uhd).high), sound[1])

    def _part(self, part: Spoken, look: AvatarLook | None, engines: Collection[str], kinds: Collection[str]) -> _Part:
        seconds, basis = self._sound(part, look)
        rate = self.prices.render(engines, kinds, uhd=self.uhd)
        engine, kind = ("?" if len(words) > 1 else next(iter(words)) for words in (engines, kinds))
        return _Part(seconds, rate, f"{basis}; {kind} on {engine}")

    def _sound(self, part: Spoken, look: AvatarLook | None) -> tuple[Span, str]:
        """Judge how long the words are, and say by what."""
        if part.script is not None:
            how = part.voice_settings or VoiceSettings()
            voice = part.voice_id or (look.default_voice_id if look else None)
            language = how.locale or self.known.languages.get(voice or "")
            speed = 1.0 if how.speed is None else how.speed
            seconds = seconds_of(part.script, speed=speed, language=language)
            return seconds, f"{len(part.script):,} characters, {language or 'language unknown'}"
        if isinstance(part.audio_url, LocalFile):
            return self._file(part.audio_url), f"sound {part.audio_url.path.name}"
        return Span(1, _LONGEST_SOUND), "a sound of unknown length"

    def _file(self, file: LocalFile) -> Span:
        if file.path in self.known.sounds:
            return Span.exactly(self.known.sounds[file.path])
        pace = _BYTES_A_SECOND.get(file.path.suffix.lower(), _BYTES_A_SECOND[".mp3"])
        return Span(file.size / pace.high, min(_LONGEST_SOUND, file.size / pace.low))


def _engines(engine: Engine | None, look: AvatarLook | None) -> Collection[str]:
    """Tell which engines may render: HeyGen's standard where the request is silent and the look can."""
    if engine is not None:
        return {engine.tag}
    able = set(look.supported_api_engines) if look else {_STANDARD, AvatarIII.tag}
    return {_STANDARD} if look and (_STANDARD in able or not able) else able
