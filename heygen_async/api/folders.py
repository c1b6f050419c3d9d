"""Folders: where videos, translations and files lie in HeyGen's application, and ``heygen.folders``."""

from typing import Literal

from attrs import field, frozen

from heygen_async.operation import GET, POST, Answer, Keyed, Request
from heygen_async.resource import Resource, call
from heygen_async.rules import IDENTIFIER, Length, OneOf, rule

__all__ = ["CreateFolder", "Folder", "Folders", "GetFolder"]


@frozen
class Folder(Answer):
    """A folder. Two in the same place may have the same name: only the id tells them apart."""

    folder_id: str
    """What requests take as ``folder_id``."""

    name: str = ""
    type: str = ""
    """``mixed``, ``video``, ``video_translate`` or ``asset``; an open set."""

    parent_id: str | None = None
    """The folder that it lies in; ``None``: at the top."""

    is_trash: bool = False
    """Whether it was thrown away: nothing can be put into it."""

    creator_username: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    updated_at: int | None = None
    """Unix seconds."""


@frozen(kw_only=True)
class CreateFolder(Keyed, Request[Folder]):
    """Make a folder."""

    endpoint = POST("/v3/folders", since="2026-10")
    name: str = field(metadata=rule(Length(1, 256)))
    """What it is called, 1 to 256 characters."""

    parent_id: str | None = None
    """The folder that it is to lie in; ``None``: at the top."""

    type: Literal["mixed", "video", "video_translate"] | None = field(
        default=None, metadata=rule(OneOf("mixed", "video", "video_translate"))
    )
    """What may lie in it; HeyGen's default is ``mixed``."""


@frozen
class GetFolder(Request[Folder]):
    """One folder, by its id: HeyGen finds none by name."""

    endpoint = GET("/v3/folders/{folder_id}", since="2026-10")
    folder_id: str = field(metadata=rule(IDENTIFIER))


class Folders(Resource):
    """``heygen.folders``: make and read folders."""

    create = call(CreateFolder)
    get = call(GetFolder)
