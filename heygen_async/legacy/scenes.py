"""Legacy scenes in v3: who is seen, what is heard, and what is behind."""

from heygen_async.api.speech import VoiceSettings
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.legacy.draft import Draft
from heygen_async.legacy.payload import Payload, Taken
from heygen_async.rules import Between, rules_of

__all__ = ["put_only_scene", "put_scene", "put_sound"]

_PLACED = "v3 places the avatar by itself"
_FRAMED = "v3 shows the avatar as it was filmed, in no frame"
_COLORED = "a studio scene of v3 has a background of one colour only"
_OVERLAID = "v3 lays no text over a scene"


def put_only_scene(scene: Payload, draft: Draft) -> None:
    """Write the one scene of a payload, in which somebody is seen, as a video of an avatar."""
    draft.write("type", "avatar")
    matting = _put_character(scene, draft, "")
    _put_speech(scene, draft, "")
    if matting is not None:
        draft.write("remove_background", matting.value, matting)
    background = scene.part("background")
    if background is not None:
        _put_background(background, draft)
    scene.lose("text", _OVERLAID)
    scene.rest()


def put_scene(scene: Payload, draft: Draft, at: str) -> None:
    """Write one of several scenes; `at` is its place in the draft, with the dot."""
    if "character" in scene.fields:
        _put_avatar_scene(scene, draft, at)
    else:
        _put_still_scene(scene, draft, at)
    scene.lose("text", _OVERLAID)
    scene.rest()


def _put_avatar_scene(scene: Payload, draft: Draft, at: str) -> None:
    draft.write(f"{at}type", "avatar_video")
    at = f"{at}input."
    draft.write(f"{at}type", "avatar")
    matting = _put_character(scene, draft, at)
    _put_speech(scene, draft, at)
    if matting is not None and matting.value is not False:
        scene.report(matting, "a studio scene of v3 does not cut the avatar out")
    background = scene.part("background")
    if background is None:
        return
    kind = background.take("type")
    if kind is None or kind.value == "color":
        draft.write(f"{at}background.type", "color", kind)
        _put_color(background, draft, f"{at}background.color")
        background.rest()
    else:
        background.fields = {"type": kind.value} | background.fields
        for name in list(background.fields):
            background.lose(name, _COLORED)


def _put_still_scene(scene: Payload, draft: Draft, at: str) -> None:
    """Write a scene in which nobody is seen: its background becomes the picture or the clip of the scene."""
    background = scene.part("background")
    kind = None if background is None else background.take("type")
    if background is None or kind is None or kind.value not in ("image", "video"):
        reason = "a scene needs a character, or a picture or a clip as its background: v3 shows no plain colour"
        raise _hopeless(scene.place("character"), reason)
    draft.write(f"{at}type", kind.value, kind)
    _put_source(background, f"{kind.value}_asset_id", draft, f"{at}source.")
    if kind.value == "video":
        _put_playback(background, draft, f"{at}playback.mode")
    background.lose("fit", "v3 fits pictures and clips into the frame by itself")
    background.rest()
    voice = _voice(scene)
    if not _is_silent(voice):
        put_sound(voice, draft, at)
    elif kind.value == "image":
        draft.move(voice, "duration", f"{at}duration")
    else:
        voice.lose("duration", "a clip of v3 lasts as long as it is")
    voice.rest()


def _put_source(given: Payload, asset_id: str, draft: Draft, at: str) -> None:
    """Write where a file is: an asset, or an address."""
    uploaded = asset_id in given.fields
    draft.write(f"{at}type", "asset_id" if uploaded else "url")
    draft.move(given, asset_id if uploaded else "url", f"{at}asset_id" if uploaded else f"{at}url")


def _put_playback(background: Payload, draft: Draft, place: str) -> None:
    style = background.take("play_style")
    if style is not None and style.value in ("freeze", "loop", "fit_to_scene"):
        draft.write(place, style.value, style)
    elif style is not None:
        background.report(style, "v3 knows freeze, loop and fit_to_scene")


def _hopeless(path: str, reason: str) -> RequestInvalid:
    return RequestInvalid([Problem(path, reason)], "the legacy payload")


# Who is seen.


def _put_character(scene: Payload, draft: Draft, at: str) -> Taken | None:
    """Write the character, and return what it says of matting, which not every scene can heed."""
    character = scene.part("character") or Payload({}, scene.place("character"), scene.remarks)
    kind = character.take("type")
    photo = kind.value == "talking_photo" if kind is not None else "talking_photo_id" in character.fields
    if kind is not None and kind.value not in ("avatar", "talking_photo"):
        raise _hopeless(kind.path, f"is {kind.value!r}; it must be one of avatar, talking_photo")
    name = "talking_photo_id" if photo else "avatar_id"
    who = character.take(name)
    if who is None:
        raise _hopeless(character.place(name), "is required")
    draft.write(f"{at}avatar_id", who.value, who)
    if photo:
        _put_photo(character, who, draft, at)
    if f"{at}engine.type" not in draft.values:
        draft.write(f"{at}engine.type", "avatar_iii")  # v3 by itself takes avatar_iv, at up to four times the price
    character.lose("scale", _PLACED, 1)
    character.lose("offset", _PLACED, {"x": 0, "y": 0}, {})
    character.lose("avatar_style", _FRAMED, "normal")
    character.lose("circle_background_color", _FRAMED)
    matting = character.take("matting")
    character.rest()
    return matting


