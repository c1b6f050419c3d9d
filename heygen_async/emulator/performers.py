"""Who performs, and with which voice: the rules between looks, engines and voices.

https://developers.heygen.com/reference/create-video says them in prose; here each is a line.
"""

from attrs import frozen

from heygen_async.api.engines import AvatarV
from heygen_async.api.scenes import SceneAvatar
from heygen_async.api.speech import Spoken, VoiceSettings
from heygen_async.api.videos import AvatarVideo
from heygen_async.emulator import media
from heygen_async.emulator.account import Account, Look
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.wallet import price_of

__all__ = ["Performer", "look_for", "performer", "speech"]

_STANDARD = "avatar_iv"


@frozen
class Performer:
    """A look, and the engine that moves it."""

    look: Look
    engine: str

    @property
    def rate(self) -> float:
        """US dollars a second."""
        return price_of(self.engine, self.look.avatar_type)


def look_for(account: Account, avatar_id: str, at: str) -> Look:
    """Find a look that can be used. Raises `Refusal`; for a person's id with the words that HeyGen has for it."""
    if avatar_id in account.groups:
        raise invalid(f"{at}avatar_id", "Avatar not found or you don't have access")
    look = account.look(avatar_id)
    if look.status == "pending_consent":
        raise Refusal(400, "avatar_consent_required", f"Avatar {avatar_id} needs the person's consent first")
    if look.status != "completed":
        raise Refusal(400, "avatar_not_usable", f"Avatar {avatar_id} is not usable: it is {look.status}")
    return look


def performer(account: Account, part: AvatarVideo | SceneAvatar, at: str) -> Performer:
    """Find who performs `part`, whose fields' names begin with `at`. Raises `Refusal`."""
    look = look_for(account, part.avatar_id, at)
    engine = _engine(part, look, at)
    if isinstance(part.engine, AvatarV):
        _check_reference(account, part.engine, look, at)
    _check_motion(part, look, engine, at)
    return Performer(look, engine)


def speech(account: Account, part: Spoken, look: Look | None, at: str) -> media.Speech:
    """Find the voice for the script of `part`: the one it names, else that of the look. Raises `Refusal`."""
    voice_id = part.voice_id or (look.default_voice_id if look else None)
    if voice_id is None:
        raise invalid(f"{at}voice_id", "voice_id is required: this avatar has no default voice")
    voice = account.voice(voice_id)
    if not voice.usable:
        raise Refusal(400, "voice_unavailable", f"Voice {voice_id} cannot be used: it is {voice.status}")
    how = part.voice_settings or VoiceSettings()
    if how.engine_settings is not None and how.engine_settings.tag != voice.engine:
        wrong = f"Voice {voice.id} is not a voice of {how.engine_settings.tag}, but of {voice.engine}"
        raise invalid(f"{at}voice_settings.engine_settings", wrong)
    return media.Speech(
        part.script or "",
        language=how.locale if how.locale and voice.supports_locale else voice.tag,
        gender=voice.heard_as,
        speed=1.0 if how.speed is None else how.speed,
        pitch=how.pitch or 0.0,
        volume=1.0 if how.volume is None else how.volume,
    )


def _engine(part: AvatarVideo | SceneAvatar, look: Look, at: str) -> str:
    """Choose the engine: HeyGen's standard where the request is silent and the look can."""
    if part.engine is None:
        return _STANDARD if _STANDARD in look.engines else look.engines[0]
    if part.engine.tag not in look.engines:
        able = ", ".join(look.engines)
        raise invalid(f"{at}engine", f"Avatar {look.id} does not support the engine {part.engine.tag}, only {able}")
    return part.engine.tag


def _check_reference(account: Account, engine: AvatarV, look: Look, at: str) -> None:
    if engine.reference_look_id is None:
        return
    reference = account.look(engine.reference_look_id)
    if reference.avatar_type != "digital_twin" or reference.person is not look.person:
        raise invalid(f"{at}engine.reference_look_id", "reference_look_id must be a digital twin of the same group")


def _check_motion(part: AvatarVideo | SceneAvatar, look: Look, engine: str, at: str) -> None:
    """Apply who can be told how to move: photo avatars on IV, and on V those with a reference, or who are filmed."""
    photo = look.avatar_type == "photo_avatar"
    if part.motion_prompt is not None:
        if engine == "avatar_iii" or (engine == "avatar_iv" and not photo):
            raise invalid(f"{at}motion_prompt", f"motion_prompt is not supported by a {look.avatar_type} on {engine}")
        if isinstance(part.engine, AvatarV) and photo and part.engine.reference_look_id is None:
            raise invalid(f"{at}motion_prompt", "motion_prompt needs a reference_look_id for photo avatars on avatar_v")
    if part.expressiveness is not None and not (photo and engine == "avatar_iv"):
        raise invalid(f"{at}expressiveness", "expressiveness is supported by photo avatars on avatar_iv only")
