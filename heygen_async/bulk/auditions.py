"""Whether a look and a voice can do what a row asks of them: the rules that need to know who they are.

What a request may hold at all, its class has checked when it was made. These are the rules of
https://developers.heygen.com/reference/create-video between looks, engines and voices. What HeyGen does not tell before
it is asked is a doubt: nothing is refused for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import frozen

from heygen_async.api.engines import AvatarV
from heygen_async.api.looks import AvatarLook
from heygen_async.api.scenes import AvatarScene, SceneAvatar
from heygen_async.api.speech import Spoken
from heygen_async.api.videos import AvatarVideo, CinematicVideo, StudioVideo, VideoRequest
from heygen_async.bulk.roster import KnownVoice
from heygen_async.errors import Problem

__all__ = ["Cast", "Doubt", "audition", "wanted_looks", "wanted_voices"]


@frozen
class Doubt:
    """What may go wrong, and cannot be known before."""

    about: str
    """The API's name of the field."""

    reason: str
    """What may happen."""


@frozen
class Cast:
    """Who was found, and whose ids lead somewhere else."""

    looks: Mapping[str, AvatarLook]
    voices: Mapping[str, KnownVoice]
    persons: Mapping[str, Sequence[str]]
    """Ids that are a person's and no look's, with looks of theirs."""

    ready: ClassVar[frozenset[str | None]] = frozenset({None, "", "completed", "complete"})
    """The statuses of those who can be used."""


def wanted_looks(request: VideoRequest) -> Iterator[str]:
    """Name the looks that a request needs."""
    if isinstance(request, CinematicVideo):
        yield from request.avatar_id
    for _, part in _parts(request):
        if isinstance(part, AvatarVideo | SceneAvatar):
            yield part.avatar_id
            if isinstance(part.engine, AvatarV) and part.engine.reference_look_id is not None:
                yield part.engine.reference_look_id


def wanted_voices(request: VideoRequest, looks: Mapping[str, AvatarLook]) -> Iterator[str]:
    """Name the voices that a request needs, those that `looks` bring along included."""
    for _, part in _parts(request):
        voice = _voice_of(part, looks)
        if part.script is not None and voice is not None:
            yield voice


def audition(request: VideoRequest, cast: Cast) -> Iterator[Problem | Doubt]:
    """Say what does not go together, and what may not."""
    if isinstance(request, CinematicVideo):
        for avatar_id in request.avatar_id:
            yield from _look(avatar_id, cast, "avatar_id")
    for at, part in _parts(request):
        if isinstance(part, AvatarVideo | SceneAvatar):
            yield from _performance(part, cast, at)
        if part.script is not None:
            yield from _voice(part, cast, at)


def _parts(request: VideoRequest) -> Iterator[tuple[str, Spoken]]:
    """List those who speak, with what their fields' names begin with."""
    match request:
        case StudioVideo(scenes=scenes):
            for at, scene in enumerate(scenes):
                yield (
                    (f"scenes.{at}.input.", scene.input) if isinstance(scene, AvatarScene) else (f"scenes.{at}.", scene)
                )
        case CinematicVideo():
            return
        case _:
            yield "", request


def _voice_of(part: Spoken, looks: Mapping[str, AvatarLook]) -> str | None:
    look = looks.get(part.avatar_id) if isinstance(part, AvatarVideo | SceneAvatar) else None
    return part.voice_id or (look.default_voice_id if look else None)


# Looks.


def _look(look_id: str, cast: Cast, name: str) -> Iterator[Problem]:
    look = cast.looks.get(look_id)
    if look is None and look_id in cast.persons:
        looks = " or ".join(cast.persons[look_id])
        yield Problem(name, f"{look_id} is a person's id; a video wants one of their looks, such as {looks}")
    elif look is None:
        yield Problem(name, f"this account has no look {look_id}")
    elif look.status == "pending_consent":
        yield Problem(name, f"{look_id} needs the person's consent first: heygen.avatars.consent")
    elif look.status not in Cast.ready:
        said = f": {look.error.message}" if look.error and look.error.message else ""
        yield Problem(name, f"{look_id} cannot be used, it is {look.status}{said}")


