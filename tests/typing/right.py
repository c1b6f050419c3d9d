"""Calls that are right, and what both type checkers must know of their answers. Never run."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import assert_type

import attrs

from heygen_async.api.agent_sessions import AgentSession
from heygen_async.api.ai_clipping import Clip, Clipping, ClippingSettings
from heygen_async.api.assets import AssetJob, FoundAsset, GetAsset, StoredAsset, UploadedAsset
from heygen_async.api.audio import Sound
from heygen_async.api.avatars import AvatarConsent, AvatarGroup, PhotoAvatar
from heygen_async.api.background_removals import BackgroundRemoval
from heygen_async.api.batches import Batch, BulkStatus, SentBatch
from heygen_async.api.bodies import video_from_wire
from heygen_async.api.brand_glossaries import BrandGlossaryDetail, Pronunciation
from heygen_async.api.brand_kits import BrandKitDetail
from heygen_async.api.compositions import VideoScenes
from heygen_async.api.deletions import ConfirmedDeletion, Deleted
from heygen_async.api.direct_uploads import CompletedUpload
from heygen_async.api.engines import AvatarIV
from heygen_async.api.filler_word_removals import FillerWordRemoval
from heygen_async.api.folders import Folder
from heygen_async.api.lipsyncs import Lipsync
from heygen_async.api.looks import AvatarLook, LookJob, TemplateLooks
from heygen_async.api.media import Asset, LocalFile, Url
from heygen_async.api.model_audio import InstantVoice, ModelSpeech, ModelVoice
from heygen_async.api.model_images import ModelImages
from heygen_async.api.model_videos import ModelVideo, TextToVideo
from heygen_async.api.proofreads import Proofread, ProofreadSrt
from heygen_async.api.scenes import AvatarScene, Background, ImageScene, SceneAvatar
from heygen_async.api.template_variables import TemplateVariable, VariableBinding
from heygen_async.api.templates import Template, TemplateDetail
from heygen_async.api.translated import VideoTranslation
from heygen_async.api.users import User
from heygen_async.api.video_agents import AgentMessage, AgentStyle, AgentTurn
from heygen_async.api.videos import (
    AvatarVideo,
    Caption,
    CinematicVideo,
    CreatedVideo,
    GetVideo,
    ImageVideo,
    ListVideos,
    StudioVideo,
    Video,
    VideoJob,
    VideoRequest,
)
from heygen_async.api.voices import GetVoice, Speech, Voice, VoiceDetail
from heygen_async.bulk.budget import Budget
from heygen_async.bulk.forecast import Forecast
from heygen_async.client import HeyGen
from heygen_async.codec import decode
from heygen_async.job import Completed, Failed, Gone, Job, Rendering, Waiting
from heygen_async.legacy import (
    AvatarCharacter,
    AvatarList,
    Migration,
    PhotoGeneration,
    RawAsset,
    TextVoice,
    VideoInput,
    VideoStatus,
)
from heygen_async.operation import CLEAR, Page, PageRequest, Request
from heygen_async.resource import Pages


async def reading(heygen: HeyGen) -> None:
    """A method takes the fields of its request, ids by position, and returns its answer."""
    assert_type(await heygen.voices.get("v"), VoiceDetail)
    assert_type(await heygen.voices.get(voice_id="v"), VoiceDetail)
    assert_type(await heygen.videos.get("v"), Video)
    assert_type(await heygen.videos.delete("v"), ConfirmedDeletion)
    assert_type(await heygen.videos.statuses(video_ids=["v"]), Page[BulkStatus])
    assert_type(await heygen.videos.batches.get("b", limit=5), Batch)
    assert_type(await heygen.assets.get("a"), StoredAsset)
    assert_type(await heygen.assets.delete("a"), Deleted)
    assert_type(await heygen.avatars.get("g"), AvatarGroup)
    assert_type(await heygen.avatars.delete("g"), Deleted)
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
    assert_type(await heygen.avatars.create(photo, idempotency_key="k"), LookJob)
    template = TemplateLooks(reference_look_id="l", template_id="t")
    assert_type(await heygen.avatars.looks.create(template), Sequence[LookJob])
    assert_type(await heygen.avatars.update("g", default_voice_id="v"), AvatarGroup)
    assert_type(await heygen.avatars.update("g", default_voice_id=CLEAR), AvatarGroup)
    assert_type(await heygen.avatars.looks.update("l", name="Summer"), AvatarLook)
    assert_type(await heygen.assets.upload(Path("a.png")), UploadedAsset)
    assert_type(await heygen.assets.upload("a.png", idempotency_key="k"), UploadedAsset)
    video = AvatarVideo(avatar_id="a", script="Hi")
    assert_type(await heygen.videos.batches.create(videos=[video], title="Launch"), SentBatch[Video])


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


async def dubbing(heygen: HeyGen) -> None:
    """A translation is a job for each language, a lipsync one job, a proofread a job that ends as its words."""
    talk, translations = LocalFile("talk.mp4"), heygen.video_translations
    assert_type(await translations.create(video=talk, output_languages=["German"]), list[Job[VideoTranslation]])
    assert_type(await translations.update("t", title="Talk"), VideoTranslation)
    assert_type(await heygen.lipsyncs.create(video=talk, audio=Asset("a"), mode="precision"), Job[Lipsync])
    assert_type(await heygen.lipsyncs.delete("l"), Deleted)
    jobs = await translations.proofreads.create(video=talk, output_languages=["German"], title="Talk")
    assert_type(jobs, list[Job[ProofreadSrt]])
    assert_type(await translations.proofreads.srt.update("p", srt=LocalFile("talk.srt")), Proofread)
    assert_type(await translations.proofreads.generate("p", translate_audio_only=True), Job[VideoTranslation])


async def uploading(heygen: HeyGen) -> None:
    """A file goes up alone or with others, and is a job while HeyGen looks at it."""
    assert_type(await heygen.assets.upload("a.mp4", direct=True), UploadedAsset)
    assert_type(heygen.assets.job("a"), AssetJob)
    assert_type(await heygen.assets.job("a"), StoredAsset)
    assert_type(await heygen.assets.batches.upload(Path("clips").glob("*.mp4"), title="Clips"), SentBatch[StoredAsset])
    assert_type(await heygen.assets.complete("a", checksum_sha256="0" * 64), CompletedUpload)
    assert_type(await heygen.assets.search(query="a beach", type="image").first(), FoundAsset | None)
    assert_type(heygen.audio.sounds.list(query="piano", min_score=0.5), Pages[Sound])
    assert_type(await heygen.folders.create(name="Launch", type="video"), Folder)


async def cutting(heygen: HeyGen) -> None:
    """Clippings and removals are jobs of their own, a video of a template is a job like all videos."""
    talk, settings = LocalFile("talk.mp4"), ClippingSettings(duration_types=["30", "long"])
    assert_type(await heygen.ai_clipping.create(video=talk, output_settings=settings), Job[Clipping])
    assert_type((await heygen.ai_clipping.get("c")).clips, Sequence[Clip])
    assert_type(await heygen.background_removals.create(video=talk, layers=["mask"]), Job[BackgroundRemoval])
    assert_type(await heygen.filler_word_removals.create(video=talk), Job[FillerWordRemoval])
    assert_type(heygen.templates.list(limit=5), Pages[Template])
    binding = VariableBinding(type="text", match="Ada")
    assert_type(await heygen.templates.variables.update("t", variables={"name": binding}), TemplateDetail)
    tom = TemplateVariable.character("look")
    assert_type(await heygen.templates.generate("t", variables={"name": "Grace", "who": tom}), Job[Video])
    assert_type(await heygen.videos.scenes("v"), VideoScenes)


async def describing(heygen: HeyGen) -> None:
    """A session with the agent leads to a video; voices, brand kits and looks are jobs without one."""
    session = await heygen.video_agents.create(prompt="A minute about bread", mode="chat")
    assert_type(session, AgentSession)
    assert_type(await session.input_needed(), AgentMessage | None)
    assert_type(await session.send("Go ahead", files=[LocalFile("notes.pdf")]), AgentTurn)
    assert_type(await session, Video)
    assert_type(await session.download("bread.mp4"), Path)
    assert_type(await heygen.video_agents.videos.list("s"), Page[Video])
    assert_type(heygen.video_agents.styles.list(tag="print"), Pages[AgentStyle])
    assert_type(await heygen.voices.clone(voice_name="Sarah", audio=Asset("a")), Job[VoiceDetail])
    assert_type(await heygen.voices.speech(voice_id="v", text="Hi"), Speech)
    assert_type(await heygen.brand_kits.create(url="example.com"), Job[BrandKitDetail])
    assert_type(await heygen.brand_glossaries.update("g", terms=[Pronunciation("a", "b")]), BrandGlossaryDetail)
    assert_type(heygen.avatars.looks.job("l"), Job[AvatarLook])
    assert_type(await heygen.avatars.consent("g", reroute_url="https://a/b"), AvatarConsent)


async def modelling(heygen: HeyGen) -> None:
    """What HeyGen's own models make."""
    voice = InstantVoice(name="Sarah", audio=[LocalFile("sarah.wav")])
    assert_type(await heygen.models.audio.voices.create(voice), Job[ModelVoice])
    assert_type(await heygen.models.audio.tts(voice_id="v", text="Hi"), ModelSpeech)
    scene = TextToVideo(model="heygen-video-1", prompt="A beach", resolution="480p")
    assert_type(await heygen.models.videos.create(scene), Job[ModelVideo])
    picture = [Url("https://a/b.png")]
    images = await heygen.models.images.create(
        model="heygen-image-1", identity_images=picture, reference_images=picture
    )
    assert_type(images, Job[ModelImages])


