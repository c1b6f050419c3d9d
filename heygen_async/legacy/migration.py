"""From a legacy payload to the v3 request: `to_v3`, and what it has to say about each field.

The mapping is HeyGen's own (https://developers.heygen.com/docs/endpoint-version-comparison). It works on JSON and
does no I/O. What v3 has no word for is left out and reported; what is merely out of v3's bounds is brought to the
nearest value and reported; a payload of which no video can be made raises.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.videos import VideoRequest
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.legacy.draft import Draft
from heygen_async.legacy.frames import put_dimension, put_orientation
from heygen_async.legacy.payload import Payload, Remark
from heygen_async.legacy.scenes import put_only_scene, put_scene, put_sound
from heygen_async.operation import Request
from heygen_async.wire import WRITER

__all__ = ["Migration", "to_v3"]

_UNNAMED = "Talking photo"


class Migration(NamedTuple):
    """A legacy payload in v3: ``request, report = to_v3(payload)``."""

    request: VideoRequest | PhotoAvatar
    """What to send: `Videos.create` takes it, and `Avatars.create` if it is a `PhotoAvatar`."""

    report: tuple[Remark, ...]
    """What is not simply the same, field by field; empty: everything is."""

    @property
    def lost(self) -> tuple[Remark, ...]:
        """The remarks on fields for which the result will differ."""
        return tuple(remark for remark in self.report if remark.lost)


def to_v3(payload: Mapping[str, Any] | Request[Any]) -> Migration:
    """Translate the body of a legacy creation, or its request, to v3, and report what v3 cannot say.

    ======================================  ==========================================================
    ``POST /v2/video/generate``             one scene: `AvatarVideo`; several, or one without a
                                            character: `StudioVideo`
    ``POST /v2/video/av4/generate``         `ImageVideo`
    ``POST /v2/talking_photo``              `PhotoAvatar`, whose look's id takes the place of the
                                            ``talking_photo_id``
    ======================================  ==========================================================

    A ``talking_photo_id`` in a scene is taken for the id of a photo avatar's look: HeyGen keeps talking photos as
    such, v3 lists them under ``GET /v3/avatars/looks``, and a bare id is no picture that an `ImageVideo` could show.

    v2 rendered scenes with Avatar III where it was not asked for Avatar IV, so the request names the engine
    ``avatar_iii``. Without it, v3 takes ``avatar_iv``, at up to four times the price. Which of them a look can do, says
    `AvatarLook.supported_api_engines`.

    Raises `RequestInvalid`, with the legacy names of the fields, for a payload of another kind and for one that v3
    can make no video of.
    """
    remarks: list[Remark] = []
    given = Payload.of(WRITER.unstructure(payload) if isinstance(payload, Request) else payload, "", remarks)
    draft = Draft()
    kind: Any = VideoRequest
    if "video_inputs" in given.fields:
        _put_generated(given, draft)
    elif given.fields.keys() & {"image_key", "photo_s3_key"}:
        _put_av4(given, draft)
    elif "image_url" in given.fields and not given.fields.keys() & {"script", "audio_url", "audio_asset_id", "type"}:
        _put_talking_photo(given, draft)
        kind = PhotoAvatar
    else:
        raise _unknown(given)
    given.rest()
    request = draft.read(kind, remarks)
    return Migration(request, tuple(remarks))


def _unknown(given: Payload) -> RequestInvalid:
    known = "video_inputs (video/generate), image_key (av4/generate) and image_url (talking_photo) are all missing"
    v3 = given.fields.keys() & {"type", "script", "audio_url", "audio_asset_id", "scenes", "prompt"}
    reason = "this looks like a body of v3 already; heygen-async bulk takes it as it is" if v3 else known
    return RequestInvalid([Problem("", reason)], "the legacy payload")


def _put_generated(given: Payload, draft: Draft) -> None:
    taken = given.take("video_inputs")
    draft.names["scenes"] = "video_inputs"
    scenes = taken.value if taken is not None else ()
    if not isinstance(scenes, list | tuple) or not scenes:
        raise RequestInvalid([Problem("video_inputs", "must be a list of one scene or more")], "the legacy payload")
    parts = [Payload.of(scene, f"video_inputs.{at}", given.remarks) for at, scene in enumerate(scenes)]
    if len(parts) == 1 and "character" in parts[0].fields:
        put_only_scene(parts[0], draft)
    else:
        draft.write("type", "studio")
        for at, part in enumerate(parts):
            put_scene(part, draft, f"scenes.{at}.")
    put_dimension(given, draft)
    _put_captions(given, draft)
    for name in ("title", "callback_id", "callback_url", "folder_id"):
        draft.move(given, name, name)
    given.lose("fps", "v3 renders 25 frames a second", 25)
    given.lose("enable_watermark", "v3 takes a watermark as a picture of your own, on enterprise plans", False)
    given.lose("test", "v3 has no test renders: this video will be billed", False)


def _put_captions(given: Payload, draft: Draft) -> None:
    """Ask for captions. The legacy flag gave a subtitle file and a burned-in copy, as v3 does for a style."""
    flag, mode = given.take("caption"), given.take("caption_mode")
    if flag is not None and not isinstance(flag.value, bool):
        given.report(flag, "is neither true nor false, so v3 is not asked for captions")
    elif (flag is not None and flag.value) or (flag is None and mode is not None):
        draft.write("caption.file_format", "srt", flag or mode)
        if mode is None or mode.value != "file_only":
            draft.write("caption.style", "default", mode or flag)
    if mode is not None and (mode.value not in ("file_only", "burn_in") or (flag is not None and not flag.value)):
        given.report(mode, "v3 gives a subtitle file, and a burned-in copy where captions have a style")


def _put_av4(given: Payload, draft: Draft) -> None:
    draft.write("type", "image")
    _put_image(given, draft)
    draft.move(given, "video_title", "title")
    put_sound(given, draft, "", "script")
    put_orientation(given, draft)
    draft.move(given, "fit", "fit")
    draft.move(given, "custom_motion_prompt", "motion_prompt")
    given.lose("enhance_custom_motion_prompt", "v3 takes the motion prompt as it is written", False)
    for name in ("callback_id", "callback_url", "folder_id"):
        draft.move(given, name, name)


def _put_image(given: Payload, draft: Draft) -> None:
    """Write the photo of Avatar IV. v1 made the keys of the ids of its assets; other places of files mean nothing."""
    key = given.take("image_key", "photo_s3_key")
    if key is None:  # pragma: no cover  # it is what the payload was recognized by
        return
    found = re.fullmatch(r"image/([0-9a-f]{32})/original\S*", str(key.value))
    address = isinstance(key.value, str) and key.value.startswith(("https://", "http://"))
    draft.write("image.type", "url" if address else "asset_id", key)
    draft.write("image.url" if address else "image.asset_id", found[1] if found else key.value, key)
    if not address and not found and "/" in str(key.value):
        given.report(key, "is no asset of v3: upload the picture, and put the asset_id of that here")
    elif not address:
        given.note(key, "is taken for an asset's id; if v3 answers asset_not_found, upload the picture there")


def _put_talking_photo(given: Payload, draft: Draft) -> None:
    draft.write("type", "photo")
    draft.write("file.type", "url")
    draft.move(given, "image_url", "file.url")
    name = given.take("name")
    draft.write("name", _UNNAMED if name is None else name.value, name)
