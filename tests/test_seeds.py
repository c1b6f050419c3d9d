"""The five documents that this package began with, each followed step by step through the package itself.

Two guides and a reference page of v3 (a photo avatar, an image that speaks, all fields of a video), and two of the
time before: HeyGen's notes on photo avatars in v2, and its guide to avatar videos.
"""

from pathlib import Path
from typing import Any

import pytest
from photos import jpeg

from heygen_async import (
    Asset,
    AvatarVideo,
    Background,
    HeyGen,
    ImageVideo,
    JobFailed,
    ManualClock,
    NotFound,
    PhotoAvatar,
    RequestInvalid,
    Url,
    VoiceSettings,
    video_from_wire,
)
from heygen_async.codec import encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.legacy import AvatarCharacter, Dimension, TalkingPhotoCharacter, TextVoice, VideoInput

pytestmark = pytest.mark.anyio
legacy = pytest.mark.filterwarnings("ignore::heygen_async.sunset.LegacyWarning")

PORTRAIT = Url("https://example.com/portrait.jpg")
HOOK = "https://example.com/hook"


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    path = tmp_path / "portrait.jpg"
    path.write_bytes(jpeg(800, 800))
    return path


async def first_voice(heygen: HeyGen) -> str:
    voice = await heygen.voices.list().first()
    assert voice is not None
    return voice.voice_id


class TestPhotoAvatar:
    """The guide to photo avatars: make one, make a video with it, and what only photo avatars can."""

    async def test_a_photo_at_an_address_becomes_an_avatar_and_a_video(
        self, heygen: HeyGen, clock: ManualClock, tmp_path: Path
    ) -> None:
        created = await heygen.avatars.create(PhotoAvatar(name="Sarah — Marketing", file=PORTRAIT))
        look = await clock.drive(created.wait())
        assert (look.id, look.group_id) == (created.id, created.receipt.avatar_group.id)
        job = await heygen.videos.create(
            AvatarVideo(
                avatar_id=look.id,
                script="Hi there! This video was made from one photo.",
                voice_id=await first_voice(heygen),
                title="Photo Avatar Demo",
                resolution="1080p",
                aspect_ratio="16:9",
            )
        )
        assert (await heygen.videos.get(job.id)).status == "pending"
        await clock.advance(30)
        assert (await heygen.videos.get(job.id)).status == "processing"
        video = await clock.drive(job)
        assert (video.status, video.title) == ("completed", "Photo Avatar Demo")
        assert (await clock.drive(job.download(tmp_path))).name == "Photo Avatar Demo.mp4"

    async def test_an_uploaded_photo_becomes_one_too(self, heygen: HeyGen, portrait: Path) -> None:
        asset = await heygen.assets.upload(portrait)
        created = await heygen.avatars.create(PhotoAvatar(name="Sarah — Marketing", file=Asset(asset.asset_id)))
        assert (await created).avatar_type == "photo_avatar"

    async def test_a_render_that_fails_says_so(self, heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
        emulator.faults.add(Fault(FailRender("rendering_failed", "Something went wrong"), path="/v3/videos"))
        job = await heygen.videos.create(AvatarVideo(avatar_id="Tom_photo_20250204", script="Hi"))
        with pytest.raises(JobFailed, match="Something went wrong"):
            await clock.drive(job)

    async def test_a_public_preset_moves_as_it_is_told(
        self, heygen: HeyGen, emulator: Emulator, clock: ManualClock
    ) -> None:
        preset = await heygen.avatars.looks.list(avatar_type="photo_avatar", ownership="public").first()
        assert preset is not None
        job = await heygen.videos.create(
            AvatarVideo(
                avatar_id=preset.id,
                script="Let me show you our quarterly results.",
                voice_id=await first_voice(heygen),
                motion_prompt="gesturing with hands while presenting",
                expressiveness="high",
                remove_background=True,
                background=Background(type="color", value="#F5F5F5"),
                voice_settings=VoiceSettings(speed=1.1, pitch=2, locale="en-GB"),
                callback_url=HOOK,
            )
        )
        assert (await clock.drive(job)).status == "completed"
        assert emulator.account.videos[job.id].request.callback_url == HOOK


class TestImageToVideo:
    """The guide to images that speak: by address and by asset, with a script or a sound."""

    async def test_an_image_at_an_address_speaks(self, heygen: HeyGen, clock: ManualClock) -> None:
        job = await heygen.videos.create(
            ImageVideo(
                image=Url("https://example.com/person.jpg"),
                script="Hello! This video was made of a photo, and no avatar.",
                voice_id=await first_voice(heygen),
                title="Image to Video Demo",
                resolution="1080p",
                aspect_ratio="16:9",
            )
        )
        assert (await clock.drive(job)).video_url

    async def test_an_uploaded_image_speaks_and_heygen_is_asked_to_call(
        self, heygen: HeyGen, emulator: Emulator, clock: ManualClock, portrait: Path
    ) -> None:
        asset = await heygen.assets.upload(portrait)
        job = await heygen.videos.create(
            ImageVideo(
                image=Asset(asset.asset_id),
                script="Made from an asset.",
                voice_id=await first_voice(heygen),
                remove_background=True,
                background=Background(type="image", url="https://example.com/office.png"),
                voice_settings=VoiceSettings(speed=0.5, pitch=-50, locale="en-US"),
                callback_url=HOOK,
                callback_id="mine",
            )
        )
        assert (await clock.drive(job)).status == "completed"
        request = emulator.account.videos[job.id].request
        assert (request.callback_url, request.callback_id) == (HOOK, "mine")

    async def test_a_sound_takes_the_place_of_a_script(self, heygen: HeyGen, clock: ManualClock) -> None:
        job = await heygen.videos.create(
            ImageVideo(
                image=Url("https://example.com/person.jpg"),
                audio_url="https://example.com/narration.mp3",
                title="Image-to-Video with custom audio",
            )
        )
        assert (await clock.drive(job)).title == "Image-to-Video with custom audio"

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"script": "Hi"}, "voice_id: is required with a script"),
            ({"script": "Hi", "audio_url": "https://example.com/a.mp3"}, "script: cannot go together with audio_url"),
            ({"audio_url": "https://example.com/a.mp3", "audio_asset_id": "a"}, "audio_url: cannot go together"),
            ({}, "script: is missing"),
        ],
    )
    def test_there_is_one_source_of_words(self, fields: Any, rule: str) -> None:
        with pytest.raises(RequestInvalid, match=rule):
            ImageVideo(image=PORTRAIT, **fields)

    def test_an_avatar_and_an_image_exclude_each_other(self) -> None:
        with pytest.raises(RequestInvalid, match="avatar_id and image cannot go together"):
            video_from_wire({"avatar_id": "a", "image_url": PORTRAIT.url, "script": "Hi", "voice_id": "v"})

    def test_two_images_exclude_each_other(self) -> None:
        with pytest.raises(RequestInvalid, match="image_asset_id: cannot go together with image_url"):
            video_from_wire({"image_url": PORTRAIT.url, "image_asset_id": "a", "script": "Hi", "voice_id": "v"})