async def paying(heygen: HeyGen, requests: list[VideoRequest]) -> None:
    """A run has a plan before, a bound during, and a bill after."""
    run = heygen.bulk(requests, into="videos", budget=50)
    assert_type(await run.preflight(), Forecast)
    assert_type(run.spending.budget, Budget)
    assert_type([outcome.charged async for outcome in run], list[float | None])
    heygen.bulk(requests, into=Path("videos"), budget=Budget(5.5, spent=1), fold=False)


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


async def older(heygen: HeyGen) -> None:
    """What v1 and v2 had is typed as v3 is."""
    scene = VideoInput(character=AvatarCharacter(avatar_id="a"), voice=TextVoice(voice_id="v", input_text="Hi"))
    assert_type(await heygen.legacy.videos.generate(video_inputs=[scene]), Job[VideoStatus])
    assert_type(await heygen.legacy.videos.status("v"), VideoStatus)
    assert_type(heygen.legacy.photo_avatars.job("g"), Job[PhotoGeneration])
    assert_type(await heygen.legacy.avatars.list(), AvatarList)
    assert_type(await heygen.legacy.assets.upload("a.png"), RawAsset)
    assert_type(heygen.legacy.to_v3({"image_url": "https://a/b.png"}), Migration)
    HeyGen("key", legacy="translate")
