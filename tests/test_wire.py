import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import pytest
from anything import anything, nested_classes, reading_classes, request_classes, writing_classes
from attrs import field, frozen
from heads import written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heygen_async.api.avatars import AvatarRequest, PhotoAvatar
from heygen_async.api.batches import Batch, BatchItem, BulkStatus
from heygen_async.api.brand_kits import BrandColors, BrandFont, BrandFonts, UpdateBrandKit
from heygen_async.api.engines import AvatarV
from heygen_async.api.looks import AvatarFault, AvatarLook
from heygen_async.api.media import Asset, Base64, LocalFile, Url
from heygen_async.api.scenes import AvatarScene, Background, ImageScene, SceneAvatar, SceneColor
from heygen_async.api.speech import ElevenLabs, Spoken, VoiceSettings
from heygen_async.api.template_variables import VariableBinding
from heygen_async.api.templates import UpdateTemplateVariables
from heygen_async.api.users import User
from heygen_async.api.videos import (
    AvatarVideo,
    Caption,
    CreateVideoBatch,
    ImageVideo,
    StudioVideo,
    Video,
    VideoRequest,
)
from heygen_async.api.webhooks import UpdateWebhookEndpoint
from heygen_async.errors import RequestInvalid
from heygen_async.operation import CLEAR, Answer, Request, on_the_wire
from heygen_async.wire import READER, WRITER, read_strictly

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def problems(payload: Any, cls: Any = AvatarVideo) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        read_strictly(payload, cls)
    return [str(problem) for problem in caught.value.problems]


def spoken(**more: Any) -> dict[str, Any]:
    return {"avatar_id": "a", "script": "Hi"} | more


def every_object(payload: Any) -> list[Mapping[str, Any]]:
    if isinstance(payload, Mapping):
        return [payload, *(found for value in payload.values() for found in every_object(value))]
    if isinstance(payload, list | tuple):
        return [found for value in payload for found in every_object(value)]
    return []


# Writing, and reading what was written.


@pytest.mark.parametrize("cls", writing_classes(), ids=lambda cls: cls.__name__)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_back_as_it_was(cls: type[Any], data: st.DataObject) -> None:
    assert_round_trip(data.draw(anything(cls)))


@settings(max_examples=50)
@given(data=st.data())
def test_what_is_asked_with_could_be_written_too(data: st.DataObject) -> None:
    assert_round_trip(data.draw(anything(data.draw(st.sampled_from(reading_classes())))))


def assert_round_trip(request: Request[Any]) -> None:
    sent = json.loads(json.dumps(WRITER.unstructure(request)))
    assert read_strictly(sent, type(request)) == request
    emptied = "CLEAR" in repr(request)
    assert emptied or not any(value is None for found in every_object(sent) for value in found.values())


def test_a_tag_is_always_on_the_wire() -> None:
    request = StudioVideo(
        scenes=[
            AvatarScene(
                input=SceneAvatar(
                    avatar_id="a",
                    script="Hi",
                    background=SceneColor(color="#FFFFFF"),
                    engine=AvatarV(),
                    voice_settings=VoiceSettings(engine_settings=ElevenLabs()),
                )
            ),
            ImageScene(source=Asset("x"), duration=2),
        ]
    )
    assert WRITER.unstructure(request) == {
        "type": "studio",
        "scenes": [
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "a",
                    "script": "Hi",
                    "background": {"type": "color", "color": "#FFFFFF"},
                    "engine": {"type": "avatar_v"},
                    "voice_settings": {"engine_settings": {"engine_type": "elevenlabs"}},
                },
            },
            {"type": "image", "source": {"type": "asset_id", "asset_id": "x"}, "duration": 2},
        ],
    }


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_every_tagged_class_below_a_request_is_written_with_its_tag(cls: type[Any]) -> None:
    for nested in nested_classes(cls):
        tag = getattr(nested, "tag", None)
        if isinstance(tag, str):  # `ListAgentStyles` has a filter of that name
            bare: Any = object.__new__(nested)
            for at in attrs.fields(nested):
                object.__setattr__(bare, at.name, None)
            assert WRITER.unstructure(bare) == {getattr(nested, "tag_name", "type"): tag}