def _performance(part: AvatarVideo | SceneAvatar, cast: Cast, at: str) -> Iterator[Problem | Doubt]:
    problems = list(_look(part.avatar_id, cast, f"{at}avatar_id"))
    yield from problems
    if problems:
        return
    look = cast.looks[part.avatar_id]
    able = look.supported_api_engines
    if part.engine is not None and able and part.engine.tag not in able:
        yield Problem(f"{at}engine", f"{look.id} does not support {part.engine.tag}, only {', '.join(able)}")
    if isinstance(part.engine, AvatarV) and part.engine.reference_look_id is not None:
        yield from _reference(part.engine.reference_look_id, look, cast, f"{at}engine.reference_look_id")
    yield from _motion(part, look, at)
    if isinstance(part, AvatarVideo):
        yield from _cut_out(part, look)


def _reference(reference_id: str, look: AvatarLook, cast: Cast, name: str) -> Iterator[Problem]:
    problems = list(_look(reference_id, cast, name))
    yield from problems
    reference = cast.looks.get(reference_id)
    if reference is not None and (reference.avatar_type, reference.group_id) != ("digital_twin", look.group_id):
        yield Problem(name, f"{reference_id} must be a digital twin of the same person as {look.id}")


def _motion(part: AvatarVideo | SceneAvatar, look: AvatarLook, at: str) -> Iterator[Problem]:
    """Check who can be told how to move: photo avatars on IV, and on V those with a reference, or who are filmed."""
    photo, engine = look.avatar_type == "photo_avatar", part.engine.tag if part.engine else _engine_of(look)
    if part.motion_prompt is not None:
        unguided = isinstance(part.engine, AvatarV) and photo and part.engine.reference_look_id is None
        if unguided:
            yield Problem(f"{at}motion_prompt", "needs engine.reference_look_id for a photo avatar on avatar_v")
        elif engine == "avatar_iii" or (engine == "avatar_iv" and not photo):
            yield Problem(f"{at}motion_prompt", f"is not supported by {engine} for {look.id}, a {look.avatar_type}")
    if part.expressiveness is not None and not (photo and engine == "avatar_iv"):
        yield Problem(f"{at}expressiveness", f"is for photo avatars on avatar_iv; {look.id} is a {look.avatar_type}")


def _engine_of(look: AvatarLook) -> str:
    able = look.supported_api_engines
    return "avatar_iv" if "avatar_iv" in able or not able else able[0]


def _cut_out(part: AvatarVideo, look: AvatarLook) -> Iterator[Doubt]:
    """Doubt whether somebody who was filmed can be cut out: HeyGen says so only when it is asked for."""
    if look.avatar_type == "photo_avatar":
        return
    reason = f"not every {look.avatar_type} can be cut out, and HeyGen does not say before whether {look.id} can"
    if part.output_format == "webm":
        yield Doubt("output_format", f"webm: {reason}")
    elif part.remove_background:
        yield Doubt("remove_background", reason)


# Voices.


def _voice(part: Spoken, cast: Cast, at: str) -> Iterator[Problem | Doubt]:
    voice_id, name = _voice_of(part, cast.looks), f"{at}voice_id"
    voice = cast.voices.get(voice_id or "")
    if voice_id is None:
        if isinstance(part, AvatarVideo | SceneAvatar) and part.avatar_id in cast.looks:
            yield Problem(name, f"is missing: {part.avatar_id} has no voice of its own")
    elif voice is None:
        yield Problem(name, f"this account has no voice {voice_id}")
    elif voice.status not in Cast.ready:
        yield Problem(name, f"{voice_id} cannot be used, it is {voice.status}")
    else:
        locale = part.voice_settings.locale if part.voice_settings else None
        if locale is not None and not voice.locales:
            yield Doubt(f"{at}voice_settings.locale", f"{voice_id} has no accents to choose from")
        if not voice.pauses and "<break" in (part.script or ""):
            yield Doubt(f"{at}script", f"{voice_id} makes no pauses: <break> will be left out, or read aloud")
