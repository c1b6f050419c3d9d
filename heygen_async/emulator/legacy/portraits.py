"""Photos that speak, and groups of them: looks of v3."""

import re
from typing import cast

from heygen_async.api.avatars import CreatedAvatar, PhotoAvatar
from heygen_async.api.looks import AvatarLook
from heygen_async.api.media import Asset, Url
from heygen_async.emulator.operations.avatars import create
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.service import Visit
from heygen_async.legacy.photo_avatars import LegacyPhotoAvatar, TalkingPhoto

__all__ = ["photo_at", "photo_avatar", "photo_by_key", "shown", "talking_photo"]


async def photo_avatar(visit: Visit, request: PhotoAvatar) -> AvatarLook:
    """Make a look of a photo, as v3 does. Raises `Refusal`."""
    created = cast(CreatedAvatar, await create(visit, request))
    assert created.avatar_item is not None  # noqa: S101  # ours always names it
    return created.avatar_item


async def talking_photo(visit: Visit, request: PhotoAvatar) -> TalkingPhoto:
    """Make a photo speak."""
    look = await photo_avatar(visit, request)
    return TalkingPhoto(look.id, look.preview_image_url)


def shown(visit: Visit, look: AvatarLook, status: str | None = None) -> LegacyPhotoAvatar:
    """Show a look as v2 does."""
    person = visit.account.group(look.group_id or "")
    return LegacyPhotoAvatar(
        id=look.id,
        name=look.name,
        group_id=look.group_id,
        image_url=look.preview_image_url,
        status=status or look.status,
        created_at=person.created_at,
        business_type="uploaded",
    )


def photo_by_key(key: str, param: str) -> Asset:
    """Find the asset of an image key. Raises `Refusal` for what is none."""
    found = re.fullmatch(r"image/([0-9a-f]{32})/original", key)
    if found is None:
        raise invalid(param, f"{key} is not the image_key of an upload")
    return Asset(found[1])


def photo_at(visit: Visit, address: str) -> Url | Asset:
    """Find what is at an address; those of HeyGen's samples end in an asset's id."""
    asset_id = re.search(r"/asset/([0-9a-f]{32})\b", address)
    return Asset(asset_id[1]) if asset_id and asset_id[1] in visit.account.assets else Url(address)
