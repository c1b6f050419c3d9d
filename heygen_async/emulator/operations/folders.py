"""Make and read folders."""

from heygen_async.api.folders import CreateFolder, Folder, GetFolder
from heygen_async.emulator import cabinet
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.service import Visit

__all__ = ["folders"]

folders = Clerk()


@folders.answers(CreateFolder)
async def create(visit: Visit, request: CreateFolder) -> Folder:
    """Make a folder. There may be one of the same name in the same place."""
    parent_id = request.parent_id or None
    if parent_id is not None:
        cabinet.folder_of(visit.account, parent_id)
    folder = cabinet.Folder(name=request.name, type=request.type or "mixed", parent_id=parent_id, created_at=visit.unix)
    return _shown(visit, visit.account.shelf(cabinet.Folder).add(folder))


@folders.answers(GetFolder)
async def read(visit: Visit, request: GetFolder) -> Folder:
    """Show a folder, also one in the trash."""
    return _shown(visit, visit.account.shelf(cabinet.Folder).find(request.folder_id))


def _shown(visit: Visit, folder: cabinet.Folder) -> Folder:
    return Folder(
        folder_id=folder.id,
        name=folder.name,
        type=folder.type,
        parent_id=folder.parent_id,
        is_trash=folder.is_trash,
        creator_username=visit.account.username,
        created_at=folder.created_at,
        updated_at=folder.created_at,
    )
