"""Captions: a script cut into short pieces, each with the time in which it is heard. The drawing needs Pillow."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypedDict

from PIL import Image, ImageDraw, ImageFont

from heygen_async.emulator.media.sound import Pcm
from heygen_async.emulator.media.subtitles import Caption

__all__ = ["band", "burned", "caption_at", "captions", "times_of"]

_LINE = 42
"""Characters of a line, at the most."""
_CAPTION = 2 * _LINE
"""Characters of a caption, at the most: two lines."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'»”’)]*\s+|(?<=[。！？])")  # noqa: RUF001 - Chinese marks end sentences too
_PHRASE = re.compile(r"(?<=[,;:–—])\s+|(?<=[，、；：])")  # noqa: RUF001 - and Chinese ones phrases
_ANYWHERE = re.compile(r"\s+|(?<=[\u3040-\u9fff])")
_PLACE = re.compile(r"\S")


class _Style(TypedDict):
    """How text is set."""

    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    anchor: str
    align: Literal["center"]
    spacing: float


def captions(text: str, sound: Pcm, start: float = 0.0) -> list[Caption]:
    """Return the captions of a spoken text, none longer than two lines of 42 characters, unless a word is.

    Args:
        text: what is said.
        sound: how it is said. Its marks give the times; without them the text is spread evenly over its length.
        start: when the sound begins, in seconds.

    """
    pieces = list(_pieces(text))
    times = times_of(text, sound, [place for place, _ in pieces])
    return [
        Caption(start + begin, start + end, "\n".join(_lines(piece)))
        for (begin, end), (_, piece) in zip(pairwise([*times, sound.seconds]), pieces, strict=True)
    ]


def times_of(text: str, sound: Pcm, places: Iterable[int]) -> list[float]:
    """Return when some characters of a spoken text are heard, in seconds."""
    marks = [(0, 0.0), *(mark for mark in sound.marks if mark[0]), (len(text), sound.seconds)]
    return [_time(marks, place) for place in places]


def caption_at(shown: Sequence[Caption], second: float) -> str:
    """Return what is to be read at a time; "" for nothing."""
    place = bisect_right(shown, second, key=lambda caption: caption.start) - 1
    return shown[place].text if place >= 0 and second < shown[place].end else ""


def burned(picture: Image.Image, text: str) -> Image.Image:
    """Return a picture with a text at its foot: white on a dark, half-transparent band, as television does it."""
    shown = picture.copy()
    shown.alpha_composite(band(text, picture.size))
    return shown


@lru_cache(maxsize=4)
def band(text: str, frame: tuple[int, int]) -> Image.Image:
    """Return a transparent frame with a text at its foot; it is shared, so copy it before drawing."""
    layer = Image.new("RGBA", frame, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    foot = (frame[0] / 2, frame[1] * 0.93)
    size = max(6.0, min(frame[1] / 20, frame[0] / 22))
    width = draw.multiline_textbbox((0, 0), text, font=ImageFont.load_default(size))[2]
    size *= min(1.0, 0.9 * frame[0] / width)
    style: _Style = {"font": ImageFont.load_default(size), "anchor": "md", "align": "center", "spacing": size / 4}
    left, upper, right, lower = draw.multiline_textbbox(foot, text, **style)
    edge = 0.35 * size
    draw.rounded_rectangle(
        (left - 2 * edge, upper - edge, right + 2 * edge, lower + edge), edge, fill=(10, 12, 16, 170)
    )
    draw.multiline_text(foot, text, fill=(255, 255, 255, 255), **style)
    return layer


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the captions' texts, each with its place in the script: by sentence, and long sentences by phrase."""
    for place, sentence in _cut(text, 0, _SENTENCE):
        yield from _split(sentence, place, (_PHRASE, _ANYWHERE))


def _split(text: str, place: int, seams: tuple["re.Pattern[str]", ...]) -> Iterator[tuple[int, str]]:
    """Yield a text in as few pieces as fit, cut at the first kind of seam where possible, at the others where not."""
    if len(text) <= _CAPTION or not seams:
        yield place, " ".join(text.split())
        return
    parts = list(_cut(text, place, seams[0]))
    ways = [_joined(text, place, parts, limit) for limit in range(_LINE, _CAPTION + 1, 6)]
    fewest = min(map(len, ways))
    # The narrowest way that needs no more pieces than the widest has the most even ones.
    for start, part in next(way for way in ways if len(way) == fewest):
        yield from _split(part, start, seams[1:])


def _joined(text: str, place: int, parts: list[tuple[int, str]], limit: int) -> list[tuple[int, str]]:
    """Return neighbouring parts of a text put together again, as long as they stay within the limit."""
    joined: list[tuple[int, str]] = []
    for start, part in parts:
        if joined and start + len(part) - joined[-1][0] <= limit:
            before = joined[-1][0]
            joined[-1] = before, text[before - place : start - place + len(part)]
        else:
            joined.append((start, part))
    return joined


def _cut(text: str, place: int, seam: "re.Pattern[str]") -> Iterator[tuple[int, str]]:
    """Yield the parts between a text's seams, without spaces around them and each with its place; no empty ones."""
    edges = [0, *(found.end() for found in seam.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        first = _PLACE.search(text, start, end)
        if first is not None:
            yield place + first.start(), text[first.start() : end].rstrip()


def _lines(text: str) -> list[str]:
    """Return a text in one line, or in two of about equal length."""
    if len(text) <= _LINE:
        return [text]
    seams = [found.span() for found in _ANYWHERE.finditer(text) if found.start() > 0 and found.end() < len(text)]
    if not seams:
        return [text]
    end, start = min(seams, key=lambda seam: abs(seam[0] - (len(text) - seam[1])))
    return [text[:end], text[start:]]


def _time(marks: list[tuple[int, float]], place: int) -> float:
    """Return when a character is heard: between two marks, in proportion."""
    after = bisect_right(marks, place, key=lambda mark: mark[0])
    (before, start), (following, end) = marks[after - 1], marks[after]
    return start + (end - start) * (place - before) / (following - before)
