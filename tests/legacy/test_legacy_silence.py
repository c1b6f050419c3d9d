"""Nothing of a legacy payload is dropped in silence, whatever comes."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async import RequestInvalid, to_v3
from heygen_async.wire import WRITER

ANNA = {"type": "avatar", "avatar_id": "Anna"}
PHOTO = {"type": "talking_photo", "talking_photo_id": "Tom"}
HELLO = {"type": "text", "voice_id": "emma", "input_text": "Hello!"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KNOWN = {
    "character": ["scale", "avatar_style", "offset", "matting", "prompt", "expression", "talking_style", "speed"],
    "voice": ["speed", "pitch", "emotion", "locale", "elevenlabs_settings", "volume"],
    "background": ["type", "value", "url", "image_asset_id", "fit", "play_style"],
    "text": ["text"],
}


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    """A payload that is all right, with anything at all in some of its fields."""

    def strange(names: list[str]) -> dict[str, Any]:
        unknown = st.text(alphabet="abc", min_size=1, max_size=5)
        return draw(st.dictionaries(st.sampled_from(names) | unknown, JSON, max_size=4))

    scenes = []
    for _ in range(draw(st.integers(1, 3))):
        character = draw(st.sampled_from([ANNA, PHOTO])) | strange(KNOWN["character"])
        one: dict[str, Any] = {"character": character, "voice": HELLO | strange(KNOWN["voice"])}
        if draw(st.booleans()):
            one["background"] = strange(KNOWN["background"])
        scenes.append(one)
    return {"video_inputs": scenes} | strange(
        ["title", "caption", "caption_mode", "dimension", "test", "fps", "folder_id"]
    )


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The paths of everything that is not null."""
    if isinstance(value, dict) and path.rpartition(".")[2] != "offset":
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and path == "video_inputs":
        for at, item in enumerate(value):
            yield from leaves(item, f"{path}.{at}")
    elif value is not None:
        yield path


@settings(max_examples=300)
@given(payloads())
def test_every_field_is_in_the_request_or_in_the_report(payload: dict[str, Any]) -> None:
    try:
        request, report = to_v3(payload)
    except RequestInvalid:
        return
    told = [remark.path for remark in report]
    sent = WRITER.unstructure(request)
    for path in leaves(payload):
        reported = any(path == one or path.startswith(f"{one}.") for one in told)
        assert reported or _sent(path, payload, sent), (path, told, sent)


def _sent(path: str, payload: Any, sent: Any) -> bool:
    """Whether the value at a path is in the request, or is one that asks for nothing."""
    value = payload
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    name = path.rpartition(".")[2]
    if (name, value) == ("caption", False) or (name == "matting" and value is False):
        return True
    if name in {"type", "caption", "caption_mode"} or path.startswith("dimension"):
        return True  # they become something of another name
    return value in list(_values(sent)) or isinstance(value, dict | list)


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _values(item)
    else:
        yield value
        if isinstance(value, str) and len(value) == 7:
            yield "#" + value[1::2]


@settings(max_examples=200)
@given(JSON | st.builds(lambda scenes: {"video_inputs": scenes}, JSON))
def test_no_payload_is_too_strange(payload: Any) -> None:
    with suppress(RequestInvalid):
        assert to_v3(payload).request is not None