class TestCreateVideo:
    """The reference page: a body with every field, as the page prints it."""

    BODY: dict[str, Any] = {  # noqa: RUF012  # never changed
        "type": "avatar",
        "avatar_id": "Anna_public_3_20240108",
        "title": "Everything",
        "resolution": "1080p",
        "aspect_ratio": "9:16",
        "background": {"type": "image", "asset_id": "a"},
        "remove_background": True,
        "callback_url": HOOK,
        "callback_id": "mine",
        "script": "Hello!",
        "voice_id": "v",
        "voice_settings": {"speed": 1, "pitch": 0, "locale": "en-US"},
        "motion_prompt": "waves",
        "expressiveness": "high",
    }

    def test_every_field_goes_over_the_wire_under_its_name(self) -> None:
        request = AvatarVideo(
            avatar_id="Anna_public_3_20240108",
            title="Everything",
            resolution="1080p",
            aspect_ratio="9:16",
            background=Background(type="image", asset_id="a"),
            remove_background=True,
            callback_url=HOOK,
            callback_id="mine",
            script="Hello!",
            voice_id="v",
            voice_settings=VoiceSettings(speed=1, pitch=0, locale="en-US"),
            motion_prompt="waves",
            expressiveness="high",
        )
        sendable = encode(request)
        assert (sendable.method, sendable.path, sendable.body) == ("POST", "/v3/videos", self.BODY)
        assert video_from_wire(self.BODY) == request

    @pytest.mark.parametrize("name", ["audio_url", "audio_asset_id"])
    def test_a_sound_excludes_a_script(self, name: str) -> None:
        with pytest.raises(RequestInvalid, match=f"script: cannot go together with {name}"):
            video_from_wire(self.BODY | {name: "https://example.com/a.mp3"})

    @pytest.mark.parametrize(
        ("name", "value"),
        [("resolution", "8k"), ("aspect_ratio", "3:2"), ("expressiveness", "mad"), ("script", ""), ("avatar_id", None)],
    )
    def test_a_value_that_the_page_does_not_list_is_named(self, name: str, value: Any) -> None:
        with pytest.raises(RequestInvalid, match=rf"\b{name}: "):
            video_from_wire(self.BODY | {name: value})


