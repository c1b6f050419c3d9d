"""Names for files, made of texts that come from outside: always one safe component, never one twice.

A title may be ``../../etc/passwd``, ``CON``, three hundred characters long, or the same as another. What comes out
works on Linux, macOS and Windows alike, and depends only on what was taken before: the same input, in the same
order, gets the same names on the next run.
"""

import re
import unicodedata

from attrs import define, field

__all__ = ["LONGEST", "FileNames"]

LONGEST = 200
"""Bytes of a name in UTF-8, suffix included. File systems allow 255; a part file's name is longer than the final."""

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
_RESERVED |= {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
_SEPARATING = re.compile(r"[/\\:|]+")
_FORBIDDEN = re.compile(r'[*?"<>]+')  # on Windows
_INVISIBLE = {"Cc", "Cs"}  # control characters and halves of surrogate pairs
_DECEIVING = set("\u200e\u200f\u061c\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINER = "\u200d"  # between the parts of an emoji


@define
class FileNames:
    """Hands out the names of one folder, each once, whatever the case."""

    _taken: set[str] = field(factory=set, init=False)
    _counts: dict[str, int] = field(factory=dict, init=False)

    def reserve(self, name: str) -> None:
        """Give this very name to nobody: it was handed out before."""
        self._taken.add(_key(name))

    def take(self, wanted: str | None, fallback: str, suffix: str, beside: str | None = None) -> str:
        """Make a name of `wanted`, or of `fallback` where nothing is left of it.

        `suffix` is the ending with its dot, such as ``.mp4``; a name that has it already keeps it once. A name
        that was taken gets a number: ``hello (2).mp4``. `beside` is the ending of a second file that is to lie beside
        it under the same name; ``None``: there is none.
        """
        stem = _stem(wanted or "", suffix) or _stem(fallback, suffix) or "video"
        name = _bounded(stem, suffix)
        first = _key(name)
        while not self._taken.isdisjoint(keys := _keys(name, suffix, beside)):
            self._counts[first] = self._counts.get(first, 1) + 1
            name = _bounded(stem, f" ({self._counts[first]}){suffix}")
        self._taken |= keys
        return name


def _key(name: str) -> str:
    """Reduce a name to what must differ: macOS and Windows do not tell upper from lower case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _keys(name: str, suffix: str, beside: str | None) -> set[str]:
    """Reduce a name, and that of the file beside it."""
    return {_key(name), *([] if beside is None else [_key(name.removesuffix(suffix) + beside)])}


def _stem(text: str, suffix: str) -> str:
    """Keep what can stand in a file's name, without the suffix."""
    text = "".join(" " if char.isspace() else char for char in text if not _unwelcome(char))
    text = _FORBIDDEN.sub("", _SEPARATING.sub("-", text))
    text = re.sub(r" +", " ", unicodedata.normalize("NFC", text))
    if text.casefold().endswith(suffix.casefold()):
        text = text[: -len(suffix)]
    return _trimmed(text)


def _unwelcome(char: str) -> bool:
    return char in _DECEIVING or (unicodedata.category(char) in _INVISIBLE and not char.isspace())


def _trimmed(text: str) -> str:
    """Take away what hides a file, looks like an option, or is lost on Windows."""
    return text.lstrip(" .-").rstrip(f" .{_JOINER}")


def _bounded(stem: str, suffix: str) -> str:
    """Join stem and suffix within `LONGEST` bytes, cut between two characters."""
    mark = "_" if stem.partition(".")[0].rstrip(" ").casefold() in _RESERVED else ""
    room = LONGEST - len(f"{mark}{suffix}".encode())
    cut = stem.encode()[:room].decode(errors="ignore")
    return f"{mark}{_trimmed(cut)}{suffix}"
