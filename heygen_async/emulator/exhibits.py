"""Files that everybody may see, and that are made when somebody first looks: previews, thumbnails, sounds of a library.

A record that has one names it; its link is the same at any time, unsigned, and needs no key::

    url = visit.exhibit("template-welcome", ".png", lambda: media.picture("A welcome", 640, 360))

An emulator that is to make nothing (``synthetic=…``) shows a stand-in. What is shown on an id first, stays.
"""

from collections.abc import Callable
from pathlib import Path

from attrs import define

from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.sources import write_whole
from heygen_async.emulator.standins import stand_in, unspoken

__all__ = ["Exhibit"]


@define(eq=False, kw_only=True)
class Exhibit(Thing):
    """One such file."""

    noun = "file"

    ending: str
    """Such as ``.png``."""

    content: Callable[[], bytes]
    """Makes it. Called in a thread."""

    seconds: float
    """How long its stand-in is, if it is a film or a sound."""

    def file(self, folder: Path, synthetic: int | None) -> Path:
        """Return where it is. Blocks; makes it, where it is not yet there.

        Args:
            folder: where it belongs.
            synthetic: bytes of films that stand in; None: it is really made.

        """
        path = folder / f"{self.id}{self.ending}"
        if path.exists():
            return path
        if synthetic is None:
            write_whole(path, self.content())
        else:
            stand_in(path, synthetic, self.id, self.seconds, lambda: unspoken(self.seconds))
        return path
