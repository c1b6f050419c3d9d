"""What it takes to look at pictures and films as a viewer does, and a few to look at."""

from io import BytesIO
from pathlib import Path

import av
from PIL import Image


def as_jpeg(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=92, **options)
    return file.getvalue()


class Watched:
    """A video file as a viewer meets it: its pictures, its sound, its tracks."""

    def __init__(self, path: Path) -> None:
        with av.open(str(path)) as file:
            self.codecs = [stream.codec_context.name for stream in file.streams]
            self.frames = [frame.to_image() for frame in file.decode(video=0)]
            self.fps = file.streams.video[0].average_rate
        with av.open(str(path)) as file:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
            heard = [piece for frame in file.decode(audio=0) for piece in resampler.resample(frame)]
            self.samples = b"".join(bytes(piece.planes[0])[: piece.samples * 2] for piece in heard)

    @property
    def size(self) -> tuple[int, int]:
        return self.frames[0].size

    @property
    def seconds(self) -> float:
        return len(self.frames) / float(self.fps)

    @property
    def sound_seconds(self) -> float:
        return len(self.samples) / 2 / 48_000

    def loudness(self, start: float, end: float) -> float:
        """The root of the mean square of the samples between two seconds."""
        heard = memoryview(self.samples[: len(self.samples) // 2 * 2]).cast("h")[
            int(start * 48_000) : int(end * 48_000)
        ]
        return (sum(value * value for value in heard[::3]) / len(heard[::3])) ** 0.5


def counting(frames: int, fps: int = 10, form: str = "mp4") -> bytes:
    """A clip without sound that gets brighter with each frame: its frame n has a grey of 10 n."""
    file = BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream("libx264" if form == "mp4" else "mjpeg", rate=fps, options={"crf": "1"})
        stream.width, stream.height = 64, 32
        stream.pix_fmt = "yuv420p" if form == "mp4" else "yuvj420p"
        for number in range(frames):
            grey = Image.new("RGBA", (64, 32), (10 * number,) * 3)
            frame = av.VideoFrame.from_bytes(grey.tobytes(), 64, 32).reformat(format=stream.pix_fmt)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
