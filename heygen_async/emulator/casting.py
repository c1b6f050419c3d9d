"""From a request to a screenplay: everybody and everything is looked up, and what does not go together is refused.

A request that comes here is sound in itself: its class has seen to that. What is left are the rules that need the
account.
"""

from attrs import define

from heygen_async.api.scenes import AvatarScene, Background, ImageScene, Scene
from heygen_async.api.speech import Spoken
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo, VideoRequest
from heygen_async.emulator import media
from heygen_async.emulator.account import Account, Look
from heygen_async.emulator.glossaries import as_spoken
from heygen_async.emulator.materials import Materials
from heygen_async.emulator.performers import look_for, performer, speech
from heygen_async.emulator.refusals import forbidden, invalid
from heygen_async.emulator.screenplay import Frame, Screenplay, Shot
from heygen_async.emulator.sources import Source
from heygen_async.emulator.wallet import CINEMATIC, price_of

__all__ = ["Casting"]

_SIDES = {"720p": 720, "1080p": 1080, "4k": 2160}
_CINEMATIC_SECONDS = 10


@define(eq=False)
class Casting:
    """Turns requests into screenplays."""

    account: Account
    materials: Materials
    enterprise: bool
    """Whether the account may use watermarks."""

    async def cast(self, request: VideoRequest) -> Screenplay:
        """Look up all that a video needs. Raises `Refusal`."""
        request = as_spoken(self.account, request)
        match request:
            case CinematicVideo():
                return await self._cinematic(request)
            case StudioVideo(scenes=scenes):
                shots = tuple([await self._scene(scene, f"scenes.{at}.") for at, scene in enumerate(scenes)])
            case AvatarVideo():
                shots = (await self._avatar(request),)
            case _:
                shots = (await self._image(request),)
        await self._watermark(request)
        style = request.caption and request.caption.style
        return Screenplay(
            shots=shots,
            frame=_frame(request.resolution, request.aspect_ratio),
            captions=request.caption is not None,
            burn_captions=style is not None,
            container="webm" if not isinstance(request, StudioVideo) and request.output_format == "webm" else "mp4",
        )

    async def _avatar(self, request: AvatarVideo) -> Shot:
        who = performer(self.account, request, "")
        _check_cut_out(request, who.look)
        return Shot(
            portrait=who.look.picture,
            sound=await self._sound(request, who.look, ""),
            backdrop=await self._background(request.background),
            fit=request.fit or "cover",
            cut_out=_cut_out(request) or (request.background is not None and who.look.can_be_cut_out),
            rate=who.rate,
        )

    async def _image(self, request: ImageVideo) -> Shot:
        return Shot(
            portrait=await self.materials.find(request.image, "picture", "image"),
            sound=await self._sound(request, None, ""),
            backdrop=await self._background(request.background),
            fit=request.fit or "cover",
            cut_out=_cut_out(request),
            rate=price_of("avatar_iv", "photo_avatar"),
        )

    async def _scene(self, scene: Scene, at: str) -> Shot:
        match scene:
            case AvatarScene(input=part):
                who = performer(self.account, part, f"{at}input.")
                sound = await self._sound(part, who.look, f"{at}input.")
                color = None if part.background is None else media.Color(part.background.color)
                cut_out = color is not None and who.look.can_be_cut_out
                return Shot(portrait=who.look.picture, sound=sound, backdrop=color, cut_out=cut_out, rate=who.rate)
            case ImageScene(source=source, duration=seconds):
                still = media.Silence(seconds) if seconds is not None else await self._sound(scene, None, at)
                return Shot(backdrop=await self.materials.find(source, "picture", f"{at}source"), sound=still)
            case _:
                clip = await self.materials.find(scene.source, "clip", f"{at}source")
                return Shot(clip=clip, sound=await self._sound(scene, None, at))

    async def _cinematic(self, request: CinematicVideo) -> Screenplay:
        """Show each of the persons for a while. Nobody speaks: what a prompt would lead to, only HeyGen knows."""
        looks = [look_for(self.account, avatar_id, "") for avatar_id in request.avatar_id]
        for at, reference in enumerate(request.references or ()):
            await self.materials.find(reference, "reference", f"references.{at}")
        silence = media.Silence((request.duration or _CINEMATIC_SECONDS) / len(looks))
        return Screenplay(
            shots=tuple(Shot(portrait=look.picture, sound=silence) for look in looks),
            frame=_frame(request.resolution, request.aspect_ratio),
            flat_price=CINEMATIC,
        )

    async def _sound(self, part: Spoken, look: Look | None, at: str) -> media.Speech | Source | None:
        if part.script is not None:
            return speech(self.account, part, look, at)
        if part.audio_asset_id is not None:
            return self.materials.asset(part.audio_asset_id, "sound", f"{at}audio_asset_id")
        if isinstance(part.audio_url, str):
            return await self.materials.at(part.audio_url, "sound", f"{at}audio_url")
        return None

    async def _background(self, background: Background | None) -> media.Color | Source | None:
        match background:
            case Background(value=str(color)):
                return media.Color(color)
            case Background(asset_id=str(asset_id)):
                return self.materials.asset(asset_id, "picture", "background.asset_id")
            case Background(url=str(address)):
                return await self.materials.at(address, "picture", "background.url")
            case _:
                return None

    async def _watermark(self, request: AvatarVideo | ImageVideo | StudioVideo) -> None:
        if request.watermark is None:
            return
        if not self.enterprise:
            raise forbidden("Watermarks are available on the enterprise plan only")
        await self.materials.find(request.watermark.image, "picture", "watermark.image")


def _frame(resolution: str | None, aspect_ratio: str | None) -> Frame:
    """Return the size. HeyGen's own default resolution is not documented; 720p is drawn fastest."""
    if aspect_ratio == "auto":
        return Frame(_SIDES[resolution or "720p"], None)
    wide, high = map(int, (aspect_ratio or "16:9").split(":"))
    return Frame(_SIDES[resolution or "720p"], (wide, high))


def _cut_out(request: AvatarVideo | ImageVideo) -> bool:
    return bool(request.remove_background) or request.output_format == "webm"


def _check_cut_out(request: AvatarVideo, look: Look) -> None:
    if look.can_be_cut_out:
        return
    if request.output_format == "webm":
        raise invalid("output_format", "This video avatar does not support webm output.")
    if request.remove_background:
        raise invalid("remove_background", "This video avatar was not trained with matting")
