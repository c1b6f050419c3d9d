"""Things to film with: a portrait, a photo, a clip, all small."""

from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from heygen_async.emulator.media import Color, Film, Scene, Silence, Speech, portrait, render


@pytest.fixture(scope="session")
def drawn() -> bytes:
    """A portrait that was drawn here."""
    return portrait("anna", 160, 160, "female")


@pytest.fixture(scope="session")
def photo(drawn: bytes) -> bytes:
    """A portrait of which nobody knows that it was drawn here: a JPEG says nothing of it."""
    return as_jpeg(Image.open(BytesIO(drawn)))


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of red with a voice, 64 x 48."""
    film = Film(scenes=[Scene(sound=Speech("One two."), backdrop=Color("#FF0000"))], width=64, height=48, fps=10)
    return render(film, tmp_path_factory.mktemp("clip"), "clip").video.read_bytes()


@pytest.fixture
def silent() -> Scene:
    """Nobody, nothing, for a fifth of a second."""
    return Scene(sound=Silence(0.2))


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


@pytest.fixture(scope="session")
def watch() -> type[Watched]:
    return Watched