def test_what_is_not_given_stays_away_and_a_default_that_is_a_value_does_not() -> None:
    assert WRITER.unstructure(AvatarVideo(avatar_id="a", script="Hi", caption=Caption())) == {
        "type": "avatar",
        "avatar_id": "a",
        "script": "Hi",
        "caption": {"file_format": "srt"},
    }


def test_what_is_false_or_zero_is_written() -> None:
    request = AvatarVideo(
        avatar_id="a", script="Hi", remove_background=False, title="", voice_settings=VoiceSettings(volume=0)
    )
    written = WRITER.unstructure(request)
    assert (written["remove_background"], written["title"]) == (False, "")
    assert written["voice_settings"] == {"volume": 0}


def test_a_local_file_is_not_written(tmp_path: Any) -> None:
    picture, sound = tmp_path / "a.png", tmp_path / "a.mp3"
    for file in (picture, sound):
        written(file)
    for request in (
        ImageVideo(image=LocalFile(picture), script="Hi", voice_id="v"),
        ImageVideo(image=Url("https://a/b"), audio_url=LocalFile(sound)),
        AvatarVideo(avatar_id="a", script="Hi", background=Background(type="image", url=LocalFile(picture))),
    ):
        with pytest.raises(RequestInvalid, match="has not been uploaded; send it through a client"):
            WRITER.unstructure(request)


# Reading strictly: what others wrote.


def test_a_body_of_any_kind_is_read_by_its_type() -> None:
    assert read_strictly({"type": "avatar"} | spoken(), VideoRequest) == AvatarVideo(avatar_id="a", script="Hi")
    photo = {"type": "photo", "name": "n", "file": {"type": "url", "url": "https://a/b"}}
    assert read_strictly(photo, AvatarRequest) == PhotoAvatar(name="n", file=Url("https://a/b"))


def test_a_null_counts_as_not_given() -> None:
    body = spoken(title=None, voice_settings=None, engine=None, audio_url=None, caption={"style": None})
    assert read_strictly(body, AvatarVideo) == AvatarVideo(avatar_id="a", script="Hi", caption=Caption())


def test_a_whole_number_is_a_number() -> None:
    assert read_strictly({"speed": 1}, VoiceSettings) == VoiceSettings(speed=1)


def test_a_local_file_passes_where_a_file_may_stand(tmp_path: Any) -> None:
    file, sound = written(tmp_path / "a.png"), written(tmp_path / "a.mp3")
    body = spoken(image=file, voice_id="v", background={"type": "image", "url": file})
    del body["avatar_id"]
    request = read_strictly(body, ImageVideo)
    assert (request.image, request.background.url) == (file, file)
    assert read_strictly({"avatar_id": "a", "audio_url": sound}, AvatarVideo).audio_url == sound


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (spoken(avatar_di="x"), ["avatar_di: is not a field of the API; did you mean avatar_id?"]),
        (spoken(zzz=1, yyy=2), ["yyy: is not a field of the API", "zzz: is not a field of the API"]),
        (spoken(zzz=None), ["zzz: is not a field of the API"]),
        (
            spoken(voice_settings={"sped": 1}),
            ["voice_settings.sped: is not a field of the API; did you mean speed?"],
        ),
        ({"script": "Hi"}, ["avatar_id: is required"]),
        ({"script": "Hi", "avatar_id": None}, ["avatar_id: is required"]),
        (spoken(avatar_id=5), ["avatar_id: must be text, not 5"]),
        (spoken(audio_url=5), ["audio_url: must be text"]),
        (spoken(remove_background="yes"), ["remove_background: must be true or false, not 'yes'"]),
        (spoken(remove_background=1), ["remove_background: must be true or false, not 1"]),
        (spoken(voice_settings={"speed": "fast"}), ["voice_settings.speed: must be a number, not 'fast'"]),
        (spoken(voice_settings={"speed": True}), ["voice_settings.speed: must be a number, not True"]),
        (
            spoken(watermark={"image": {"type": "url", "url": "https://a/b"}, "scale": True}),
            ["watermark.scale: must be a number, not True"],
        ),
        (spoken(voice_settings={"speed": 9}), ["voice_settings.speed: is 9; it must lie between 0.5 and 1.5"]),
        (spoken(voice_settings=[]), ["voice_settings: must be an object"]),
        (spoken(resolution="8k"), ["resolution: is '8k'; it must be one of 4k, 1080p, 720p"]),
        (spoken(resolution=["8k"]), ["resolution: is ['8k']; it must be one of 4k, 1080p, 720p"]),
        (spoken(engine={"type": "avatar_x"}), ["engine.type: must be one of avatar_v, avatar_iv, avatar_iii"]),
        (spoken(engine={"type": ["avatar_v"]}), ["engine.type: must be one of avatar_v, avatar_iv, avatar_iii"]),
        (spoken(engine={}), ["engine.type: must be one of avatar_v, avatar_iv, avatar_iii"]),
        (spoken(engine="avatar_v"), ["engine: must be an object with a 'type': avatar_v, avatar_iv, avatar_iii"]),
        (
            spoken(voice_settings={"engine_settings": {"type": "fish"}}),
            ["voice_settings.engine_settings.engine_type: must be one of elevenlabs, fish, starfish"],
        ),
        (spoken(type="image"), ["type: must be 'avatar'"]),
        ([], ["must be an object"]),
        (None, ["must be an object"]),
        ("avatar", ["must be an object"]),
    ],
)
def test_a_mistake_is_told_by_its_field(body: Any, found: list[str]) -> None:
    assert problems(body) == found


