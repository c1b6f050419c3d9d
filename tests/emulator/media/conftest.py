"""Things to film with: a portrait, a photo, a clip, all small."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from viewer import as_jpeg

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


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who says something, is silent for more than a second, and says something else; 256 x 144."""
    scene = Scene(portrait=portrait("tom", 256, 144, "male"), sound=Speech('One two. <break time="1.2s"/> Three four.'))
    film = Film(scenes=[scene], width=256, height=144, fps=25)
    return render(film, tmp_path_factory.mktemp("talk"), "talk").video
