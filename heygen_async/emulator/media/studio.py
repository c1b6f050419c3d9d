"""A film goes in, files come out: first the sound, since it says how long everything lasts, then the picture."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, repeat
from math import ceil
from pathlib import Path

from attrs import define, frozen
from av.video.frame import VideoFrame
from PIL import Image

from heygen_async.emulator.media.captions import caption_at, captions
from heygen_async.emulator.media.clip import clip_has_sound, clip_seconds, played
from heygen_async.emulator.media.encoder import encoded, whole, write
from heygen_async.emulator.media.film import Film, Render, Scene, Silence, Sound, Speech
from heygen_async.emulator.media.sound import Pcm, decoded, joined, openings, resampled, silence
from heygen_async.emulator.media.speech import speak, words_of
from heygen_async.emulator.media.stage import Look, Stage
from heygen_async.emulator.media.subtitles import Caption, srt

__all__ = ["render"]

_UNKNOWN = "[speech]"
"""The caption of a sound whose words nobody knows."""


@frozen
class _Take:
    """A scene with its sound and its place in the film."""

    scene: Scene
    sound: Pcm
    frames: int
    first: int
    """How many frames of the film go before."""


@define
class _Reel:
    """The frames of one take; equal ones are made once."""

    film: Film
    take: _Take
    stage: Stage

    def frames(self, shown: Sequence[Caption]) -> Iterator[VideoFrame]:
        """Yield the take's frames, with these captions drawn into them."""
        ready: dict[Look, VideoFrame] = {}
        caption = ""
        for look, clip in zip(self._looks(shown), self._clip(), strict=False):
            if clip is not None:
                yield encoded(self.stage.shown(look, clip), self.film.container)
                continue
            if look.caption != caption:
                caption = look.caption
                ready.clear()
            if look not in ready:
                ready[look] = encoded(self.stage.shown(look), self.film.container)
            yield ready[look]

    def _looks(self, shown: Sequence[Caption]) -> Iterator[Look]:
        fps = self.film.fps
        for place, opening in enumerate(openings(self.take.sound, self.take.frames, fps)):
            yield Look.at(place / fps, opening, caption_at(shown, (self.take.first + place + 0.5) / fps))

    def _clip(self) -> Iterator[Image.Image | None]:
        scene, film = self.take.scene, self.film
        if scene.clip is None:
            return repeat(None)
        return played(scene.clip, self.take.frames, film.fps, (film.width, film.height), scene.fit)


def render(film: Film, folder: Path, name: str) -> Render:
    """Make a film's files in a folder: `name.mp4` or `.webm`, `name.jpg`, and with captions `name.srt` and more.

    Each file appears when it is whole, and the film itself last: where it is, the others are. It may be called from
    several threads at once.

    Raises:
        UnreadableMedia: when a picture, a sound or a clip of the film cannot be decoded.
        OSError: when the folder cannot be written.

    """
    takes = _takes(film)
    reels = [_Reel(film, take, Stage.set_up(take.scene, film)) for take in takes]
    said = list(_captions(film, takes)) if film.captions or film.burn_captions else []
    video = folder / f"{name}.{film.container}"
    thumbnail, subtitles = folder / f"{name}.jpg", folder / f"{name}.srt"
    captioned = folder / f"{name}.captioned.{film.container}"
    _photograph(reels[0], thumbnail)
    if film.captions:
        with whole(subtitles) as part:
            part.write_text(srt(said), encoding="utf-8")
    if film.burn_captions:
        _shoot(captioned, reels, said)
    _shoot(video, reels, ())
    return Render(
        duration=sum(take.frames for take in takes) / film.fps,
        video=video,
        thumbnail=thumbnail,
        subtitles=subtitles if film.captions else None,
        captioned=captioned if film.burn_captions else None,
    )


def _takes(film: Film) -> list[_Take]:
    """Return the scenes with their sounds, each as long as a whole number of frames."""
    sounds = [_sound(scene) for scene in film.scenes]
    lengths = [max(1, ceil(round(sound.seconds * film.fps, 3))) for sound in sounds]
    firsts = accumulate(lengths[:-1], initial=0)
    return [
        _Take(scene, sound.lasting(frames / film.fps), frames, first)
        for scene, sound, frames, first in zip(film.scenes, sounds, lengths, firsts, strict=True)
    ]


def _sound(scene: Scene) -> Pcm:
    match scene.sound:
        case Speech():
            return resampled(speak(scene.sound))
        case Sound():
            return decoded(scene.sound.content)
        case Silence():
            return silence(scene.sound.seconds)
        case _:
            clip = scene.clip or b""
            own = decoded(clip) if clip_has_sound(clip) else silence(0)
            return own.lasting(clip_seconds(clip))


def _captions(film: Film, takes: Sequence[_Take]) -> Iterator[Caption]:
    for take in takes:
        start, sound = take.first / film.fps, take.scene.sound
        if isinstance(sound, Speech):
            yield from captions(words_of(sound.text), take.sound, start)
        elif isinstance(sound, Sound):
            yield Caption(start, start + take.sound.seconds, _UNKNOWN)


def _shoot(path: Path, reels: Sequence[_Reel], shown: Sequence[Caption]) -> None:
    film = reels[0].film
    frames = (frame for reel in reels for frame in reel.frames(shown))
    write(
        path, film.container, (film.width, film.height), film.fps, frames, joined([reel.take.sound for reel in reels])
    )


def _photograph(reel: _Reel, path: Path) -> None:
    """Write the first frame as a JPEG, on white where it is transparent."""
    clip = next(reel._clip())  # noqa: SLF001 - a reel is this module's own
    first = reel.stage.shown(Look(), clip)
    paper = Image.new("RGBA", first.size, (255, 255, 255, 255))
    paper.alpha_composite(first)
    with whole(path) as part:
        paper.convert("RGB").save(part, "JPEG", quality=88)