def test_everything_that_is_wrong_is_told_at_once() -> None:
    body = {"script": 5, "voice_settings": {"speed": "fast", "pich": 1}, "title": [], "colour": "red"}
    assert sorted(problems(body)) == [
        "avatar_id: is required",
        "colour: is not a field of the API",
        "script: must be text, not 5",
        "title: must be text, not []",
        "voice_settings.pich: is not a field of the API; did you mean pitch?",
        "voice_settings.speed: must be a number, not 'fast'",
    ]


def test_a_mistake_in_a_list_is_told_by_its_place() -> None:
    scenes = [
        {"type": "image", "source": {"type": "url", "url": "https://a/b"}, "duration": 2},
        {"type": "image", "source": {"type": "url", "url": 5}, "duration": 2},
        {"type": "movie"},
        {"type": "avatar_video", "input": {"avatar_id": "a", "script": "Hi", "engine": 5}},
    ]
    assert problems({"scenes": scenes}, StudioVideo) == [
        "scenes.1.source.url: must be text, not 5",
        "scenes.2.type: must be one of avatar_video, image, video",
        "scenes.3.input.engine: must be an object with a 'type': avatar_v, avatar_iv, avatar_iii",
    ]


@pytest.mark.parametrize("scenes", [5, "scene", {}])
def test_what_is_no_list_is_told_so(scenes: Any) -> None:
    assert problems({"scenes": scenes}, StudioVideo) == ["scenes: must be a list"]


def test_a_rule_between_fields_is_told_with_its_place() -> None:
    assert problems({"videos": [spoken(type="avatar", folder_id="f")]}, CreateVideoBatch) == [
        "videos.0.folder_id: belongs on the batch, not on its items"
    ]
    assert problems(spoken(audio_url="https://a/b")) == [
        "script: cannot go together with audio_url; use one of script, audio_url, audio_asset_id"
    ]


def test_a_body_without_a_type_where_kinds_differ_is_told_which_there_are() -> None:
    assert problems(spoken(), VideoRequest) == ["type: must be one of avatar, image, cinematic_avatar, studio"]
    assert problems([], VideoRequest) == ["must be an object with a 'type': avatar, image, cinematic_avatar, studio"]


@frozen
class Stubborn:
    def __attrs_post_init__(self) -> None:
        fault = ValueError("I will not")
        fault.add_note("and nobody can make me")
        raise fault


@frozen
class Holder:
    held: Stubborn


def test_an_error_of_any_kind_is_told_by_its_field() -> None:
    assert problems({"held": {}}, Holder) == ["held: I will not"]


