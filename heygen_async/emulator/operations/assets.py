"""Upload, find, read, list and delete files."""

from collections.abc import Iterator

from heygen_async.api.assets import (
    DeleteAsset,
    FoundAsset,
    GetAsset,
    ListAssets,
    SearchAssets,
    StoredAsset,
    UploadAsset,
    UploadedAsset,
)
from heygen_async.api.deletions import Deleted
from heygen_async.emulator import library, views
from heygen_async.emulator.account import Upload
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
    one = visit.account.assets.add(
        Upload(name=file.name, path=file.path, media_type=file.media_type, size=file.size, uploaded_at=visit.unix)
    )
    return UploadedAsset(one.id, views.asset_link(visit, one), one.media_type, one.size)


@assets.answers(GetAsset)
async def read(visit: Visit, request: GetAsset) -> StoredAsset:
    """Show an uploaded file."""
    return views.asset(visit, visit.account.asset(request.asset_id))


@assets.answers(DeleteAsset)
async def delete(visit: Visit, request: DeleteAsset) -> Deleted:
    """Forget an uploaded file. Its bytes stay until the emulator ends: videos under way may need them."""
    return Deleted(visit.account.assets.drop(request.asset_id).id)


@assets.answers(ListAssets)
async def listed(visit: Visit, request: ListAssets) -> Page[StoredAsset]:
    """Show what a user has uploaded: nothing, for users other than the account's."""
    own = _taken_in(visit) if request.username == visit.account.username else iter(())
    found = (one for one in own if request.folder_id in {None, one.folder_id})
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.asset(visit, one) for one in page.items], page.has_more, page.next_token)


@assets.answers(SearchAssets)
async def search(visit: Visit, request: SearchAssets) -> Page[FoundAsset]:
    """Show pictures and icons: drawn ones, or the account's own by their names."""
    if request.scope == "personal":
        found = library.own(visit, request, _taken_in(visit))
    else:
        found = library.drawn(visit, request)
    numbered = list(enumerate(found))
    page = page_of(numbered, request.limit or 20, request.token, lambda one: -one[0])
    return Page([asset for _, asset in page.items], page.has_more, page.next_token)


def _taken_in(visit: Visit) -> Iterator[Upload]:
    """Go through the files whose bytes are there, the newest first."""
    return (one for one in visit.account.assets.newest() if one.stage(visit.now) in {"processing", "completed"})