def _put_photo(character: Payload, who: Taken, draft: Draft, at: str) -> None:
    """Write what only a talking photo has."""
    character.note(who, "is taken for the id of a photo avatar's look, as heygen.avatars.looks.list shows it")
    newest = character.take("use_avatar_iv_model")
    if newest is not None and isinstance(newest.value, bool):
        draft.write(f"{at}engine.type", "avatar_iv" if newest.value else "avatar_iii", newest)
    elif newest is not None:
        character.report(newest, "is neither true nor false, and is taken for false")
    style = character.take("talking_style")
    if style is not None and style.value in ("stable", "expressive"):
        draft.write(f"{at}expressiveness", "high" if style.value == "expressive" else "low", style)
        character.note(style, "becomes an expressiveness: stable is low, expressive is high")
    elif style is not None:
        character.report(style, "v3 knows expressiveness high, medium and low")
    draft.move(character, "prompt", f"{at}motion_prompt")
    character.lose("keep_original_prompt", "v3 takes the motion prompt as it is written", True)
    character.lose("expression", "v3 has no facial expressions to choose from", "default")
    character.lose("talking_photo_style", _FRAMED)
    character.lose("super_resolution", "v3 enlarges no photos", False)


# What is heard.


def _voice(scene: Payload) -> Payload:
    voice = scene.part("voice")
    if voice is None:
        raise _hopeless(scene.place("voice"), "is required")
    return voice


def _is_silent(voice: Payload) -> bool:
    """Take the type of a voice out, and tell whether it says nothing."""
    kind = voice.take("type")
    if kind is not None and kind.value not in ("text", "audio", "silence"):
        raise _hopeless(kind.path, f"is {kind.value!r}; it must be one of text, audio, silence")
    return kind.value == "silence" if kind is not None else "duration" in voice.fields


def _put_speech(scene: Payload, draft: Draft, at: str) -> None:
    """Write what somebody who is seen says."""
    voice = _voice(scene)
    if _is_silent(voice):
        raise _hopeless(voice.path, "v3 has no silence for an avatar; use a sound file of silence (audio_url)")
    put_sound(voice, draft, at)
    voice.rest()


def put_sound(voice: Payload, draft: Draft, at: str, script: str = "input_text") -> None:
    """Write what is said and how, or the sound file in its place; `script` is the legacy name of the words."""
    draft.move(voice, script, f"{at}script")
    for name in ("voice_id", "audio_url", "audio_asset_id"):
        draft.move(voice, name, f"{at}{name}")
    for name in ("speed", "pitch"):
        _put_within(voice, name, draft, f"{at}voice_settings.{name}")
    draft.move(voice, "locale", f"{at}voice_settings.locale")
    voice.lose("emotion", "v3 voices have no emotions")
    settings = voice.part("elevenlabs_settings")
    if settings is not None:
        _put_elevenlabs(settings, draft, f"{at}voice_settings.engine_settings.")


def _put_within(voice: Payload, name: str, draft: Draft, place: str) -> None:
    """Write a number of a voice; one that is out of v3's bounds goes to the nearest that is not."""
    taken = voice.take(name)
    if taken is None:
        return
    bounds = next(check for of, _, check in rules_of(VoiceSettings) if of == name)
    value = taken.value
    if isinstance(bounds, Between) and isinstance(value, int | float) and bounds(value) is not None:
        value = min(max(value, bounds.low), bounds.high)
        voice.report(taken, f"v3 goes from {bounds.low:g} to {bounds.high:g}; it becomes {value:g}")
    draft.write(place, value, taken)


def _put_elevenlabs(settings: Payload, draft: Draft, at: str) -> None:
    draft.write(f"{at}engine_type", "elevenlabs")
    for name in ("model", "similarity_boost", "stability", "style", "use_speaker_boost"):
        draft.move(settings, name, f"{at}{name}")
    settings.rest()


# What is behind.


def _put_background(background: Payload, draft: Draft) -> None:
    """Write what is behind an avatar: a colour or a picture."""
    kind = background.take("type")
    if kind is not None and kind.value == "image":
        draft.write("background.type", "image", kind)
        draft.move(background, "url", "background.url")
        draft.move(background, "image_asset_id", "background.asset_id")
        background.lose("fit", "v3 fits the background into the frame by itself")
    elif kind is None or kind.value == "color":
        draft.write("background.type", "color", kind)
        _put_color(background, draft, "background.value")
    else:
        background.report(kind, "v3 has a colour or a picture behind an avatar")
        for name in list(background.fields):
            background.lose(name, "v3 has a colour or a picture behind an avatar")
    background.rest()


def _put_color(background: Payload, draft: Draft, place: str) -> None:
    """Write a colour; the short form ``#FFF`` is written out."""
    taken = background.take("value")
    if taken is None:
        return
    short = isinstance(taken.value, str) and len(taken.value) == len("#FFF") and taken.value.startswith("#")
    draft.write(place, "#" + "".join(digit * 2 for digit in taken.value[1:]) if short else taken.value, taken)
