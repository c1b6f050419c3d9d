from typing import Any, cast

import pytest
from attrs import frozen

from heygen_async.api.speech import ElevenLabs, Fish, Spoken, Starfish, VoiceSettings
from heygen_async.errors import RequestInvalid

NAMES = "script, audio_url, audio_asset_id"
SOUND = "https://example.com/narration.mp3"


@frozen(kw_only=True)
class WithDefaultVoice(Spoken):
    needs_voice = False


@frozen(kw_only=True)
class Silent(Spoken):
    needs_sound = False


def wrong(cls: type[Spoken], **given: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        cls(**given)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("cls", "given"),
    [
        (Spoken, {"script": "Hi", "voice_id": "v"}),
        (Spoken, {"audio_url": SOUND}),
        (Spoken, {"audio_asset_id": "a"}),
        (Spoken, {"audio_asset_id": "a", "voice_id": "v"}),
        (WithDefaultVoice, {"script": "Hi"}),
        (Silent, {}),
    ],
)
def test_one_source_of_sound_is_right(cls: type[Spoken], given: Any) -> None:
    cls(**given)


@pytest.mark.parametrize(
    ("cls", "given", "problems"),
    [
        (Spoken, {}, ["script: is missing; one of script, audio_url, audio_asset_id is needed"]),
        (WithDefaultVoice, {}, ["script: is missing; one of script, audio_url, audio_asset_id is needed"]),
        (Spoken, {"script": "Hi"}, ["voice_id: is required with a script"]),
        (Silent, {"script": "Hi"}, ["voice_id: is required with a script"]),
        (
            Silent,
            {"script": "Hi", "audio_url": SOUND},
            ["script: cannot go together with audio_url; use one of script, audio_url, audio_asset_id"],
        ),
        (
            Spoken,
            {"script": "Hi", "audio_url": SOUND, "audio_asset_id": "a"},
            ["script: cannot go together with audio_url and audio_asset_id; use one of " + NAMES],
        ),
        (
            Spoken,
            {"audio_url": SOUND, "audio_asset_id": "a"},
            ["audio_url: cannot go together with audio_asset_id; use one of script, audio_url, audio_asset_id"],
        ),
        (
            WithDefaultVoice,
            {"script": "x" * 6000},
            ["script: has 6,000 characters; at most 5,000 are allowed"],
        ),
    ],
)
def test_none_or_more_than_one_or_no_voice_is_told(cls: type[Spoken], given: Any, problems: list[str]) -> None:
    assert wrong(cls, **given) == problems


def test_a_script_of_exactly_the_longest_length_is_right() -> None:
    WithDefaultVoice(script="ü" * 5000)


@pytest.mark.parametrize("stability", [None, 0, 0.5, 1])
def test_eleven_v3_takes_three_stabilities(stability: float | None) -> None:
    assert ElevenLabs(model="eleven_v3", stability=stability).stability == stability


def test_eleven_v3_refuses_others_and_other_models_take_them() -> None:
    ElevenLabs(model="eleven_v4", stability=0.3)
    ElevenLabs(stability=0.3)
    with pytest.raises(RequestInvalid, match=r"stability: must be 0, 0\.5 or 1 with the model eleven_v3"):
        ElevenLabs(model="eleven_v3", stability=0.3)


@pytest.mark.parametrize(("field", "low", "high"), [("speed", 0.5, 1.5), ("pitch", -50, 50), ("volume", 0, 1)])
def test_a_voice_is_set_within_its_bounds(field: str, low: float, high: float) -> None:
    for good in (low, high, None):
        VoiceSettings(**cast(Any, {field: good}))
    for bad in (low - 0.1, high + 0.1):
        with pytest.raises(RequestInvalid, match=f"{field}: is .*; it must lie between {low:g} and {high:g}"):
            VoiceSettings(**cast(Any, {field: bad}))


def test_settings_of_every_engine_go_with_a_voice() -> None:
    for settings in (ElevenLabs(style=1), Fish(model="s2-pro", similarity=0.5), Starfish()):
        assert VoiceSettings(engine_settings=settings).engine_settings == settings
