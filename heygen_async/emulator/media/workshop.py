"""A treatment goes in, files come out: the source is measured, the other video planned, its files written."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from av.video.frame import VideoFrame

from heygen_async.emulator.media.captions import band, caption_at
from heygen_async.emulator.media.edits import Edit, cut, lipsynced, plain, revoiced, without_fillers
from heygen_async.emulator.media.encoder import encoded, whole, write
from heygen_async.emulator.media.film import Color, Container, Film, Render, Scene, Speech
from heygen_async.emulator.media.lens import blended, fitted, photo
from heygen_async.emulator.media.moving import moving_picture
from heygen_async.emulator.media.picture import Size
from heygen_async.emulator.media.portraits import portrait_file
from heygen_async.emulator.media.reel import Reel
from heygen_async.emulator.media.removal import Removal
from heygen_async.emulator.media.sound import Pcm, silence
from heygen_async.emulator.media.soundfile import sound_file
from heygen_async.emulator.media.studio import render
from heygen_async.emulator.media.subtitles import srt, vtt
from heygen_async.emulator.media.treatment import (
    LARGEST,
    Cut,
    Lipsync,
    MovingPicture,
    RemoveBackground,
    RemoveFillers,
    Revoice,
    Treatment,
)

__all__ = ["sample_clip", "treat"]

_SAMPLE = 'Hello! This is a sample video. <break time="0.9s"/> It stands in for one that could not be fetched.'
_PAPER = Color("#FFFFFF")
"""What is behind a transparent video in its thumbnail."""


def treat(treatment: Treatment, folder: Path, name: str) -> Render:
    """Make another video of a source in a folder; `media.treat` says more."""
    if isinstance(treatment, MovingPicture):
        return moving_picture(treatment, folder, name)
    source = sample_clip() if treatment.source is None else treatment.source
    reel = Reel.opened(source, treatment.start, treatment.end)
    stem, size = folder / name, fitted(reel.size, LARGEST)
    match treatment:
        case Cut(ratio=ratio):
            return _Bench(stem, reel, cut(treatment, reel), fitted(reel.size, LARGEST, ratio)).film(burned=True)
        case Revoice(captions=captions):
            return _Bench(stem, reel, revoiced(treatment, reel), size).film(captions=captions, voice=True)
        case Lipsync(captions=captions):
            return _Bench(stem, reel, lipsynced(treatment, reel), size).film(captions=captions)
        case RemoveFillers():
            return _Bench(stem, reel, without_fillers(treatment, reel), size).film()
        case RemoveBackground():
            return _Bench(stem, reel, plain(reel), size).figure(treatment)


@lru_cache(maxsize=1)
def sample_clip() -> bytes:
    """Return the video that stands in for another."""
    scene = Scene(portrait=portrait_file("sample clip", (1280, 720)), sound=Speech(_SAMPLE))
    film = Film(
        scenes=(scene,),  # type: ignore[arg-type]  # mypy cannot read `tuple` as a converter
        width=1280,
        height=720,
    )
    with TemporaryDirectory() as folder:
        return render(film, Path(folder), "sample").video.read_bytes()


@frozen
class _Bench:
    """One video in the making."""

    stem: Path
    """Where to, without an ending."""
    reel: Reel
    edit: Edit
    size: Size

    def film(self, *, burned: bool = False, captions: bool = False, voice: bool = False) -> Render:
        """Write the video, with its captions in the picture or as files, and with its sound as a file."""
        self._photograph(next(self._frames(burned=burned)))
        if captions:
            self._write("srt", srt(self.edit.captions).encode())
            self._write("vtt", vtt(self.edit.captions).encode())
        if voice:
            self._write("mp3", sound_file(self.edit.sound, "mp3"))
        return Render(
            video=self._shoot("mp4", "mp4", self._frames(burned=burned), self.edit.sound),
            thumbnail=self._path("jpg"),
            duration=self.edit.sound.seconds,
            subtitles=self._path("srt") if captions else None,
            vtt=self._path("vtt") if captions else None,
            sound=self._path("mp3") if voice else None,
            source_seconds=self.reel.seconds,
            cuts=self.edit.cuts,
        )

    def figure(self, treatment: RemoveBackground) -> Render:
        """Write the video without its background, and what was kept as a video of its own."""
        removal = Removal.of(self.reel, self.edit.times, self.size)
        backdrop, sound = treatment.backdrop, self.edit.sound
        self._photograph(next(removal.before(backdrop or _PAPER, self._frames())))
        if treatment.matte:
            self._shoot("matte.mp4", "mp4", removal.alone(len(self.edit.times)), silence(sound.seconds))
        if treatment.plate:
            behind = removal.behind(next(self._frames()), self._frames())
            self._shoot("plate.mp4", "mp4", behind, silence(sound.seconds))
        if backdrop is None:
            video = self._shoot("webm", "webm", removal.see_through(self._frames()), sound)
        else:
            video = self._shoot("mp4", "mp4", removal.before(backdrop, self._frames()), sound)
        return Render(
            video=video,
            thumbnail=self._path("jpg"),
            duration=sound.seconds,
            matte=self._path("matte.mp4") if treatment.matte else None,
            plate=self._path("plate.mp4") if treatment.plate else None,
            source_seconds=self.reel.seconds,
        )

    def _frames(self, *, burned: bool = False) -> Iterator[VideoFrame]:
        shown = self.reel.shown(self.edit.times, self.size)
        return self._captioned(shown) if burned else shown

    def _captioned(self, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Draw the captions into frames. A layer is drawn once for all the frames that show it."""
        drawn, layer, mask = "", None, None
        for place, frame in enumerate(frames):
            text = caption_at(self.edit.captions, (place + 0.5) / self.reel.fps)
            if text and (layer is None or mask is None or text != drawn):
                picture = band(text, self.size)
                drawn, layer, mask = text, encoded(picture, "mp4"), picture.getchannel("A")
            yield blended(frame, layer, mask) if text and layer and mask else frame

    def _path(self, ending: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}.{ending}")

    def _write(self, ending: str, content: bytes) -> None:
        with whole(self._path(ending)) as part:
            part.write_bytes(content)

    def _photograph(self, frame: VideoFrame) -> None:
        with whole(self._path("jpg")) as part:
            photo(frame).save(part, "JPEG", quality=88)

    def _shoot(self, ending: str, container: Container, frames: Iterator[VideoFrame], sound: Pcm) -> Path:
        write(self._path(ending), container, self.size, self.reel.fps, frames, sound)
        return self._path(ending)
