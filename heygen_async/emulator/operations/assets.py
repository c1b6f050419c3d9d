"""Upload, read, list and delete files."""

from heygen_async.api.assets import (
    DeleteAsset,
    DeletedAsset,
    GetAsset,
    ListAssets,
    StoredAsset,
    UploadAsset,
    UploadedAsset,
)
from heygen_async.emulator import views
from heygen_async.emulator.account import Upload, fresh_id
from heygen_async.emulator.bodies import Received
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["assets"]

assets = Clerk()


@assets.answers(UploadAsset)
async def upload(visit: Visit, file: Received) -> UploadedAsset:
    """Take in a file that has been streamed to disk."""
    one = Upload(
        id=fresh_id(),
        name=file.name,
        path=file.path,
        media_type=file.media_type,
        size=file.size,
        uploaded_at=visit.unix,
        place=visit.account.next_place(),
    )
    visit.account.assets[one.id] = one
    return UploadedAsset(one.id, views.asset_link(visit, one), one.media_type, one.size)


@assets.answers(GetAsset)
async def read(visit: Visit, request: GetAsset) -> StoredAsset:
    """Show an uploaded file."""
    return views.asset(visit, visit.account.asset(request.asset_id))


@assets.answers(DeleteAsset)
async def delete(visit: Visit, request: DeleteAsset) -> DeletedAsset:
    """Forget an uploaded file. Its bytes stay until the emulator ends: videos under way may need them."""
    del visit.account.assets[visit.account.asset(request.asset_id).id]
    return DeletedAsset(request.asset_id)


@assets.answers(ListAssets)
async def listed(visit: Visit, request: ListAssets) -> Page[StoredAsset]:
    """Show what a user has uploaded: nothing, for users other than the account's."""
    own = visit.account.assets.values() if request.username == visit.account.username else {}.values()
    found = (one for one in reversed(own) if request.folder_id in {None, one.folder_id})
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.asset(visit, one) for one in page.items], page.has_more, page.next_token)