@legacy
class TestLegacyPhotoAvatars:
    """The notes on photo avatars in v2: talking photos, Avatar IV, groups, generated photos, and their end."""

    async def test_a_photo_becomes_a_video(
        self, heygen: HeyGen, clock: ManualClock, portrait: Path, tmp_path: Path
    ) -> None:
        asset = await heygen.legacy.assets.upload_photo(portrait)
        talking = await heygen.legacy.talking_photos.create(image_url=f"https://files.heygen.ai/asset/{asset.id}")
        job = await heygen.legacy.videos.generate(
            video_inputs=[
                VideoInput(
                    character=TalkingPhotoCharacter(talking_photo_id=talking.talking_photo_id),
                    voice=TextVoice(voice_id=await first_voice(heygen), input_text="Hello! This is my talking photo."),
                )
            ],
            dimension=Dimension(width=1920, height=1080),
        )
        video = await clock.drive(job)
        assert video.video_url
        assert (await clock.drive(job.download(tmp_path / "talking.mp4"))).exists()

    @pytest.mark.parametrize("orientation", ["portrait", "landscape", "square"])
    async def test_avatar_iv_animates_a_photo(
        self, orientation: Any, heygen: HeyGen, emulator: Emulator, clock: ManualClock, portrait: Path
    ) -> None:
        asset = await heygen.legacy.assets.upload_photo(portrait)
        job = await heygen.legacy.videos.generate_av4(
            image_key=asset.image_key or "",
            script="Hello! This is Avatar IV.",
            voice_id=await first_voice(heygen),
            video_orientation=orientation,
            video_title="My Avatar IV Video",
            fit="cover",
            custom_motion_prompt="nodding head and smiling",
            enhance_custom_motion_prompt=True,
        )
        assert (await clock.drive(job)).status == "completed"
        shapes = {"portrait": "9:16", "landscape": "16:9", "square": "1:1"}
        assert emulator.account.videos[job.id].request.aspect_ratio == shapes[orientation]

    async def test_looks_are_organized_in_groups(self, heygen: HeyGen, portrait: Path) -> None:
        key = (await heygen.legacy.assets.upload_photo(portrait)).image_key or ""
        group = await heygen.legacy.photo_avatars.create_group(image_key=key, name="Sarah")
        added = await heygen.legacy.photo_avatars.add(group_id=group.group_id or "", image_keys=[key], name="Outdoors")
        assert [look.name for look in added.photo_avatar_list] == ["Outdoors"]

    async def test_a_person_is_generated_watched_used_read_and_deleted(
        self, heygen: HeyGen, clock: ManualClock
    ) -> None:
        photos = heygen.legacy.photo_avatars
        job = await photos.generate(
            name="Tech Demo Presenter",
            age="Early Middle Age",
            gender="Man",
            ethnicity="East Asian",
            orientation="horizontal",
            pose="half_body",
            style="Realistic",
            appearance="Dark gray suit, no tie, a window behind, minimalist office",
        )
        assert (await photos.generation(job.id)).status == "pending"
        generated = await clock.drive(job)
        made = await heygen.legacy.videos.generate_av4(
            image_key=generated.keys[0],
            video_title="Demo",
            script="Hello!",
            voice_id=await first_voice(heygen),
        )
        assert (await clock.drive(made)).status == "completed"
        look = await photos.create_group(name="Presenter", image_key=generated.keys[0], generation_id=job.id)
        assert (await photos.get(look.id)).name == "Presenter"
        await photos.delete(look.id)
        with pytest.raises(NotFound):
            await photos.get(look.id)

    async def test_a_vague_wish_is_not_enough(self, heygen: HeyGen) -> None:
        incomplete: Any = {"name": "A professional man", "appearance": "professional"}
        with pytest.raises(TypeError, match="age"):
            heygen.legacy.photo_avatars.generate(**incomplete)


@legacy
class TestLegacyAvatarVideos:
    """The guide to avatar videos: choose, generate, look, download."""

    async def test_from_the_lists_to_the_file(self, heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
        avatar = (await heygen.legacy.avatars.list()).avatars[0]
        assert (avatar.avatar_name, avatar.gender) == ("Anna in the office", "female")
        voice = (await heygen.legacy.voices.list()).list[0]
        assert (voice.display_name, voice.language, voice.locale) == ("Emma", "English", "en-US")
        job = await heygen.legacy.videos.generate(
            video_inputs=[
                VideoInput(
                    character=AvatarCharacter(avatar_id=avatar.avatar_id, avatar_style="normal"),
                    voice=TextVoice(voice_id=voice.voice_id, input_text="Welcome to the HeyGen API!", speed=1.1),
                )
            ],
            dimension=Dimension(width=1280, height=720),
        )
        seen = []
        for _ in range(2):
            seen.append((await heygen.legacy.videos.status(job.id)).status)
            await clock.advance(10)
        assert seen == ["pending", "processing"]
        video = await clock.drive(job)
        assert (video.status, video.error) == ("completed", None)
        await clock.advance(5)
        fresh = await heygen.legacy.videos.status(job.id)
        assert fresh.video_url != video.video_url, "each look at the status signs a new link"
        path = await clock.drive(job.download(tmp_path / "output.mp4"))
        assert path.stat().st_size == 3000

    async def test_a_video_that_is_too_long_fails_with_its_number(
        self, heygen: HeyGen, emulator: Emulator, clock: ManualClock
    ) -> None:
        emulator.faults.add(Fault(FailRender("40119", "Video is too long (> 3600.0s)"), path="/v2/video/generate"))
        scene = VideoInput(
            character=AvatarCharacter(avatar_id="Anna_public_3_20240108"),
            voice=TextVoice(voice_id=await first_voice(heygen), input_text="On and on"),
        )
        job = await heygen.legacy.videos.generate(video_inputs=[scene])
        with pytest.raises(JobFailed, match=r"too long \(> 3600\.0s\) \(code 40119\)"):
            await clock.drive(job)
