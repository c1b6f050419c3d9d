"""Subtitles as values, and as the text of the two kinds of files that hold them: SRT and WebVTT."""

import re
from collections.abc import Iterable
from html import unescape

from attrs import frozen

__all__ = ["Caption", "parsed", "srt", "vtt"]

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*$", re.MULTILINE)
_NUMBER = re.compile(r"\n\s*\d+\s*\Z")
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|\{\\[^}]*\}")


@frozen
class Caption:
    """A piece of text and when it is to be read, in seconds."""

    start: float
    end: float
    text: str
    """One line, or two with a line break between."""


def srt(shown: Iterable[Caption]) -> str:
    """Return captions as the text of an SRT file."""
    return "\n".join(
        f"{number}\n{_clock(caption.start, ',')} --> {_clock(caption.end, ',')}\n{caption.text}\n"
        for number, caption in enumerate(shown, start=1)
    )


def vtt(shown: Iterable[Caption]) -> str:
    """Return captions as the text of a WebVTT file."""
    cues = (
        f"{_clock(caption.start, '.')} --> {_clock(caption.end, '.')}\n{_escaped(caption.text)}\n" for caption in shown
    )
    return "\n".join(["WEBVTT\n", *cues])


def parsed(text: str) -> list[Caption]:
    """Return the captions of an SRT or WebVTT file, in the order of their times, without markup.

    What cannot be read is left out, and so are captions without a text; a text without any caption has none.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    written = unescape if plain.startswith("WEBVTT") else str
    found = list(_TIMES.finditer(plain))
    ends = [*(times.start() for times in found), len(plain)][1:]
    shown = []
    for times, end in zip(found, ends, strict=True):
        said = plain[times.end() : end]
        # Before the next caption's times stands its number, which is no text; a WebVTT file has names or nothing.
        said = _NUMBER.sub("", said.rstrip()) if end < len(plain) else said
        said = _MARKUP.sub("", said.strip().partition("\n\n")[0]).strip()
        start, stop = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        if said and stop > start:
            shown.append(Caption(start, stop, written(said)))
    return sorted(shown, key=lambda caption: caption.start)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return (whole * 1000 + int((fraction or "0").ljust(3, "0"))) / 1000


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}{point}{whole % 1000:03}"


def _escaped(text: str) -> str:
    """Return a text in which nothing looks like WebVTT's own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")