def test_the_name_of_what_was_read_is_in_the_message() -> None:
    with pytest.raises(RequestInvalid, match=r"^AvatarVideo is not valid: "):
        read_strictly({}, AvatarVideo)
    with pytest.raises(RequestInvalid, match=r"^request is not valid: "):
        read_strictly({}, VideoRequest)


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_is_written_it_is_a_request_or_told_what_is_wrong(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from([*reading_classes(), *writing_classes(), VideoRequest, AvatarRequest]))
    members = [nested for nested in nested_classes(cls) if issubclass(nested, Spoken) or nested is cls]
    names = sorted({at.name for nested in members for at in attrs.fields(nested)} | {"type"})
    body = data.draw(JSON | st.dictionaries(st.sampled_from(names), JSON, max_size=6))
    error = error_of(body, cls)
    assert error is None or error.problems
    assert error is None or all(len(problem.reason) < 400 for problem in error.problems)


def error_of(body: Any, cls: Any) -> RequestInvalid | None:
    try:
        read_strictly(body, cls)
    except RequestInvalid as error:
        return error
    return None


# Reading tolerantly: what HeyGen answers.


@frozen
class Sample:
    id: str
    count: int = 0
    ratio: float = 0.0
    ready: bool = False
    tags: Sequence[str] = ()
    more: Mapping[str, Any] = field(factory=dict)


@frozen
class Circle(Answer):
    tag: ClassVar[str] = "circle"
    radius: int = 0


@frozen
class Square(Answer):
    tag: ClassVar[str] = "square"
    side: int = 0


@frozen
class Shape(Answer):
    type: str = ""


@frozen
class Drawing(Answer):
    strict: Circle | Square | None = None
    shapes: Sequence[Circle | Square | Shape] = ()


def test_a_kind_of_answer_is_told_by_its_tag_and_a_new_one_is_the_kind_without() -> None:
    payload = [{"type": "square", "side": 2}, {"type": "circle", "hue": 3}, {"type": "star"}, {"corners": 5}]
    assert READER.structure({"shapes": payload}, Drawing).shapes == (
        Square(2),
        Circle(extra={"hue": 3}),
        Shape("star"),
        Shape(extra={"corners": 5}),
    )
    assert WRITER.unstructure(Square(2)) == {"type": "square", "side": 2}


@pytest.mark.parametrize("strict", [None, "circle", {"type": "star"}, {"type": ["circle"]}, {}])
def test_a_kind_that_nobody_knows_counts_as_missing_where_there_is_none_without_a_tag(strict: Any) -> None:
    assert READER.structure({"strict": strict, "shapes": [{"type": "circle"}]}, Drawing) == Drawing(shapes=(Circle(),))


def test_what_should_have_names_is_told_what_it_must_be() -> None:
    binding = {"type": "text", "match": "Ada"}
    request = read_strictly({"template_id": "t", "variables": {"name": binding}}, UpdateTemplateVariables)
    assert request.variables == {"name": VariableBinding(type="text", match="Ada")}
    assert problems({"template_id": "t", "variables": [binding]}, UpdateTemplateVariables) == [
        "variables: must be an object"
    ]
    assert problems({"template_id": "t", "variables": {"name": {"type": "words"}}}, UpdateTemplateVariables) == [
        "variables.name.type: is 'words'; it must be one of text, image, video, audio, character, voice"
    ]


def test_what_is_new_to_us_is_kept_and_what_is_null_or_missing_has_its_default() -> None:
    video = READER.structure({"id": "v", "status": "dreaming", "brand_new": {"a": 1}, "title": None}, Video)
    assert video == Video("v", "dreaming", extra={"brand_new": {"a": 1}})
    look = READER.structure({"id": "l", "avatar_type": "hologram", "tags": None, "error": None}, AvatarLook)
    assert look == AvatarLook("l", avatar_type="hologram")


