"""Any request of the API, for property tests: built from the fields and rules of its class.

A new class needs a line here only if it has a rule between fields, which `AGREED` then settles before the class
checks it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

import heygen_async.api
from heygen_async.api.assets import GetAssetStatuses
from heygen_async.api.dubbing import DubbedVideo
from heygen_async.api.engines import AvatarIII, AvatarIV
from heygen_async.api.lipsyncs import CreateLipsyncBatch, GetLipsyncStatuses
from heygen_async.api.media import Address, LocalFile
from heygen_async.api.model_audio import ProfessionalVoice
from heygen_async.api.model_videos import ReferenceToVideo, TextToVideo
from heygen_async.api.scenes import Background, ClipScene, ImageScene, SceneAvatar
from heygen_async.api.speech import ElevenLabs, Spoken
from heygen_async.api.templates import GenerateTemplateVideo, TemplateSize, UpdateTemplateVariables
from heygen_async.api.translated import GetVideoTranslationStatuses
from heygen_async.api.video_agents import SendToVideoAgent
from heygen_async.api.video_translations import CreateVideoTranslationBatch
from heygen_async.api.videos import AvatarVideo, CreateVideoBatch, GetVideoStatuses, ImageVideo
from heygen_async.operation import CLEAR, Clear, Request, on_the_wire
from heygen_async.rules import Between, Count, HexColor, Length, OneOf, Web, rules_of

Fields = dict[str, Any]
Draw = st.DrawFn
T = TypeVar("T")


def api_classes() -> list[type]:
    """List the public classes of the API's modules."""
    names = [f"heygen_async.api.{module.name}" for module in pkgutil.iter_modules(heygen_async.api.__path__)]
    modules = [importlib.import_module(name) for name in names]
    public = {id(value): value for module in modules for value in map(vars(module).get, module.__all__)}
    return sorted((value for value in public.values() if isinstance(value, type)), key=lambda cls: cls.__name__)


def request_classes() -> list[type[Request[Any]]]:
    """List the public request classes."""
    return [cls for cls in api_classes() if issubclass(cls, Request)]


def writing_classes() -> list[type[Request[Any]]]:
    """List the request classes that carry a JSON body."""
    return [cls for cls in request_classes() if not cls.endpoint.reads and cls.endpoint.body == "json"]


def reading_classes() -> list[type[Request[Any]]]:
    """List the request classes that have no body."""
    return [cls for cls in request_classes() if cls.endpoint.reads]


@st.composite
def anything(draw: Draw, cls: type[T]) -> T:
    """Draw a valid value of a class of the API."""
    types = {at.name: at.type for at in on_the_wire(cls)}
    rules = {name: check for name, _, check in rules_of(cls)}
    required = {at.name for at in on_the_wire(cls) if at.default is attrs.NOTHING}
    given: Fields = {}
    for name, of in types.items():
        if name in required or draw(st.booleans()):
            given[name] = draw(_value(of, rules.get(name)))
    for kind, agree in AGREED.items():
        if issubclass(cls, kind):
            agree(draw, cls, given)
    return cls(**{name: value for name, value in given.items() if value is not None})


@cache
def _value(of: Any, rule: Any) -> st.SearchStrategy[Any]:
    """Draw what fits a type and its rule."""
    values: st.SearchStrategy[Any]
    match rule:
        case OneOf(words):
            values = st.sampled_from(words)
        case Between(low, high, whole):
            values = st.integers(int(low), int(high)) if whole else st.floats(low, high) | st.just(high)
        case Length(least, most):
            values = _text(least, most)
        case HexColor():
            values = st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True)
        case Web() | Address():
            values = st.from_regex(r"https?://[a-z0-9.]{1,20}/[a-z0-9?=&%/]{0,20}", fullmatch=True)
        case Count(least, most):
            values = _list(of, least, min(most, least + 2))
        case _:
            values = _of_type(of)
    return values


def _of_type(of: Any) -> st.SearchStrategy[Any]:
    plain: Mapping[Any, st.SearchStrategy[Any]] = {
        str: st.text(max_size=20),
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        Any: st.integers(0, 9) | st.text(max_size=5),
        Clear: st.just(CLEAR),
    }
    if of in plain:
        return plain[of]
    if get_origin(of) in {Union, UnionType}:
        return st.one_of([_of_type(arg) for arg in get_args(of) if arg not in {type(None), LocalFile}])
    if get_origin(of) is Literal:
        return st.sampled_from(get_args(of))
    if get_origin(of) is Sequence:
        return _list(of, 0, 2)
    if get_origin(of) is Mapping:
        return st.dictionaries(st.text(max_size=5), _of_type(get_args(of)[1]), max_size=2)
    return anything(of)


def _text(least: int, most: int) -> st.SearchStrategy[str]:
    """Draw text of an allowed length, with its bounds among it."""
    short = st.text(min_size=least, max_size=min(most, least + 20))
    longest = st.just("ü" * min(most, 6000))
    return (short | longest).filter(lambda text: least == 0 or bool(text.strip()))


