"""Photo avatars of v2: photos that are generated from a description, groups of them, and talking photos."""

from collections.abc import Sequence
from typing import Literal, get_args

from attrs import field, frozen

from heygen_async.legacy.endpoints import DELETE, GET, POST
from heygen_async.legacy.files import PhotoFile
from heygen_async.log import link_repr
from heygen_async.operation import Answer, JobKind, JobRequest, Report, Request
from heygen_async.rules import IDENTIFIER, Count, Length, OneOf, Web, rule

__all__ = [
    "AddPhotos",
    "AddedPhotos",
    "CreatePhotoGroup",
    "CreateTalkingPhoto",
    "DeletePhotoAvatar",
    "GeneratePhoto",
    "GetPhotoAvatar",
    "GetPhotoGeneration",
    "LegacyPhotoAvatar",
    "PhotoGeneration",
    "PhotoReceipt",
    "TalkingPhoto",
    "UploadTalkingPhoto",
]

_KEY = Length(1, 1024)

Age = Literal["Young Adult", "Early Middle Age", "Late Middle Age", "Senior", "Unspecified"]
Gender = Literal["Woman", "Man", "Unspecified"]
Ethnicity = Literal[
    "White",
    "Black",
    "Asian American",
    "East Asian",
    "South East Asian",
    "South Asian",
    "Middle Eastern",
    "Pacific",
    "Hispanic",
    "Unspecified",
]
Orientation = Literal["square", "horizontal", "vertical"]
Pose = Literal["half_body", "close_up", "full_body"]
Style = Literal["Realistic", "Pixar", "Cinematic", "Vintage", "Noir", "Cyberpunk", "Unspecified"]


# Photos from a description.


@frozen
class PhotoReceipt(Answer):
    """The receipt for photos that are being generated."""

    generation_id: str


@frozen
class PhotoGeneration(Answer):
    """Photos that are being generated, or were. HeyGen's pages show one photo, or a list of four: see `urls`."""

    id: str | None = None
    status: str = ""
    """``pending``, ``in_progress`` or ``processing``, and at the end ``success``, ``completed`` or ``failed``."""

    msg: str | None = None
    """Why it failed."""

    image_url: str | None = field(default=None, repr=link_repr)
    image_key: str | None = None
    image_url_list: Sequence[str] = field(default=(), repr=lambda links: f"[{len(links)} links]")
    image_key_list: Sequence[str] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the photos are, whichever way HeyGen wrote it."""
        return tuple(self.image_url_list) or tuple(filter(None, [self.image_url]))

    @property
    def keys(self) -> tuple[str, ...]:
        """The photos' image keys, in the same order: for `CreatePhotoGroup` and `GenerateAv4Video`."""
        return tuple(self.image_key_list) or tuple(filter(None, [self.image_key]))


@frozen
class GetPhotoGeneration(Request[PhotoGeneration]):
    """How far the photos are."""

    endpoint = GET("/v2/photo_avatar/generation/{generation_id}", deprecated="GET /v3/avatars/looks/{look_id}")
    generation_id: str = field(metadata=rule(IDENTIFIER))


def _report(photos: PhotoGeneration) -> Report:
    return Report(photos.status, None, photos.msg, next(iter(photos.urls), None))


PHOTO_GENERATION = JobKind("photo generation", get=GetPhotoGeneration, report=_report, slot=False)
"""How photos that are being generated are followed."""


