"""Who can do what: what we refuse before anything is sent is what the emulator refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.api.engines import AvatarIII, AvatarIV, AvatarV
from heygen_async.api.looks import AvatarFault, AvatarLook
from heygen_async.api.media import Url
from heygen_async.api.scenes import AvatarScene, ImageScene, SceneAvatar
from heygen_async.api.speech import VoiceSettings
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo, VideoRequest
from heygen_async.bulk.auditions import Cast, Doubt, audition, wanted_looks, wanted_voices
from heygen_async.bulk.roster import KnownVoice
from heygen_async.emulator.account import Account
from heygen_async.emulator.performers import performer, speech
from heygen_async.emulator.presets import settle_in
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.rendering import Slots
from heygen_async.emulator.wallet import Wallet
from heygen_async.errors import Problem, RequestInvalid


def _account() -> Account:
    account = Account(wallet=Wallet(100), slots=Slots(10))
    settle_in(account)
    return account


ACCOUNT = _account()
CAST = Cast(
    looks={
        one.id: AvatarLook(
            one.id,
            group_id=one.person.id,
            avatar_type=one.avatar_type,
            default_voice_id=one.default_voice_id,
            supported_api_engines=one.engines,
        )
        for one in ACCOUNT.looks.values()
    },
    voices={one.id: KnownVoice(one.id, language=one.language) for one in ACCOUNT.voices.values()},
    persons={},
)
VOICE = next(iter(ACCOUNT.voices))
LOOKS = [*ACCOUNT.looks, "nobody"]
ENGINES = st.one_of(
    st.sampled_from([None, AvatarIII(), AvatarIV(), AvatarV()]),
    st.sampled_from(LOOKS).map(lambda look: AvatarV(reference_look_id=look)),
)


@st.composite
def requests(draw: st.DrawFn) -> AvatarVideo | None:
    """A request that its class lets pass."""
    try:
        return AvatarVideo(
            avatar_id=draw(st.sampled_from(LOOKS)),
            script="Hello",
            voice_id=draw(st.sampled_from([None, VOICE, "nobody"])),
            engine=draw(ENGINES),
            motion_prompt=draw(st.sampled_from([None, "nod"])),
            expressiveness=draw(st.sampled_from([None, "high"])),
        )
    except RequestInvalid:
        return None


def refused(request: AvatarVideo) -> bool:
    try:
        who = performer(ACCOUNT, request, "")
        speech(ACCOUNT, request, who.look, "")
    except Refusal:
        return True
    return False


@given(requests())
def test_we_refuse_what_the_emulator_refuses_and_nothing_else(request: AvatarVideo | None) -> None:
    if request is not None:
        problems = [one for one in audition(request, CAST) if isinstance(one, Problem)]
        assert bool(problems) == refused(request), problems
        assert len({str(problem) for problem in problems}) == len(problems)


def cast(**looks: AvatarLook) -> Cast:
    return Cast({look.id: look for look in looks.values()}, {"voice": KnownVoice("voice")}, {"anna": ["anna_1"]})


def look(**fields: Any) -> AvatarLook:
    return AvatarLook("look", **{"default_voice_id": "voice", "avatar_type": "photo_avatar"} | fields)


def video(**fields: Any) -> AvatarVideo:
    return AvatarVideo(**{"avatar_id": "look", "script": "Hello"} | fields)


def said(request: VideoRequest, among: Cast) -> list[str]:
    return [f"{one.field}: {one.reason}" for one in audition(request, among) if isinstance(one, Problem)]


def doubted(request: VideoRequest, among: Cast) -> list[Doubt]:
    return [one for one in audition(request, among) if isinstance(one, Doubt)]


@pytest.mark.parametrize(
    ("found", "request_", "reason"),
    [
        (look(), video(avatar_id="anna"), "avatar_id: anna is a person's id; a video wants one of their looks, such"),
        (look(), video(avatar_id="bob"), "avatar_id: this account has no look bob"),
        (look(status="pending_consent"), video(), "avatar_id: look needs the person's consent first"),
        (
            look(status="failed", error=AvatarFault("x", "No face")),
            video(),
            "avatar_id: look cannot be used, it is failed: No face",
        ),
        (look(status="processing"), video(), "avatar_id: look cannot be used, it is processing"),
        (look(default_voice_id=None), video(), "voice_id: is missing: look has no voice of its own"),
        (look(default_voice_id="gone"), video(), "voice_id: this account has no voice gone"),
        (
            look(supported_api_engines=("avatar_iii",)),
            video(motion_prompt="nod"),
            "motion_prompt: is not supported by avatar_iii for look, a photo_avatar",
        ),
    ],
)
def test_a_reason_says_what_would_be_right(found: AvatarLook, request_: AvatarVideo, reason: str) -> None:
    (problem,) = said(request_, cast(found=found))
    assert problem.startswith(reason)


def test_a_clone_that_is_not_ready_cannot_speak() -> None:
    among = Cast({"look": look()}, {"voice": KnownVoice("voice", status="processing")}, {})
    assert said(video(), among) == ["voice_id: voice cannot be used, it is processing"]
    assert said(video(script=None, audio_asset_id="sound"), among) == []


def test_what_heygen_does_not_say_before_is_a_doubt() -> None:
    filmed = cast(found=look(avatar_type="digital_twin"))
    assert [doubt.about for doubt in doubted(video(output_format="webm"), filmed)] == ["output_format"]
    assert [doubt.about for doubt in doubted(video(remove_background=True), filmed)] == ["remove_background"]
    assert doubted(video(), filmed) == []
    assert doubted(video(output_format="webm"), cast(found=look())) == []


def test_a_voice_without_pauses_or_accents_is_doubted() -> None:
    plain = Cast({"look": look()}, {"voice": KnownVoice("voice", pauses=False, locales=False)}, {})
    paused = video(script='Wait <break time="1s"/> here', voice_settings=VoiceSettings(locale="en-GB"))
    assert [doubt.about for doubt in doubted(paused, plain)] == ["voice_settings.locale", "script"]
    assert doubted(paused, cast(found=look())) == []
    assert doubted(video(), plain) == []


def test_scenes_are_named_by_their_place() -> None:
    told = ImageScene(source=Url("https://example.com/a.png"), script="Hello", voice_id="gone")
    speaker = AvatarScene(input=SceneAvatar(avatar_id="bob", script="Hello", voice_id="voice"))
    studio = StudioVideo(scenes=[speaker, told])
    assert said(studio, cast(found=look())) == [
        "scenes.0.input.avatar_id: this account has no look bob",
        "scenes.1.voice_id: this account has no voice gone",
    ]


def test_a_film_needs_its_looks_and_a_picture_needs_its_voice() -> None:
    film = CinematicVideo(avatar_id=["look", "bob"], prompt="A walk")
    assert said(film, cast(found=look())) == ["avatar_id: this account has no look bob"]
    picture = ImageVideo(image=Url("https://example.com/a.png"), script="Hello", voice_id="gone")
    assert said(picture, cast(found=look())) == ["voice_id: this account has no voice gone"]


def wanted(request: VideoRequest) -> tuple[list[str], list[str]]:
    def voices() -> Iterator[str]:
        return wanted_voices(request, {"look": look()})

    return list(wanted_looks(request)), list(voices())


def test_who_is_wanted_is_looked_up_and_nobody_else() -> None:
    assert wanted(video()) == (["look"], ["voice"])
    assert wanted(video(voice_id="mine")) == (["look"], ["mine"])
    assert wanted(video(script=None, audio_asset_id="sound")) == (["look"], [])
    assert wanted(video(avatar_id="other")) == (["other"], [])
    assert wanted(video(engine=AvatarV(reference_look_id="twin"))) == (["look", "twin"], ["voice"])
    assert wanted(CinematicVideo(avatar_id=["a", "b"], prompt="A walk")) == (["a", "b"], [])
    still = ImageScene(source=Url("https://example.com/a.png"), duration=2)
    assert wanted(StudioVideo(scenes=[still])) == ([], [])
