"""A wrong id: which kind was wanted, and how to list them."""

import pytest

from heygen_async import (
    AvatarVideo,
    BadRequest,
    HeyGen,
    HeyGenError,
    NotFound,
    StudioVideo,
)
from heygen_async.api.avatars import GetAvatar, GetLook, PromptAvatar
from heygen_async.api.scenes import AvatarScene, SceneAvatar
from heygen_async.api.users import GetMe
from heygen_async.api.voices import GetVoice
from heygen_async.hints import hint_for
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
