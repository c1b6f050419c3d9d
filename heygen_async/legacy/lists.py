"""Who can be seen and heard, in the words of v2 and v1. Neither list has pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from heygen_async.legacy.endpoints import GET
from heygen_async.log import link_repr
from heygen_async.operation import Answer, Request

__all__ = ["AvatarList", "GetAvatars", "GetVoices", "LegacyAvatar", "LegacyTalkingPhoto", "LegacyVoice", "VoiceList"]


@frozen
class LegacyAvatar(Answer):
    """An avatar."""

    avatar_id: str
    """For `AvatarCharacter`; v3 calls it a look's id."""

    avatar_name: str = ""
    gender: str | None = None
    preview_image_url: str | None = field(default=None, repr=link_repr)
    preview_video_url: str | None = field(default=None, repr=link_repr)
    premium: bool = False
    type: str | None = None
    tags: Sequence[str] = ()
    default_voice_id: str | None = None


@frozen
class LegacyTalkingPhoto(Answer):
    """A talking photo in a list."""

    talking_photo_id: str
    """For `TalkingPhotoCharacter`; v3 calls it a look's id."""

    talking_photo_name: str = ""
    preview_image_url: str | None = field(default=None, repr=link_repr)


@frozen
class AvatarList(Answer):
    """All avatars, the account's own too."""

    avatars: Sequence[LegacyAvatar] = ()
    talking_photos: Sequence[LegacyTalkingPhoto] = ()


@frozen
class GetAvatars(Request[AvatarList]):
    """All avatars and talking photos."""

    endpoint = GET("/v2/avatars", deprecated="GET /v3/avatars/looks")


@frozen
class LegacyVoice(Answer):
    """A voice."""

    voice_id: str
    """For `TextVoice`; the same in v3."""

    display_name: str = ""
    language: str = ""
    """In words, such as ``English``."""

    locale: str | None = None
    """Such as ``en-US``."""

    gender: str = ""
    labels: Sequence[str] = ()
    tags: str | None = None
    """In one text, with commas."""

    flag: str | None = None
    preview: Mapping[str, Any] = field(factory=dict)
    """Samples to listen to, by who made them."""

    settings: Mapping[str, Any] = field(factory=dict)
    ssml: Mapping[str, Any] = field(factory=dict)
    sort: int | None = None
    is_customer: bool = False
    is_favorite: bool = False
    is_paid: bool = False
    support_realtime: bool = False


@frozen
class VoiceList(Answer):
    """All voices."""

    list: Sequence[LegacyVoice] = ()


@frozen
class GetVoices(Request[VoiceList]):
    """All voices."""

    endpoint = GET("/v1/voice.list", deprecated="GET /v3/voices")