def _list(of: Any, least: int, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    listed = next(arg for arg in (of, *get_args(of)) if get_origin(arg) is Sequence)
    return st.lists(_of_type(get_args(listed)[0]), min_size=least, max_size=most).map(tuple)


def _agree_on_sound(draw: Draw, cls: type, given: Fields) -> None:
    sources = ["script", "audio_url", "audio_asset_id", *([] if cls.needs_sound else [None])]  # type: ignore[attr-defined]  # a `Spoken`
    chosen = draw(st.sampled_from(sources))
    for name in {"script", "audio_url", "audio_asset_id"} - {chosen}:
        given.pop(name, None)
    wanted = {name: check for name, _, check in rules_of(cls)}
    if chosen:
        given.setdefault(chosen, draw(_value(str, wanted[chosen])))
    if chosen == "script":
        given.setdefault("voice_id", draw(_value(str, wanted["voice_id"])))


def _agree_on_engine(_: Draw, __: type, given: Fields) -> None:
    engine = given.get("engine")
    if isinstance(engine, AvatarIII):
        given.pop("motion_prompt", None)
    if engine is not None and not isinstance(engine, AvatarIV):
        given.pop("expressiveness", None)
    if given.get("output_format") == "webm":
        given.pop("background", None)


def _agree_on_background(draw: Draw, _: type, given: Fields) -> None:
    given.clear()
    given |= draw(
        st.sampled_from(
            [
                {"type": "color", "value": "#1E90FF"},
                {"type": "image", "url": "https://example.com/a.png"},
                {"type": "image", "asset_id": "asset-1"},
            ]
        )
    )


def _agree_on_duration(draw: Draw, _: type, given: Fields) -> None:
    given["duration"] = None if _sounds(given) else draw(st.floats(0.04, 300))


def _agree_on_playback(_: Draw, __: type, given: Fields) -> None:
    if not _sounds(given):
        given.pop("playback", None)


def _sounds(given: Fields) -> bool:
    return bool({"script", "audio_url", "audio_asset_id"} & given.keys())


def _agree_on_stability(draw: Draw, _: type, given: Fields) -> None:
    if given.get("model") == "eleven_v3":
        given["stability"] = draw(st.sampled_from([None, 0, 0.5, 1]))


def _agree_on_ids(_: Draw, __: type, given: Fields) -> None:
    if not given:
        given["batch_ids"] = ("batch-1",)


def _agree_on_words(_: Draw, __: type, given: Fields) -> None:
    given.setdefault("message", "Shorter, please.")


def _agree_on_folder(_: Draw, __: type, given: Fields) -> None:
    given["videos"] = tuple(attrs.evolve(video, folder_id=None) for video in given["videos"])


def _agree_on_part(_: Draw, __: type, given: Fields) -> None:
    if given.get("end_time", 1) <= given.get("start_time", 0):
        given.pop("end_time", None)


def _agree_on_keys(_: Draw, __: type, given: Fields) -> None:
    for name in {"lipsyncs", "video_translations"} & given.keys():
        given[name] = tuple(attrs.evolve(one, idempotency_key=None) for one in given[name])


def _agree_on_shape(_: Draw, __: type, given: Fields) -> None:
    if given.get("resolution") in {"1080p", "2k"}:
        given["aspect_ratio"] = "9:16"


def _agree_on_name(_: Draw, __: type, given: Fields) -> None:
    if given.get("name") is None:
        given["voice_id"] = "voice-1"


def _agree_on_glossary(_: Draw, __: type, given: Fields) -> None:
    if "brand_glossary_id" in given:
        given.pop("brand_voice_id", None)


def _agree_on_even_sides(_: Draw, __: type, given: Fields) -> None:
    for name in ("width", "height"):
        given[name] -= given[name] % 2


def _agree_on_names(_: Draw, __: type, given: Fields) -> None:
    values = given["variables"].values()
    given["variables"] = {f"name_{at}": value for at, value in enumerate(values)}


AGREED: Mapping[type, Callable[[Draw, type, Fields], None]] = {
    Spoken: _agree_on_sound,
    SceneAvatar: _agree_on_engine,
    AvatarVideo: _agree_on_engine,
    ImageVideo: _agree_on_engine,
    Background: _agree_on_background,
    ImageScene: _agree_on_duration,
    ClipScene: _agree_on_playback,
    ElevenLabs: _agree_on_stability,
    GetAssetStatuses: _agree_on_ids,
    GetVideoStatuses: _agree_on_ids,
    GetLipsyncStatuses: _agree_on_ids,
    GetVideoTranslationStatuses: _agree_on_ids,
    DubbedVideo: _agree_on_part,
    CreateLipsyncBatch: _agree_on_keys,
    CreateVideoTranslationBatch: _agree_on_keys,
    CreateVideoBatch: _agree_on_folder,
    GenerateTemplateVideo: _agree_on_glossary,
    SendToVideoAgent: _agree_on_words,
    TemplateSize: _agree_on_even_sides,
    UpdateTemplateVariables: _agree_on_names,
    TextToVideo: _agree_on_shape,
    ReferenceToVideo: _agree_on_shape,
    ProfessionalVoice: _agree_on_name,
}
"""What settles the rules between fields, in this order."""


def nested_classes(of: Any) -> Iterator[type]:
    """List a class and all classes of the API below it."""
    if isinstance(of, type) and attrs.has(of):
        yield of
        for at in attrs.fields(of):
            yield from nested_classes(at.type)
    for arg in get_args(of):
        yield from nested_classes(arg)
