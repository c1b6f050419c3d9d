"""Whether a file is a whole sound, and how long it is, judged by its first bytes alone."""

import io
import struct
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waves import wav

from heygen_async.emulator import media
from heygen_async.files import sounds


def fault(content: bytes) -> str | None:
    return sounds.fault(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [wav(), wav() + b"LIST and more", b"ID3\x04 and the rest of an MP3", b"\xff\xfb\x90\x00 and frames", b"\xff\xe3"],
    ids=["wav", "with something behind", "tagged", "untagged", "lower layer"],
)
def test_a_whole_sound_has_no_fault(content: bytes) -> None:
    assert fault(content) is None


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
def test_a_streamed_wav_does_not_say_how_long_it_is(length: int) -> None:
    assert fault(b"RIFF" + struct.pack("<I", length) + wav()[8:100]) is None


@given(left=st.integers(12, len(wav()) - 1))
def test_a_wav_that_was_cut_lacks_so_many_bytes(left: int) -> None:
    assert fault(wav()[:left]) == f"it was cut: {len(wav()) - left:,} bytes are missing"


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"RIFF\0\0\0\0AVI and so on", b"\xff\xd8\xff\xe0 a picture", b"\xff", b"RIFF"],
    ids=["page", "another RIFF", "picture", "a byte", "four bytes"],
)
def test_what_is_no_sound_is_told(content: bytes) -> None:
    assert fault(content) == "it is neither a WAV nor an MP3"


def test_an_empty_file_is_told() -> None:
    assert fault(b"") == "it is empty"


def seconds(content: bytes) -> float | None:
    return sounds.seconds(io.BytesIO(content))


@pytest.mark.parametrize("form", ["wav", "mp3"])
def test_a_sound_that_was_encoded_says_how_long_it_is(form: Literal["wav", "mp3"]) -> None:
    made = media.jingle("a short one", form=form)
    assert seconds(made.content) == pytest.approx(made.seconds, abs=0.1)


def test_what_stands_before_the_sound_is_passed_over() -> None:
    plain = wav(bytes(16_000))
    odd = b"LIST" + struct.pack("<I", 5) + b"hello" + b"\0"
    assert seconds(plain) == seconds(plain[:12] + odd + plain[12:]) == 1.0


TAG = b"ID3\x04\0\0" + bytes([0, 0, 1, 2]) + bytes(130)


def test_a_tag_before_the_first_frame_is_passed_over() -> None:
    content = media.jingle("a short one").content
    untagged = content[content.index(b"\xff\xfb") :] if content.startswith(b"ID3") else content
    assert seconds(TAG + untagged) == seconds(untagged)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no sound",
        b"\xff\xfb\x90\x00 and frames, and nobody has counted them",
        b"\xff\xfb\x9c\x00" + bytes(17) + b"Info\0\0\0\1\0\0\1\0",
        b"\xff\xea\x90\x00" + bytes(17) + b"Info\0\0\0\1\0\0\1\0",
        b"\xff\xfb\x90\x00" + bytes(17) + b"Info\0\0\0\0\0\0\1\0",
        TAG,
        wav()[:36],
        wav()[:12] + wav()[36:],
        wav()[:36] + b"data\xff\xff\xff\xff" + bytes(100),
        wav()[:12] + b"LIST" + struct.pack("<I", 2**30) + bytes(2**20 + 10),
    ],
    ids=[
        "empty",
        "text",
        "not counted",
        "reserved rate",
        "reserved version",
        "count left out",
        "tag alone",
        "no data",
        "no format",
        "streamed",
        "long head",
    ],
)
def test_a_sound_that_does_not_say_it_is_not_guessed_at(content: bytes) -> None:
    assert seconds(content) is None


@given(st.binary(max_size=200))
def test_any_bytes_can_be_asked_how_long_they_are(content: bytes) -> None:
    for head in (b"", b"ID3", b"\xff\xfb", wav()[:12], wav()[:40]):
        assert (seconds(head + content) or 0) >= 0
