"""Files of several kinds: how a file ends, and what is checked of it."""

from io import BytesIO
from pathlib import Path

import pytest
from films import FILM, Fetching, names, whole
from hosts import hosted

from heygen_async import DownloadFailed, HeyGen, ManualClock
from heygen_async.files.download import ending_of, flaw_of, into_path

pytestmark = pytest.mark.anyio

MP3 = b"ID3\x04" + bytes(5000)
PAGE = b"<html>Not today</html>"


@pytest.mark.parametrize(
    ("link", "ending"),
    [
        ("https://a/b/video.mp4?Expires=1", ".mp4"),
        ("https://a/b/VIDEO.WEBM", ".webm"),
        ("https://a/sound.mp3?name=film.mp4", ".mp3"),
        ("https://a/sound.wav#end", ".wav"),
        ("https://a/words.srt", ".srt"),
        ("https://a/picture.PNG", ".png"),
        ("https://a/film.exe", ".mp4"),
        ("https://a/film", ".mp4"),
        ("https://[a/film.wav", ".mp4"),
        ("", ".mp4"),
        (None, ".mp4"),
    ],
)
def test_a_file_ends_as_its_link_does(link: str | None, ending: str) -> None:
    assert ending_of(link) == ending


@pytest.mark.parametrize(
    ("ending", "content"),
    [(".mp4", FILM), (".webm", FILM), (".mp3", MP3), (".wav", MP3), (".srt", b"1"), (".gif", b"")],
)
def test_each_kind_of_file_is_checked_for_what_it_is(ending: str, content: bytes) -> None:
    flaw = flaw_of(ending)
    assert flaw is None or flaw(BytesIO(content)) is None
    assert (flaw is None) == (ending in {".srt", ".gif"})
    assert flaw is None or flaw(BytesIO(PAGE))


@pytest.fixture
async def client(clock: ManualClock) -> HeyGen:
    return HeyGen("key", base_url="http://127.0.0.1:1", clock=clock)


async def test_a_page_in_the_place_of_a_sound_is_no_sound(client: HeyGen, tmp_path: Path) -> None:
    async with client, hosted(whole(PAGE), whole(MP3)) as host:
        fetching = Fetching(client, [f"{host.url}/v1.mp3"])
        with pytest.raises(DownloadFailed, match=r"talk\.mp3 is not whole: it is neither a WAV nor an MP3"):
            await into_path(tmp_path / "talk.mp3", fetching.begin, overwrite=False, flaw=flaw_of(".mp3"))
        assert names(tmp_path) == []
        path = await into_path(tmp_path / "talk.mp3", fetching.begin, overwrite=False, flaw=flaw_of(".mp3"))
        assert path.read_bytes() == MP3
