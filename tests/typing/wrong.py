# pyright: reportUnnecessaryTypeIgnoreComment=error
"""Mistakes that both type checkers must find. Never run: where one is found no more, its comment is reported."""

from io import BytesIO
from pathlib import Path

from heygen_async.api.ai_clipping import ClippingSettings
from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.engines import AvatarIII
from heygen_async.api.media import Url
from heygen_async.api.scenes import AvatarScene, Background, ImageScene
from heygen_async.api.speech import ElevenLabs, VoiceSettings
from heygen_async.api.template_variables import VariableBinding
from heygen_async.api.videos import AvatarVideo, CinematicVideo, GetVideo, ImageVideo, StudioVideo
from heygen_async.api.voices import ListVoices, Voice
from heygen_async.client import HeyGen
from heygen_async.legacy import AvatarCharacter
from heygen_async.operation import CLEAR


async def a_wrong_keyword(heygen: HeyGen) -> None:
    """A misspelt field, in a method and in a request."""
    await heygen.voices.get(voise_id="v")  # type: ignore[call-arg]
    heygen.voices.list(lang="English")  # type: ignore[call-arg]
    await heygen.video_agents.create(promt="Bread")  # type: ignore[call-arg]
    heygen.audio.sounds.list(text="piano")  # type: ignore[call-arg]
    AvatarVideo(avatar_id="a", text="Hi")  # type: ignore[call-arg]
    await heygen.videos.batches.create(video=[])  # type: ignore[call-arg]
    await heygen.video_translations.create(video=Url("https://a/b"), output_language=["German"])  # type: ignore[call-arg]


async def a_missing_field(heygen: HeyGen) -> None:
    """A field without which HeyGen refuses."""
    await heygen.voices.get()  # type: ignore[call-arg]
    await heygen.voices.clone(voice_name="Sarah")  # type: ignore[call-arg]
    await heygen.models.audio.tts(text="Hi")  # type: ignore[call-arg]
    heygen.assets.list()  # type: ignore[call-arg]
    await heygen.folders.create(type="video")  # type: ignore[call-arg]
    AvatarVideo(script="Hi")  # type: ignore[call-arg]
    ImageVideo(script="Hi", voice_id="v")  # type: ignore[call-arg]
    PhotoAvatar(name="n")  # type: ignore[call-arg]
    GetVideo()  # type: ignore[call-arg]


async def a_wrong_literal(heygen: HeyGen) -> None:
    """A word that HeyGen does not know."""
    heygen.voices.list(type="mine")  # type: ignore[arg-type]
    await heygen.video_agents.create(prompt="Bread", mode="dream")  # type: ignore[arg-type]
    heygen.assets.search(query="q", type="video")  # type: ignore[arg-type]
    AvatarVideo(avatar_id="a", resolution="8k")  # type: ignore[arg-type]
    AvatarVideo(avatar_id="a", aspect_ratio="2:1")  # type: ignore[arg-type]
    CinematicVideo(avatar_id=["a"], prompt="p", resolution="4k")  # type: ignore[arg-type]
    Background(type="colour")  # type: ignore[arg-type]
    await heygen.lipsyncs.create(video=Url("https://a/b"), audio=Url("https://a/c"), mode="fast")  # type: ignore[arg-type]
    ElevenLabs(model="eleven_v9")  # type: ignore[arg-type]


async def a_wrong_type(heygen: HeyGen) -> None:
    """A value of another kind."""
    await heygen.voices.get(5)  # type: ignore[arg-type]
    heygen.voices.list(limit="50")  # type: ignore[arg-type]
    VoiceSettings(speed="fast")  # type: ignore[arg-type]
    ImageVideo(image="a.png")  # type: ignore[arg-type]
    await heygen.video_translations.proofreads.srt.update("p", srt="talk.srt")  # type: ignore[arg-type]
    AvatarVideo(avatar_id="a", engine="avatar_iv")  # type: ignore[arg-type]
    AvatarScene(input=ImageScene(source=Url("https://a/b")))  # type: ignore[arg-type]
    StudioVideo(scenes=AvatarIII())  # type: ignore[arg-type]
    await heygen.brand_kits.update("k", name=CLEAR)  # type: ignore[arg-type]


async def by_position(heygen: HeyGen) -> None:
    """Writes are keyword-only, and so are the filters of a list."""
    AvatarVideo("a", avatar_id="a")  # type: ignore[call-arg, arg-type]
    heygen.voices.list("private")  # type: ignore[call-arg, arg-type]
    await heygen.avatars.update("g", "v")  # type: ignore[call-arg, arg-type]


async def a_request_in_the_wrong_place(heygen: HeyGen) -> None:
    """Something that starts no video, and a field that nobody may change."""
    await heygen.videos.create(GetVideo("v"))  # type: ignore[arg-type]
    await heygen.avatars.create(AvatarVideo(avatar_id="a"))  # type: ignore[arg-type]
    await heygen.submit(GetVideo("v"))  # type: ignore[arg-type]
    GetVideo("v").video_id = "w"  # type: ignore[misc]


async def an_answer_taken_for_another(heygen: HeyGen) -> None:
    """What comes back is known."""
    needs_text(await heygen.voices.get("v"))  # type: ignore[arg-type]
    needs_text((await heygen.videos.get("v")).vidio_url)  # type: ignore[attr-defined]
    needs_text(heygen.voices.get("v").name)  # type: ignore[attr-defined]
    needs_text(heygen.voices.list().items)  # type: ignore[attr-defined]
    needs_voice(await heygen.send(ListVoices()))  # type: ignore[arg-type]
    needs_path(await heygen.videos.job("v").download(BytesIO()))  # type: ignore[func-returns-value, arg-type]


def needs_text(_: str | None) -> None:
    """Take what may be text."""


def needs_voice(_: Voice) -> None:
    """Take a voice."""


def needs_path(_: Path) -> None:
    """Take a path."""


async def a_mistake_with_a_template(heygen: HeyGen) -> None:
    """No variables, a type and a rate that do not exist, a clip of a length that nobody makes."""
    await heygen.templates.generate("t")  # type: ignore[call-arg]
    await heygen.templates.generate("t", variables={"name": 5})  # type: ignore[dict-item]
    await heygen.templates.generate("t", variables={}, fps=24)  # type: ignore[arg-type]
    VariableBinding(type="words")  # type: ignore[arg-type]
    ClippingSettings(duration_types=["45"])  # type: ignore[list-item]


def a_mistake_with_money(heygen: HeyGen) -> None:
    """An amount with its sign, and a folding that is no yes or no."""
    heygen.bulk([], into="videos", budget="$50")  # type: ignore[arg-type]
    heygen.bulk([], into="videos", fold="yes")  # type: ignore[arg-type]


async def a_legacy_mistake(heygen: HeyGen) -> None:
    """Seven of eight fields, a word of v3, an id without a name."""
    await heygen.legacy.photo_avatars.generate(name="Sarah", age="Senior", gender="Woman", ethnicity="White")  # type: ignore[call-arg]
    AvatarCharacter(avatar_id="a", avatar_style="square")  # type: ignore[arg-type]
    await heygen.legacy.videos.status()  # type: ignore[call-arg]
    HeyGen("key", legacy="gone")  # type: ignore[arg-type]
