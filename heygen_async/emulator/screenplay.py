"""What a video will show and say, with everything looked up but nothing read: small enough for ten thousand in a queue.

`Shot` and `Screenplay` are to `media.Scene` and `media.Film` what an address is to a house.
"""

import re
from functools import cache

from attrs import field, frozen

from heygen_async.emulator import media
from heygen_async.emulator.footage import Making
from heygen_async.emulator.media.film import Container, Fit
from heygen_async.emulator.sources import Sample, Source, Stored, bytes_of

__all__ = ["Frame", "Screenplay", "Shot", "film_of", "making_of", "roughly", "subtitles_of"]

_WORDS_A_MINUTE = 150
_LETTERS_A_WORD = 12
"""At most: a script that has no spaces between its words is longer than one word."""

_CLIP_SECONDS = 5.0
_BYTES_A_SECOND = 16_000
"""Of a sound whose length nobody has looked at: 128 kbit/s."""

_LARGEST = 4096
_BREAK = re.compile(r"<break[^>]*>")


@frozen
class Frame:
    """The size of the picture."""

    side: int = 720
    """The shorter side in pixels: 720, 1080 or 2160."""

    ratio: tuple[int, int] | None = (16, 9)
    """Width to height; ``None``: that of the first picture."""

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        """Return width and height in pixels, both even, none above 4096."""
        wide, high = self.ratio or picture
        short = min(wide, high)
        return _even(self.side * wide / short), _even(self.side * high / short)


def _even(pixels: float) -> int:
    return min(_LARGEST, 2 * round(pixels / 2))


@frozen(kw_only=True)
class Shot:
    """One scene."""

    portrait: Source | None = None
    clip: Source | None = None
    sound: media.Speech | media.Silence | Source | None = None
    backdrop: media.Color | Source | None = None
    fit: Fit = "cover"
    cut_out: bool = False
    rate: float = 0.0
    """US dollars for a second of it."""

    @property
    def seconds(self) -> float:
        """How long it will be, roughly: prices are charged before anything is made."""
        match self.sound:
            case media.Speech(text=text, speed=speed):
                words = max(len(text.split()), len(_BREAK.sub("", text)) / _LETTERS_A_WORD)
                return max(1.0, words * 60 / _WORDS_A_MINUTE / speed)
            case media.Silence(seconds=seconds):
                return seconds
            case sound:
                return roughly(sound)


@frozen(kw_only=True)
class Screenplay:
    """A whole video."""

    shots: tuple[Shot, ...]
    frame: Frame = field(factory=Frame)
    captions: bool = False
    burn_captions: bool = False
    container: Container = "mp4"
    fps: int = 25
    """Frames a second."""

    flat_price: float | None = None
    """US dollars for a video of any length; ``None``: each second has its price."""

    @property
    def seconds(self) -> float:
        """How long it will be, roughly."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def price(self) -> float:
        """US dollars."""
        if self.flat_price is not None:
            return self.flat_price
        return round(sum(shot.seconds * shot.rate for shot in self.shots), 4)

    @property
    def charged_by(self) -> float | None:
        """The seconds that decide about the price; ``None``: it has one for any length."""
        return self.seconds if self.flat_price is None else None


def roughly(source: Source | None) -> float:
    """Guess the seconds of a clip or a sound that nobody has looked at: by its size, if it has one."""
    return max(1.0, source.size / _BYTES_A_SECOND) if isinstance(source, Stored) else _CLIP_SECONDS


def making_of(play: Screenplay) -> Making:
    """Say how the files of a video come about."""
    film = cache(lambda: film_of(play))  # read once, and only when it is made: ten thousand may wait in a queue
    standins = {"video": f".{play.container}"}
    if play.captions:
        standins["subtitles"] = ".srt"
    if play.burn_captions:
        standins["captioned"] = f".{play.container}"
    return Making(
        make=lambda folder, name: media.render(film(), folder, name),
        key=lambda: media.film_key(film()),
        seconds=play.seconds,
        standins=standins,
        subtitles=lambda: subtitles_of(play),
    )


def film_of(play: Screenplay) -> media.Film:
    """Fetch all the bytes. Blocks. Raises `UnreadableMedia` for a picture that is none."""
    scenes = tuple(_scene(shot) for shot in play.shots)
    width, height = play.frame.size((16, 9) if play.frame.ratio else _picture_size(scenes))
    return media.Film(
        scenes=scenes,  # type: ignore[arg-type]  # mypy cannot read `tuple` as a converter
        width=width,
        height=height,
        captions=play.captions,
        burn_captions=play.burn_captions,
        container=play.container,
        fps=play.fps,
    )


def subtitles_of(play: Screenplay) -> str:
    """Write an SRT file with one caption a shot, for videos that are not really spoken."""
    start, cues = 0.0, []
    for number, shot in enumerate(play.shots, 1):
        end = start + shot.seconds
        words = shot.sound.text if isinstance(shot.sound, media.Speech) else "[speech]"
        cues.append(f"{number}\n{_timestamp(start)} --> {_timestamp(end)}\n{_BREAK.sub('', words)}\n")
        start = end
    return "\n".join(cues)


def _timestamp(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"


def _scene(shot: Shot) -> media.Scene:
    sound = shot.sound
    heard = sound if sound is None or isinstance(sound, media.Speech | media.Silence) else media.Sound(bytes_of(sound))
    clip, backdrop = shot.clip, shot.backdrop
    if isinstance(clip, Sample):  # nobody has a clip to stand in: a picture does
        clip, backdrop, heard = None, clip, heard or media.Silence(_CLIP_SECONDS)
    return media.Scene(
        portrait=None if shot.portrait is None else bytes_of(shot.portrait),
        clip=None if clip is None else bytes_of(clip),
        sound=heard,
        backdrop=backdrop if backdrop is None or isinstance(backdrop, media.Color) else bytes_of(backdrop),
        fit=shot.fit,
        cut_out=shot.cut_out,
    )


def _picture_size(scenes: tuple[media.Scene, ...]) -> tuple[int, int]:
    for scene in scenes:
        picture = scene.portrait or (scene.backdrop if isinstance(scene.backdrop, bytes) else None)
        if picture is not None:
            return media.image_size(picture)
    return 16, 9
