import pytest
from heads import HEADS
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.api.media import MEDIA_TYPES
from heygen_async.files.signature import kind_of


@pytest.mark.parametrize("ending", [ending for ending in MEDIA_TYPES if ending != ".srt"])
def test_every_kind_that_heygen_takes_is_known_by_its_bytes(ending: str) -> None:
    assert kind_of(HEADS[ending] + bytes(100)) == MEDIA_TYPES[ending]


def test_subtitles_have_no_mark_of_their_own() -> None:
    assert kind_of(HEADS[".srt"]) == ""


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"RIFF\0\0\0\0AVI ", "video/x-msvideo"),
        (b"RIFF\0\0\0\0what", ""),
        (b"RF64\0\0\0\0WAVE", "audio/x-wav"),
        (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", "video/x-matroska"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x08free", "video/mp4"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\0\0\xff\xf3\x40\xc0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", ""),  # AAC looks nearly the same
        (b"\xff", ""),
        (b"PK\x05\x06", "application/zip"),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_what_is_often_taken_for_them_is_known_too(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


@given(st.binary(max_size=100))
def test_any_bytes_have_a_kind_or_none(head: bytes) -> None:
    assert kind_of(head) == "" or "/" in kind_of(head)
