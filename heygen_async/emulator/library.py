"""Pictures and icons that a search finds: drawn after its words, when somebody looks at them."""

import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from struct import pack

from heygen_async.api.assets import FoundAsset, SearchAssets
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Upload
from heygen_async.emulator.service import Visit

__all__ = ["drawn", "icon", "own"]

_PIECES = 60
"""How many things fit any query."""

_SHAPES = {"landscape": (960, 540), "portrait": (540, 960), "square": (720, 720)}
_ICON = 96
"""Pixels of an icon, in each direction."""


def drawn(visit: Visit, request: SearchAssets) -> Iterator[FoundAsset]:
    """Name what everybody may use."""
    for number in range(_PIECES):
        name = f"{request.type} {request.query} {number}"
        asset_id = sha256(name.encode(errors="replace")).hexdigest()[:32]
        shape = list(_SHAPES)[number % 3] if request.type == "image" else "square"
        width, height = _SHAPES[shape] if request.type == "image" else (_ICON, _ICON)
        draw = partial(media.backdrop, request.query, width, height, number)
        make = draw if request.type == "image" else partial(icon, name)
        yield FoundAsset(
            id=asset_id,
            url=visit.exhibit(asset_id, ".png", make),
            type=request.type,
            width=width,
            height=height,
            orientation=shape,
            is_transparent=request.type == "icon",
        )


def own(visit: Visit, request: SearchAssets, uploads: Iterable[Upload]) -> Iterator[FoundAsset]:
    """Find the account's own pictures in whose names a word of the query is. None of them is an icon."""
    words = request.query.lower().split()
    for upload in uploads if request.type == "image" else ():
        if upload.media_type.startswith("image/") and any(word in upload.name.lower() for word in words):
            yield FoundAsset(id=upload.id, url=views.asset_link(visit, upload), type="image")


def icon(name: str) -> bytes:
    """Return a round badge in a colour of its own, with nothing around it, as a PNG."""
    colour, middle = sha256(name.encode(errors="replace")).digest()[:3] + b"\xff", _ICON // 2
    rows = []
    for y in range(_ICON):
        half = int((middle**2 - (y - middle) ** 2) ** 0.5)
        nothing = bytes(4 * (middle - half))
        rows.append(b"\0" + nothing + colour * (2 * half) + nothing)
    head = pack(">IIBBBBB", _ICON, _ICON, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content)) for kind, content in parts
    )
