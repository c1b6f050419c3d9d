"""Whether a file is a whole video, judged by its boxes alone."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.files import mp4


def box(name: bytes, size: int = 0, *, long: bool = False) -> bytes:
    """A box with `size` bytes in it, its length written in four bytes, or in eight where it is `long`."""
    head = struct.pack(">I4sQ", 1, name, size + 16) if long else struct.pack(">I4s", size + 8, name)
    return head + b"\xaa" * size


def fault(content: bytes) -> str | None:
    return mp4.fault(io.BytesIO(content))


WHOLE = box(b"ftyp", 16) + box(b"moov", 100) + box(b"mdat", 1000)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        box(b"ftyp") + box(b"mdat", 7) + box(b"moov"),
        box(b"ftyp") + box(b"free", 3) + box(b"moov", 1) + box(b"mdat", 70_000, long=True),
        box(b"ftyp") + box(b"moov", 1) + struct.pack(">I4s", 0, b"mdat") + b"to the end of the file",
        box(b"ftyp") + box(b"moof", 9) + box(b"mdat", 9) + box(b"moof", 9) + box(b"mdat", 9) + box(b"moov", 1),
        WHOLE + b"\0" * 20,
        b"\x1a\x45\xdf\xa3 and the rest of a WebM",
    ],
    ids=["plain", "index at the end", "long box", "last box without a length", "fragments", "padded", "webm"],
)
def test_a_whole_video_has_no_fault(content: bytes) -> None:
    assert fault(content) is None


def test_an_empty_file_is_no_video() -> None:
    assert fault(b"") == "it is empty"


@pytest.mark.parametrize(
    "content",
    [
        b"\x1a\x45\xdf",
        b"<html><title>403</title></html>",
        b"GIF89a",
        box(b"moov", 4) + box(b"ftyp", 4) + box(b"mdat", 4),
        box(b"ftyp") + struct.pack(">I4s", 7, b"mdat"),
        box(b"ftyp") + struct.pack(">I4s", 1, b"mdat") + b"\0\0\0",
        box(b"ftyp") + struct.pack(">I4sQ", 1, b"mdat", 2**63),
        WHOLE + b"\0\0\1",
    ],
    ids=["half a mark", "a page", "a picture", "ftyp not first", "too short", "long, but cut", "immense", "a rest"],
)
def test_what_is_no_video_is_told(content: bytes) -> None:
    reason = fault(content)
    assert reason is not None
    assert reason.startswith("it is not an MP4, or was cut: nothing fits at byte ")


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (box(b"ftyp", 8), "mdat and moov"),
        (box(b"ftyp", 8) + box(b"mdat", 8), "moov"),
        (box(b"ftyp", 8) + box(b"moov", 8), "mdat"),
    ],
)
def test_a_missing_box_is_named(content: bytes, missing: str) -> None:
    assert fault(content) == f"it lacks the MP4 box {missing}"


@given(st.integers(0, len(WHOLE) - 1))
def test_a_video_that_was_cut_anywhere_is_not_whole(length: int) -> None:
    assert fault(WHOLE[:length]) is not None


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    assert fault(content) is None or isinstance(fault(content), str)


@given(st.lists(st.tuples(st.sampled_from([b"moov", b"mdat", b"free", b"moof"]), st.integers(0, 50), st.booleans())))
def test_boxes_that_add_up_are_judged_by_their_names(boxes: list[tuple[bytes, int, bool]]) -> None:
    content = box(b"ftyp", 4) + b"".join(box(name, size, long=long) for name, size, long in boxes)
    assert (fault(content) is None) == ({b"moov", b"mdat"} <= {name for name, _, _ in boxes})


def test_only_the_heads_of_boxes_are_read() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            self.taken += len(part)
            return part

    file = Counting(box(b"ftyp", 16) + box(b"moov", 16) + box(b"mdat", 2**20))
    assert mp4.fault(file) is None
    assert file.taken < 100
