"""Templates: made of a video, declared, filled, spoken."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from callers import until
from recorder import Recorder

from heygen_async.api.compositions import AvatarElement, ScriptText
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.media import LocalFile
from heygen_async.api.template_variables import TemplateVariable, VariableBinding
from heygen_async.api.templates import (
    CreateTemplate,
    DeleteTemplate,
    GenerateTemplateVideo,
    GetTemplate,
    SubtitleStyle,
    Template,
    TemplateDetail,
    Templates,
    TemplateSize,
    UpdateTemplate,
    UpdateTemplateVariables,
)
from heygen_async.api.videos import VIDEO, AvatarVideo, ImageVideo, Video
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, Fault, Hang, ResetAfter
from heygen_async.errors import BadRequest, Conflict, NotFound, RequestInvalid
from heygen_async.job import Job

pytestmark = pytest.mark.anyio

NAME = VariableBinding(type="text", match="Ada")


async def made(heygen: HeyGen, clock: ManualClock, script: str = "Hello Ada, this is Ada.") -> Job[Video]:
    job = await heygen.videos.create(AvatarVideo(avatar_id="Anna_public_3_20240108", script=script, title="Welcome"))
    await clock.drive(job.wait())
    return job


async def template(heygen: HeyGen, clock: ManualClock, **bindings: VariableBinding) -> TemplateDetail:
    found = await heygen.templates.create(video_id=(await made(heygen, clock)).id, name="Greeting")
    return await heygen.templates.variables.update(found.id, variables=bindings) if bindings else found


# Requests.


@pytest.mark.parametrize(
    ("cls", "more", "problem"),
    [
        (GenerateTemplateVideo, {"variables": {}, "fps": 24}, "fps: is 24; it must be one of 25, 30, 60"),
        (
            GenerateTemplateVideo,
            {"variables": {}, "brand_glossary_id": "g", "brand_voice_id": "g"},
            "brand_voice_id: is the old name of brand_glossary_id; give one of them",
        ),
        (
            UpdateTemplateVariables,
            {"variables": {"1st": NAME}},
            "variables: has the name '1st'; a name has 1 to 64 of A-Z a-z 0-9 _, and no digit in front",
        ),
        (UpdateTemplateVariables, {"variables": [NAME]}, "variables: must be a mapping of names, not [VariableBinding"),
        (UpdateTemplate, {"name": ""}, "name: must not be empty"),
    ],
)
def test_requests_have_bounds(cls: Any, more: Any, problem: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        cls("t", **more)
    assert str(caught.value.problems[0]).startswith(problem)


@pytest.mark.parametrize(
    ("width", "problems"),
    [
        (126, ["is 126; it must lie between 128 and 4096"]),
        (4098, ["is 4098; it must lie between 128 and 4096"]),
        (1281, ["is 1281; it must be even"]),
        ("wide", ["must be a whole number, not 'wide'"]),
    ],
)
def test_a_size_is_even_and_within_bounds(width: Any, problems: list[str]) -> None:
    TemplateSize(width=128, height=4096)
    with pytest.raises(RequestInvalid) as caught:
        TemplateSize(width=width, height=720)
    assert [str(problem) for problem in caught.value.problems] == [f"width: {problem}" for problem in problems]


async def test_each_operation_is_a_method() -> None:
    detail = TemplateDetail("t", "Greeting")
    wire = Recorder([detail, detail, detail, detail, ConfirmedDeletion("t")])
    templates = Templates(wire)
    await templates.create(video_id="v", idempotency_key="k")
    await templates.get("t")
    await templates.update("t", name="New")
    await templates.variables.update("t", variables={"name": NAME}, expected_edit_version="1")
    await templates.delete("t")
    job = await templates.generate("t", variables={"name": "Grace"})
    request = GenerateTemplateVideo("t", variables={"name": TemplateVariable.text("Grace")})
    assert wire.sent == [
        CreateTemplate(video_id="v", idempotency_key="k"),
        GetTemplate("t"),
        UpdateTemplate("t", name="New"),
        UpdateTemplateVariables("t", variables={"name": NAME}, expected_edit_version="1"),
        DeleteTemplate("t"),
        request,
    ]
    assert (job.kind, request.job_id(Video("v", "pending"))) == (VIDEO, "v")


# Against the emulator.


async def test_a_template_is_made_renamed_listed_and_deleted_once(heygen: HeyGen, clock: ManualClock) -> None:
    video = await made(heygen, clock)
    first = await heygen.templates.create(video_id=video.id)
    second = await heygen.templates.create(video_id=video.id, name="Two")
    assert (first.name, first.source_video_id, first.aspect_ratio) == ("Welcome", video.id, "16:9")
    await clock.advance(5)
    renamed = await heygen.templates.update(first.id, name="One")
    assert (renamed.name, renamed.edit_version) == ("One", first.edit_version)
    assert renamed.updated_at == (first.updated_at or 0) + 5
    listed: list[Template] = [one async for one in heygen.templates.list(limit=1)]
    assert [one.name for one in listed] == ["Two", "One"]
    assert (await heygen.templates.delete(second.id)).deleted
    with pytest.raises(NotFound):
        await heygen.templates.delete(second.id)
    assert (await heygen.templates.get(first.id)).id == first.id


async def test_a_declared_word_is_a_variable_everywhere(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    assert found.variables == {"name": {"name": "name", "type": "text", "properties": {"content": "Ada"}}}
    assert found.composition is not None
    (line,) = found.composition.scenes[0].script
    assert isinstance(line, ScriptText)
    assert (line.text, line.text_variables) == ("Hello {{name}}, this is {{name}}.", ("name", "name"))
    assert [scene.script for scene in found.scenes] == ["Hello {{name}}, this is {{name}}."]


async def test_the_video_says_what_was_filled_in(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    job = await heygen.templates.generate(found.id, variables={"name": "Grace"}, title="For Grace")
    video = await clock.drive(job.wait())
    assert (video.title, job.kind) == ("For Grace", VIDEO)
    (scene,) = (await heygen.videos.scenes(job.id)).scenes
    assert isinstance(scene.script[0], ScriptText)
    assert scene.script[0].text == "Hello Grace, this is Grace."


async def test_what_a_template_shows_can_be_changed_and_posted_back(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    variables = dict(found.variables)
    variables["name"]["properties"]["content"] = "Grace"
    job = await heygen.templates.generate(found.id, variables=variables, subtitles=SubtitleStyle(preset_name="bold"))
    video = await clock.drive(job.wait())
    assert video.title == "Greeting"
    assert video.captioned_video_url


async def test_declaring_is_all_or_nothing_and_refuses_what_is_stale(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    other = {"word": VariableBinding(type="text", match="Hello")}
    again = await heygen.templates.variables.update(found.id, variables=other, expected_edit_version=found.edit_version)
    assert list(again.variables) == ["word"]
    with pytest.raises(Conflict) as caught:
        await heygen.templates.variables.update(found.id, variables={}, expected_edit_version=found.edit_version)
    assert (caught.value.code, caught.value.retryable) == ("stale_edit_version", False)
    assert list((await heygen.templates.get(found.id)).variables) == ["word"]


async def test_a_file_of_this_machine_is_uploaded_for_a_variable(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode() * 20)
    one, two = (LocalFile(tmp_path / name) for name in ("one.png", "two.png"))
    voice = await heygen.voices.list().first()
    assert voice is not None
    video = await heygen.videos.create(ImageVideo(image=one, script="Hi", voice_id=voice.voice_id))
    found = await heygen.templates.create(video_id=video.id)
    assert found.composition is not None
    (element,) = found.composition.scenes[0].elements
    face = VariableBinding(type="image", element_id=element.id)
    found = await heygen.templates.variables.update(found.id, variables={"face": face})
    before = found.variables["face"]["properties"]["asset_id"]
    job = await heygen.templates.generate(found.id, variables={"face": TemplateVariable.image(two)})
    assets = {asset.name: asset.id async for asset in heygen.assets.list(username="emulator")}
    assert (before, len(assets)) == (assets["one.png"], 2)
    await clock.drive(job.wait())


async def test_a_repetition_after_a_cut_connection_is_the_same_video(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    found = await template(heygen, clock)
    emulator.faults.add(Fault(ResetAfter(), method="POST", path="/v3/templates/*", times=1))
    await clock.drive(heygen.templates.generate(found.id, variables={}))
    assert len([one async for one in heygen.videos.list()]) == 2


async def test_cancelling_a_generation_gives_its_slot_back(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    found = await template(heygen, clock)
    emulator.faults.add(Fault(Hang(), method="POST", times=1))
    creating = asyncio.create_task(heygen.templates.generate(found.id, variables={}))
    await until(lambda: "renders 1/10" in repr(heygen))
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert "renders 0/10" in repr(heygen)


async def test_many_videos_of_one_template_at_once(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    words = ["Grace", "Alan", "Edsger"]
    jobs = await asyncio.gather(*(heygen.templates.generate(found.id, variables={"name": word}) for word in words))
    await clock.drive(asyncio.gather(*jobs))
    said = [(await heygen.videos.scenes(job.id)).scenes[0].script[0] for job in jobs]
    assert [line.text for line in said if isinstance(line, ScriptText)] == [
        f"Hello {word}, this is {word}." for word in words
    ]


async def test_another_look_can_appear(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock)
    assert found.composition is not None
    element = found.composition.scenes[0].elements[0]
    assert isinstance(element, AvatarElement)
    who = VariableBinding(type="character", element_id=element.id)
    await heygen.templates.variables.update(found.id, variables={"who": who})
    tom = TemplateVariable.character("Tom_photo_20250204", kind="talking_photo")
    job = await heygen.templates.generate(found.id, variables={"who": tom})
    await clock.drive(job.wait())
    (shown,) = (await heygen.videos.scenes(job.id)).scenes[0].elements
    assert isinstance(shown, AvatarElement)
    assert shown.avatar_id == "Tom_photo_20250204"


async def test_what_the_template_does_not_know_is_refused_by_name(heygen: HeyGen, clock: ManualClock) -> None:
    found = await template(heygen, clock, name=NAME)
    with pytest.raises(BadRequest) as caught:
        await heygen.templates.generate(found.id, variables={"nmae": "Grace"})
    assert caught.value.param == "variables.nmae"
