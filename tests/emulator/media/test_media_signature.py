"""The kind of a file is read off its first bytes, not off its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.media import portrait, sample_sound, sniff

SRT = b"1\r\n00:00:00,000 --> 00:00:01,000\r\nHello\r\n"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x20ftypmp42", "video/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "video/webm"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf3\x40\xc4", "audio/mpeg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7", "application/pdf"),
        (SRT, "application/x-subrip"),
        (b"\xef\xbb\xbf" + SRT, "application/x-subrip"),
        (b"", None),
        (b"hello world", None),
        (b"GIF89a", None),
        (b"\0\0\0\x20ftypheic", None),
        (b"\0\0\0\x14ftypqt  ", None),
        (b"\0\0\0\x20ftypM4A ", None),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", None),
        (b"RIFF\x24\0\0\0WEBPVP8 ", None),
        (b"\xff\xf1\x50\x80", None),  # AAC: no layer
        (b"\xff\xeb\x90\x64", None),  # a version that is not in use
        (b"\xff\xfb\xf0\x64", None),  # a bit rate that is not in use
        (b"\xff\xfb\x9c\x64", None),  # a sample rate that is not in use
        (b"\xff\xfb", None),
        (b"1\nnot a time", None),
    ],
)
def test_each_kind_is_known_by_its_first_bytes(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind


@given(st.binary(max_size=80))
def test_no_bytes_are_too_strange(head: bytes) -> None:
    assert sniff(head) is None or "/" in str(sniff(head))


def test_what_is_made_here_is_what_it_says() -> None:
    assert sniff(portrait("x", 32, 32)) == "image/png"
    assert sniff(sample_sound()) == "audio/wav"
