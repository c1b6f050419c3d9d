"""Calls that are right, and what both type checkers must know of their answers. Never run."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import assert_type

import attrs

from heygen_async.api.assets import DeletedAsset, GetAsset, StoredAsset, UploadedAsset
from heygen_async.api.avatars import (
    AvatarGroup,
    AvatarLook,
    CreatedAvatar,
    CreatedLooks,
    DeletedAvatar,
    PhotoAvatar,
    TemplateLooks,
)
from heygen_async.api.batches import Batch, BulkStatus, CreatedBatch
from heygen_async.api.bodies import video_from_wire
from heygen_async.api.engines import AvatarIV
from heygen_async.api.media import Asset, LocalFile, Url
from heygen_async.api.scenes import AvatarScene, Background, ImageScene, SceneAvatar
from heygen_async.api.users import User
from heygen_async.api.videos import (
    AvatarVideo,
    Caption,
    CinematicVideo,
    CreatedVideo,
    DeletedVideo,
    GetVideo,
    ImageVideo,
    ListVideos,
    StudioVideo,
    Video,
    VideoJob,
    VideoRequest,
)
from heygen_async.api.voices import GetVoice, Voice, VoiceDetail
from heygen_async.client import HeyGen
from heygen_async.codec import decode
from heygen_async.job import Completed, Failed, Gone, Job, Rendering, Waiting
from heygen_async.operation import Page, PageRequest, Request
from heygen_async.resource import Pages


async def reading(heygen: HeyGen) -> None:
    """A method takes the fields of its request, ids by position, and returns its answer."""
    assert_type(await heygen.voices.get("v"), VoiceDetail)
    assert_type(await heygen.voices.get(voice_id="v"), VoiceDetail)
    assert_type(await heygen.videos.get("v"), Video)
    assert_type(await heygen.videos.delete("v"), DeletedVideo)
    assert_type(await heygen.videos.statuses(video_ids=["v"]), Page[BulkStatus])
    assert_type(await heygen.videos.batches.get("b", limit=5), Batch)
    assert_type(await heygen.assets.get("a"), StoredAsset)
    assert_type(await heygen.assets.delete("a"), DeletedAsset)
    assert_type(await heygen.avatars.get("g"), AvatarGroup)
    assert_type(await heygen.avatars.delete("g"), DeletedAvatar)
    assert_type(await heygen.avatars.looks.get("l"), AvatarLook)
    assert_type(await heygen.users.me(), User)


async def listing(heygen: HeyGen) -> None:
    """A list is typed by what is on its pages."""
    assert_type(heygen.voices.list(language="English", limit=50), Pages[Voice])
    async for voice in heygen.voices.list(type="private"):
        assert_type(voice, Voice)
    async for page in heygen.videos.list(title="Launch").pages():
        assert_type(page, Page[Video])
        assert_type(page.items, Sequence[Video])
    assert_type(await heygen.avatars.looks.list(avatar_type="photo_avatar").first(), AvatarLook | None)
    async for asset in heygen.assets.list(username="u"):
        assert_type(asset, StoredAsset)


async def writing(heygen: HeyGen) -> None:
    """A creation takes a request and returns its receipt."""
    portrait = Url("https://example.com/a.png")
    photo = PhotoAvatar(name="Sarah", file=portrait)
    assert_type(await heygen.avatars.create(photo, idempotency_key="k"), CreatedAvatar)
    template = TemplateLooks(reference_look_id="l", template_id="t")
    assert_type(await heygen.avatars.looks.create(template), CreatedLooks)
    assert_type(await heygen.avatars.update("g", default_voice_id="v"), AvatarGroup)
    assert_type(await heygen.avatars.looks.update("l", name="Summer"), AvatarLook)
    assert_type(await heygen.assets.upload(Path("a.png")), UploadedAsset)
    assert_type(await heygen.assets.upload("a.png", idempotency_key="k"), UploadedAsset)
    video = AvatarVideo(avatar_id="a", script="Hi")
    assert_type(await heygen.videos.batches.create(videos=[video], title="Launch"), CreatedBatch)


async def rendering(heygen: HeyGen) -> None:
    """A video is a job, which is awaited for the video and downloaded to a path or a file."""
    job = await heygen.videos.create(AvatarVideo(avatar_id="a", script="Hi", voice_id="v"))
    assert_type(job, VideoJob)
    assert_type(job, Job[Video])
    assert_type(await job, Video)
    assert_type(await job.wait(timeout=5), Video)
    assert_type(await job.wait(timedelta(minutes=5)), Video)
    assert_type(await job.download("hello.mp4"), Path)
    assert_type(await job.download(Path("videos"), overwrite=True), Path)
    await job.download(BytesIO())
    assert_type(heygen.videos.job("v").status, str)
    async for state in job.states():
        match state:
            case Completed(video):
                assert_type(video, Video)
            case Failed(code, message):
                assert_type((code, message), tuple[str | None, str | None])
            case Waiting() | Rendering() | Gone():
                pass


async def kinds(heygen: HeyGen) -> None:
    """All kinds of video, with every kind of file."""
    image = ImageVideo(image=LocalFile("a.png"), audio_url=LocalFile(Path("a.mp3")))
    cinematic = CinematicVideo(avatar_id=["a"], prompt="A walk", duration=5, resolution="720p")
    studio = StudioVideo(
        scenes=[
            AvatarScene(input=SceneAvatar(avatar_id="a", script="Hi", engine=AvatarIV())),
            ImageScene(source=Asset("x"), duration=2.5),
        ],
        resolution="4k",
        caption=Caption(style="default"),
    )
    for request in (image, cinematic, studio):
        assert_type(await heygen.videos.create(request), Job[Video])
    assert_type(video_from_wire({"avatar_id": "a", "script": "Hi"}), VideoRequest)
    white = Background(type="color", value="#FFFFFF")
    changed = attrs.evolve(AvatarVideo(avatar_id="a", script="Hi"), title="Two", background=white)
    assert_type(changed, AvatarVideo)


async def values(heygen: HeyGen) -> None:
    """A request is a value that knows its answer, wherever it goes."""
    assert_type(await heygen.send(GetVoice("v")), VoiceDetail)
    assert_type(await heygen.send(AvatarVideo(avatar_id="a", script="Hi")), CreatedVideo)
    assert_type(await heygen.send(ListVideos()), Page[Video])
    assert_type(decode(GetAsset("a"), 200, {}, b""), StoredAsset)


async def covariance(heygen: HeyGen, anything: Request[object], many: PageRequest[object]) -> None:
    """A request for a special thing is a request for a general one."""
    assert_type(await heygen.send(anything), object)
    assert_type(await heygen.send(many), Page[object])
    await covariance(heygen, GetVideo("v"), ListVideos())