@frozen(kw_only=True)
class GeneratePhoto(JobRequest[PhotoReceipt, PhotoGeneration]):
    """Generate photos of somebody who does not exist. All eight of the first fields are required."""

    endpoint = POST("/v2/photo_avatar/photo/generate", deprecated="POST /v3/avatars (type prompt)")
    kind = PHOTO_GENERATION
    name: str = field(metadata=rule(IDENTIFIER))
    age: Age = field(metadata=rule(OneOf(*get_args(Age))))
    gender: Gender = field(metadata=rule(OneOf(*get_args(Gender))))
    ethnicity: Ethnicity = field(metadata=rule(OneOf(*get_args(Ethnicity))))
    orientation: Orientation = field(metadata=rule(OneOf(*get_args(Orientation))))
    pose: Pose = field(metadata=rule(OneOf(*get_args(Pose))))
    style: Style = field(metadata=rule(OneOf(*get_args(Style))))
    appearance: str = field(metadata=rule(Length(1, 1000)))
    """Clothes, mood, light and background in words, 1 to 1,000 characters."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when the photos are there."""

    callback_id: str | None = None
    """Comes back in that call."""

    @staticmethod
    def job_id(receipt: PhotoReceipt) -> str:
        """Find the generation's id."""
        return receipt.generation_id


# Groups of photos.


@frozen
class LegacyPhotoAvatar(Answer):
    """A photo avatar."""

    id: str
    name: str = ""
    group_id: str | None = None
    image_url: str | None = field(default=None, repr=link_repr)
    status: str | None = None
    """``pending`` at first."""

    created_at: float | None = None
    """Unix seconds."""

    is_motion: bool = False
    business_type: str | None = None


@frozen
class AddedPhotos(Answer):
    """The receipt for photos that were added to a group."""

    photo_avatar_list: Sequence[LegacyPhotoAvatar] = ()


@frozen(kw_only=True)
class CreatePhotoGroup(Request[LegacyPhotoAvatar]):
    """Make a group of photo avatars, beginning with one photo."""

    endpoint = POST("/v2/photo_avatar/avatar_group/create", deprecated="POST /v3/avatars (type photo)")
    name: str = field(metadata=rule(IDENTIFIER))
    image_key: str = field(metadata=rule(_KEY))
    """The photo, by the ``image_key`` of its upload or of its generation."""

    generation_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Where the photo was generated."""


@frozen(kw_only=True)
class AddPhotos(Request[AddedPhotos]):
    """Add one to four photos to a group."""

    endpoint = POST(
        "/v2/photo_avatar/avatar_group/add", deprecated="POST /v3/avatars (type photo, with avatar_group_id)"
    )
    group_id: str = field(metadata=rule(IDENTIFIER))
    image_keys: Sequence[str] = field(metadata=rule(Count(1, 4)))
    """1 to 4 of them, from uploads or generations."""

    name: str = field(metadata=rule(IDENTIFIER))
    generation_id: str | None = field(default=None, metadata=rule(IDENTIFIER))


@frozen
class GetPhotoAvatar(Request[LegacyPhotoAvatar]):
    """One photo avatar."""

    endpoint = GET("/v2/photo_avatar/{photo_avatar_id}", deprecated="GET /v3/avatars/looks/{look_id}")
    photo_avatar_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeletePhotoAvatar(Request[None]):
    """Delete a photo avatar."""

    endpoint = DELETE("/v2/photo_avatar/{photo_avatar_id}", deprecated="DELETE /v3/avatars/looks/{look_id}")
    photo_avatar_id: str = field(metadata=rule(IDENTIFIER))


# Talking photos.


@frozen
class TalkingPhoto(Answer):
    """A photo that can speak."""

    talking_photo_id: str
    """For `TalkingPhotoCharacter`."""

    talking_photo_url: str | None = field(default=None, repr=link_repr)


@frozen(kw_only=True)
class CreateTalkingPhoto(Request[TalkingPhoto]):
    """Make a talking photo of a picture at an address."""

    endpoint = POST("/v2/talking_photo", deprecated="POST /v3/avatars (type photo)")
    image_url: str = field(metadata=rule(Web()))
    """Where the photo is."""


@frozen
class UploadTalkingPhoto(Request[TalkingPhoto]):
    """Make a talking photo of a file: PNG or JPEG, at least 512 pixels wide and high, under 10 MB."""

    endpoint = POST("/v1/talking_photo", body="raw", host="upload", deprecated="POST /v3/avatars (type photo)")
    file: PhotoFile