def test_nested_answers_are_read_as_well() -> None:
    look = READER.structure({"id": "l", "tags": ["a"], "error": {"code": "c", "message": "m", "x": 1}}, AvatarLook)
    assert list(look.tags) == ["a"]
    assert look.error == AvatarFault("c", "m", extra={"x": 1})
    user = READER.structure({"username": "u", "wallet": {"remaining_balance": 5, "auto_reload": None}}, User)
    assert user.wallet is not None
    assert (user.wallet.remaining_balance, user.wallet.auto_reload) == (5.0, None)


def test_a_batch_brings_its_items_and_counts() -> None:
    item = {"item_index": 0, "status": "failed", "error": {"code": "x", "new": [1]}}
    batch = READER.structure({"batch_id": "b", "items": [item], "counts_by_status": {"failed": 1}}, Batch)
    assert list(batch.items) == [BatchItem(0, "failed", None, {"code": "x", "new": [1]})]
    assert batch.counts_by_status == {"failed": 1}
    assert READER.structure({"status": "not_found", "video_id": "v"}, BulkStatus) == BulkStatus("not_found", "v")


def test_text_where_true_or_false_belongs_counts_as_missing() -> None:
    assert READER.structure({"id": "a", "ready": "false"}, Sample) == Sample("a")
    assert READER.structure({"id": "a", "ready": 0}, Sample) == Sample("a", ready=False)


def test_a_number_where_text_belongs_becomes_text() -> None:
    assert READER.structure({"id": 5, "count": "7", "ratio": 1, "ready": 1}, Sample) == Sample("5", 7, 1.0, ready=True)


@pytest.mark.parametrize("payload", [None, [], "x", 5, {}, {"id": None}, {"id": {}}, {"id": []}])
def test_what_cannot_be_meant_is_an_error(payload: Any) -> None:
    with pytest.raises(Exception, match=r"Sample|object was expected"):
        READER.structure(payload, Sample)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_fields_that_are_new_never_disturb(extra: dict[str, Any]) -> None:
    known = {at.name for at in on_the_wire(Video)}
    new = {name: value for name, value in extra.items() if name not in known}
    payload = {"id": "v", "status": "completed"} | new
    assert READER.structure(payload, Video) == Video("v", "completed", extra=new)


def test_a_field_of_heygens_that_is_called_extra_is_kept_like_any_other() -> None:
    assert READER.structure({"id": "v", "status": "s", "extra": 1}, Video).extra == {"extra": 1}


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_fields_that_we_do_not_know_are_sent_as_they_are(extra: dict[str, Any]) -> None:
    known = {at.name for at in on_the_wire(VoiceSettings)}
    new = {name: value for name, value in extra.items() if name not in known}
    settings = VoiceSettings(speed=1.2, extra=new)
    body = WRITER.unstructure(AvatarVideo(avatar_id="a", script="Hi", voice_settings=settings))
    assert body["voice_settings"] == {"speed": 1.2} | new


def test_what_has_a_field_of_its_own_is_no_extra() -> None:
    with pytest.raises(RequestInvalid, match=r"extra\.speed: is a field of its own: write speed=…"):
        VoiceSettings(extra={"speed": 3})


@pytest.mark.parametrize("name", ["extra", "idempotency_key"])
def test_what_is_ours_is_no_field_of_a_body_that_somebody_wrote(name: str) -> None:
    error = error_of({"videos": [], name: {}}, CreateVideoBatch)
    assert error is not None
    assert name in {problem.field for problem in error.problems}


def test_bytes_in_a_request_are_not_shown() -> None:
    assert "secret" not in repr(Base64("image/png", "secret"))


def test_what_is_emptied_goes_as_null_and_comes_back_so() -> None:
    fonts = BrandFonts(title_text=CLEAR, body_text=BrandFont(font_id=CLEAR, weight=700))
    request = UpdateBrandKit("k", color_roles=BrandColors(accent=CLEAR), font_roles=fonts)
    body = {
        "brand_kit_id": "k",
        "color_roles": {"accent": None},
        "font_roles": {"title_text": None, "body_text": {"font_id": None, "weight": 700}},
    }
    assert WRITER.unstructure(request) == body
    assert read_strictly(body, UpdateBrandKit) == request
    assert WRITER.unstructure(UpdateWebhookEndpoint("e", events=CLEAR)) == {"endpoint_id": "e", "events": None}
