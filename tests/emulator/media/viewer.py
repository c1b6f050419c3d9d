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


def colour_at(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    pixel = image.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 16


def seen_through(path: Path) -> Image.Image:
    """How opaque each pixel of the first frame is: FFmpeg's own VP8 decoder does not look, libvpx does."""
    decoder = av.CodecContext.create("libvpx", "r")
    with av.open(str(path)) as file:
        frame = next(frame for packet in file.demux(video=0) for frame in decoder.decode(packet))
    plane = frame.reformat(format="rgba").planes[0]
    return Image.frombuffer(
        "RGBA", (frame.width, frame.height), bytes(plane), "raw", "RGBA", plane.line_size, 1
    ).getchannel("A")


def split(width: int = 64, height: int = 32) -> bytes:
    """Half a second, red on the left and blue on the right, without sound."""
    file = BytesIO()
    halves = Image.new("RGBA", (width, height), "#FF0000")
    halves.paste("#0000FF", (width // 2, 0, width, height))
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "1"})
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p"
        for number in range(5):
            frame = av.VideoFrame.from_bytes(halves.tobytes(), width, height).reformat(format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def red(picture: Image.Image, x: int, y: int) -> bool:
    """Whether a place is red, and not blue."""
    return near(colour_at(picture, x, y), (255, 0, 0))
