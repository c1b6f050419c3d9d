"""What videos are quoted, by what is known of those who perform."""

from pathlib import Path
from typing import Any

import pytest
from waves import wav

from heygen_async.api.engines import AvatarIII, AvatarIV, AvatarV
from heygen_async.api.looks import AvatarLook
from heygen_async.api.media import LocalFile, Url
from heygen_async.api.scenes import AvatarScene, ClipScene, ImageScene, SceneAvatar
from heygen_async.api.speech import VoiceSettings
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo
from heygen_async.bulk.prices import ENTERPRISE
from heygen_async.bulk.quotes import Known, quote
from heygen_async.bulk.span import Span
from heygen_async.bulk.speaking import seconds_of

SCRIPT = "This is what our new product does, and why you will like it. " * 5
PICTURE = Url("https://example.com/face.png")


def look(avatar_type: str, *engines: str) -> AvatarLook:
    return AvatarLook("look", avatar_type=avatar_type, supported_api_engines=engines, default_voice_id="voice")


def known(avatar_type: str, *engines: str) -> Known:
    return Known(looks={"look": look(avatar_type, *engines)}, languages={"voice": "English"})


def video(**fields: Any) -> AvatarVideo:
    return AvatarVideo(avatar_id="look", **{"script": SCRIPT} | fields)


@pytest.mark.parametrize(
    ("avatar_type", "engines", "engine", "rate"),
    [
        ("photo_avatar", ("avatar_iii", "avatar_iv"), None, 0.05),
        ("photo_avatar", (), None, 0.05),
        ("photo_avatar", ("avatar_iii", "avatar_iv"), AvatarIII(), 0.0433),
        ("digital_twin", ("avatar_iv", "avatar_v"), AvatarV(), 0.0667),
        ("studio_avatar", ("avatar_iii", "avatar_iv"), AvatarIV(), 0.0667),
        ("studio_avatar", ("avatar_iii",), None, 0.0167),
    ],
)
def test_a_known_look_has_one_price_for_a_second(
    avatar_type: str, engines: tuple[str, ...], engine: Any, rate: float
) -> None:
    seconds = seconds_of(SCRIPT, language="English")
    quoted = quote(video(engine=engine), known(avatar_type, *engines))
    assert quoted.seconds == seconds
    assert quoted.rate == Span.exactly(rate)
    assert quoted.usd == seconds * Span.exactly(rate)
    assert quoted.actual(20).high == pytest.approx(20 * rate)
    assert quoted.actual(None) == quoted.usd
    assert f"{len(SCRIPT)} characters, English; {avatar_type} on avatar_" in quoted.basis


def test_of_an_unknown_look_the_price_is_that_of_any() -> None:
    quoted = quote(video())
    assert quoted.rate == Span(0.0167, 0.0667)
    assert "language unknown; ? on ?" in quoted.basis
    for avatar_type in ("photo_avatar", "digital_twin", "studio_avatar"):
        for engines in (("avatar_iii",), ("avatar_iii", "avatar_iv")):
            better = quote(video(), known(avatar_type, *engines))
            assert quoted.usd.low <= better.usd.low <= better.usd.high <= quoted.usd.high


def test_a_kind_of_look_that_is_newer_than_this_counts_as_any() -> None:
    assert quote(video(), known("hologram", "avatar_iv")).rate == Span(0.05, 0.0667)


def test_the_voices_speed_and_language_count() -> None:
    fast = VoiceSettings(speed=1.5)
    assert quote(video(voice_settings=fast)).seconds == seconds_of(SCRIPT, speed=1.5)
    spoken = Known(languages={"german": "German"})
    assert quote(video(voice_id="german"), spoken).seconds == seconds_of(SCRIPT, language="German")
    accent = VoiceSettings(locale="es-MX")
    assert quote(video(voice_id="german", voice_settings=accent), spoken).seconds == seconds_of(SCRIPT, language="es")


def test_4k_and_credits_have_prices_of_their_own() -> None:
    twin = known("digital_twin", "avatar_iv")
    assert quote(video(resolution="4k"), twin).rate == Span.exactly(0.0833)
    assert quote(video(), twin, ENTERPRISE).rate == Span.exactly(0.05)


def test_a_picture_speaks_for_the_price_of_a_photo() -> None:
    quoted = quote(ImageVideo(image=PICTURE, script=SCRIPT, voice_id="voice"))
    assert quoted.rate == Span.exactly(0.05)


def test_a_cinematic_video_has_a_price_whatever_its_length() -> None:
    film = CinematicVideo(avatar_id=["look"], prompt="A walk on the beach")
    assert (quote(film).usd, quote(film).seconds) == (Span.exactly(7), Span.exactly(10))
    assert quote(film).actual(4) == Span.exactly(7)
    chosen = CinematicVideo(avatar_id=["look"], prompt="A walk", auto_duration=True)
    assert quote(chosen).seconds == Span(4, 15)
    assert quote(CinematicVideo(avatar_id=["look"], prompt="A walk", duration=6)).seconds == Span.exactly(6)


def test_a_sound_that_was_measured_is_exact_and_another_goes_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    path.write_bytes(wav(bytes(160_000)))  # ten seconds
    spoken = video(script=None, audio_url=LocalFile(path))
    assert 10 in quote(spoken).seconds
    assert "sound speech.wav" in quote(spoken).basis
    assert quote(spoken, Known(sounds={path: 10.0})).seconds == Span.exactly(10)


def test_a_sound_that_is_anywhere_else_may_last_ten_minutes() -> None:
    quoted = quote(video(script=None, audio_asset_id="sound"), known("photo_avatar"))
    assert quoted.seconds == Span(1, 600)
    assert quoted.usd.high == pytest.approx(30)
    assert "unknown length" in quoted.basis


def test_a_studio_video_costs_what_its_scenes_cost() -> None:
    speaker = AvatarScene(input=SceneAvatar(avatar_id="look", script=SCRIPT))
    still = ImageScene(source=PICTURE, duration=4)
    told = ImageScene(source=PICTURE, script="And there it is.", voice_id="voice")
    alone = quote(video(), known("photo_avatar"))
    quoted = quote(StudioVideo(scenes=[speaker, still, told]), known("photo_avatar"))
    assert quoted.usd.low == alone.usd.low
    assert quoted.usd.high > alone.usd.high
    assert quoted.rate == Span(0, 0.0667)
    assert quoted.basis == "3 scenes"
    assert quote(StudioVideo(scenes=[still])).basis == "4 s of a picture"


def test_a_clip_may_be_as_long_as_a_scene() -> None:
    assert quote(StudioVideo(scenes=[ClipScene(source=PICTURE)])).seconds == Span(0, 1800)
    spoken = ClipScene(source=PICTURE, script=SCRIPT, voice_id="voice")
    assert quote(StudioVideo(scenes=[spoken])).seconds == seconds_of(SCRIPT)
