"""Files uploaded to v1, as bare bytes."""

from attrs import field, frozen

from heygen_async.legacy.endpoints import POST
from heygen_async.legacy.files import RawFile
from heygen_async.log import link_repr
from heygen_async.operation import Answer, Request

__all__ = ["RawAsset", "UploadRawAsset"]


@frozen
class RawAsset(Answer):
    """An uploaded file."""

    id: str
    """For ``image_asset_id``, ``video_asset_id`` and ``audio_asset_id``."""

    name: str | None = None
    file_type: str | None = None
    """``image``, ``video`` or ``audio``."""

    folder_id: str | None = None
    meta: str | None = None
    created_ts: int | None = None
    """Unix seconds."""

    url: str | None = field(default=None, repr=link_repr)
    """Where HeyGen keeps it."""

    image_key: str | None = None
    """What photo avatars and Avatar IV name a picture by."""


@frozen
class UploadRawAsset(Request[RawAsset]):
    """Upload a file: jpeg, png, mp4, webm, mp3 or wav, up to 10 MB; streamed from disk."""

    endpoint = POST("/v1/asset", body="raw", host="upload", deprecated="POST /v3/assets")
    file: RawFile
