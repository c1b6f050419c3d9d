"""Folders. Whatever a request wants to put into one is made only if the folder is there and not in the trash."""

from typing import Any, TypeVar, cast

import attrs
from attrs import define

from heygen_async.emulator.account import Account
from heygen_async.emulator.refusals import unknown
from heygen_async.emulator.shelf import Thing

__all__ = ["Folder", "filed", "folder_of"]

T = TypeVar("T")


@define(eq=False, kw_only=True)
class Folder(Thing):
    """A folder."""

    noun = "folder"
    missing = "resource_not_found"

    name: str
    type: str
    parent_id: str | None
    created_at: int
    """Unix seconds."""

    is_trash: bool = False


def folder_of(account: Account, folder_id: str) -> Folder:
    """Find a folder that things can be put into. Raises `Refusal` (404), also for one in the trash."""
    folder = account.shelf(Folder).find(folder_id)
    if folder.is_trash:
        raise unknown(Folder.noun, folder_id, Folder.missing)
    return folder


def filed(account: Account, request: T) -> T:
    """Check the folder that a request names. An empty name is the top, like none at all. Raises `Refusal` (404)."""
    folder_id = getattr(request, "folder_id", None)
    if folder_id:
        folder_of(account, folder_id)
    return request if folder_id != "" else attrs.evolve(cast(Any, request), folder_id=None)
