"""A wrong id: which kind was wanted, and how to list them."""

import pytest

from heygen_async import (
    AvatarVideo,
    BadRequest,
    HeyGen,
    HeyGenError,
    JobFailed,
    JobGone,
    ManualClock,
    NotFound,
    StudioVideo,
)
from heygen_async.api.avatars import GetAvatar, PromptAvatar
from heygen_async.api.looks import GetLook
from heygen_async.api.scenes import AvatarScene, SceneAvatar
from heygen_async.api.users import GetMe
from heygen_async.api.voices import GetVoice
from heygen_async.hints import hint_for, hint_for_failure
from heygen_async.operation import Request

LOOK, GROUP, VOICE = "looks.list(group_id=…)", "heygen.avatars.list()", "heygen.voices.list()"
SCENE = StudioVideo(scenes=[AvatarScene(input=SceneAvatar(avatar_id="x", script="Hi"))])


@pytest.mark.parametrize(
    ("request_", "code", "param", "message", "wanted"),
    [
        (AvatarVideo(avatar_id="x", script="Hi"), "avatar_not_found", None, "Avatar x not found", LOOK),
        (AvatarVideo(avatar_id="x", script="Hi"), "invalid_parameter", "avatar_id", "Avatar not found or …", LOOK),
        (SCENE, "invalid_parameter", "scenes.0.input.avatar_id", "Avatar not found or …", LOOK),
        (SCENE, "avatar_not_found", None, "", LOOK),
        (GetLook("x"), "avatar_not_found", None, "", LOOK),
        (GetAvatar("x"), "avatar_group_not_found", None, "", GROUP),
        (PromptAvatar(name="n", prompt="p", avatar_group_id="x"), "avatar_group_not_found", None, "", GROUP),
        (GetVoice("x"), "voice_not_found", None, "", VOICE),
        (AvatarVideo(avatar_id="x", script="Hi", voice_id="v"), "voice_not_found", None, "", VOICE),
    ],
)
def test_a_refused_id_says_which_is_wanted(
    request_: Request[object], code: str, param: str | None, message: str, wanted: str
) -> None:
    assert wanted in hint_for(request_, code, param, message)


@pytest.mark.parametrize(
    ("request_", "code", "param", "message"),
    [
        (
            AvatarVideo(avatar_id="x", script="Hi"),
            "invalid_parameter",
            "avatar_id",
            "It does not support webm",
        ),
        (AvatarVideo(avatar_id="x", script="Hi"), "voice_not_found", None, ""),
        (AvatarVideo(avatar_id="x", script="Hi"), "video_not_found", None, "Video x not found"),
        (GetMe(), "avatar_not_found", None, ""),
        (None, "avatar_not_found", None, ""),
    ],
)
def test_where_no_id_is_the_matter_nothing_is_hinted_at(
    request_: Request[object] | None, code: str, param: str | None, message: str
) -> None:
    assert hint_for(request_, code, param, message) == ""


@pytest.mark.anyio
async def test_a_group_id_as_avatar_id_is_explained(heygen: HeyGen) -> None:
    person = await heygen.avatars.list().first()
    assert person is not None
    with pytest.raises(HeyGenError, match=r"avatar_id wants the id of a look.*looks\.list\(group_id=…\)") as caught:
        await heygen.videos.create(AvatarVideo(avatar_id=person.id, script="Hi"))
    assert isinstance(caught.value, BadRequest | NotFound)


@pytest.mark.anyio
async def test_a_look_id_as_group_id_is_explained(heygen: HeyGen) -> None:
    look = await heygen.avatars.looks.list().first()
    assert look is not None
    with pytest.raises(NotFound, match=r"group_id wants the id of a person.*heygen\.avatars\.list\(\)"):
        await heygen.avatars.get(look.id)


# Jobs.


@pytest.mark.parametrize(
    ("request_", "code", "message", "wanted"),
    [
        (None, "AVATAR_NOT_FOUND", None, LOOK),
        (None, "invalid_parameter", "Avatar not found or you don't have access", LOOK),
        (AvatarVideo(avatar_id="x", script="Hi"), "avatar_not_found", "Avatar x not found", LOOK),
        (None, "voice_not_found", "", VOICE),
    ],
)
def test_a_job_that_failed_for_an_id_says_which_is_wanted(
    request_: Request[object] | None, code: str, message: str | None, wanted: str
) -> None:
    assert wanted in hint_for_failure(request_, code, message)


@pytest.mark.parametrize(("code", "message"), [("rendering_failed", "Timed out"), (None, None), ("", "No avatar")])
def test_a_job_that_failed_for_something_else_hints_at_nothing(code: str | None, message: str | None) -> None:
    assert hint_for_failure(None, code, message) == ""


@pytest.mark.anyio
async def test_an_item_of_a_batch_explains_a_group_id(heygen: HeyGen, clock: ManualClock) -> None:
    person = await heygen.avatars.list().first()
    assert person is not None
    batch = await heygen.videos.batches.create(videos=[AvatarVideo(avatar_id=person.id, script="Hi")])
    again = await heygen.videos.batches.jobs(batch.batch_id)
    for job in (*batch.jobs, *again):
        with pytest.raises(JobFailed, match=r"avatar_id wants the id of a look.*looks\.list\(group_id=…\)"):
            await clock.drive(job.wait())


@pytest.mark.anyio
async def test_a_look_that_is_picked_up_as_a_person_is_explained(heygen: HeyGen, clock: ManualClock) -> None:
    look = await heygen.avatars.looks.list().first()
    assert look is not None
    with pytest.raises(JobGone, match=r"group_id wants the id of a person.*heygen\.avatars\.list\(\)"):
        await clock.drive(heygen.avatars.job(look.id).wait())


@pytest.mark.anyio
async def test_a_person_that_is_picked_up_as_a_look_is_explained(heygen: HeyGen, clock: ManualClock) -> None:
    person = await heygen.avatars.list().first()
    assert person is not None
    with pytest.raises(JobGone, match=r"look_id wants the id of a look.*looks\.list\(group_id=…\)"):
        await clock.drive(heygen.avatars.looks.job(person.id).wait())


@pytest.mark.anyio
async def test_a_look_that_was_made_here_and_is_gone_was_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    await heygen.avatars.looks.delete(job.id)
    with pytest.raises(JobGone, match=r"or of another account$"):
        await clock.drive(job.wait())


@pytest.mark.anyio
async def test_a_video_that_is_gone_has_no_ids_to_mix_up(heygen: HeyGen, clock: ManualClock) -> None:
    with pytest.raises(JobGone, match=r"or of another account$"):
        await clock.drive(heygen.videos.job("nobody").wait())
