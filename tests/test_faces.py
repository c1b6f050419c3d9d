import inspect
import pydoc
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import attrs
import pytest
from recorder import Recorder

from heygen_async import HeyGen
from heygen_async.api.agent_sessions import AgentSession
from heygen_async.api.batches import SentBatch
from heygen_async.api.lipsyncs import Lipsync, Lipsyncs
from heygen_async.api.translated import VideoTranslation
from heygen_async.api.videos import Video
from heygen_async.api.voices import Voices
from heygen_async.faces import result_of
from heygen_async.job import Job
from heygen_async.operation import JobRequest, PageRequest
from heygen_async.resource import Method, Pages, Resource
from heygen_async.rules import Between, Count, Length, OneOf, rules_of

heygen = HeyGen("no key")


def bound(group: Resource, path: str) -> Iterator[tuple[str, Method[..., Any], Any]]:
    """The bound methods of a group, and of the groups in it: their names, what they are, and as one gets them."""
    for name, thing in inspect.getmembers_static(type(group)):
        if isinstance(thing, Method):
            yield f"{path}.{name}", thing, getattr(group, name)
        elif isinstance(thing, property) and isinstance(inner := getattr(group, name), Resource):
            yield from bound(inner, f"{path}.{name}")


GROUPS = {name: group for name in dir(heygen) if isinstance(group := getattr(heygen, name), Resource)}
METHODS = [one for name, group in GROUPS.items() for one in bound(group, f"heygen.{name}")]


def section(text: str, title: str) -> str:
    """One section of a docstring, in one line."""
    found = re.search(rf"^{title}:\n((?:    .*\n?)+)", text, re.MULTILINE)
    assert found is not None, f"no {title}"
    return " ".join(found[1].split())


def argument(text: str, name: str) -> str:
    """What a docstring says of one parameter, in one line."""
    found = re.search(rf"^    {name} \(((?:.*\n)(?:        .*\n?)*)", text, re.MULTILINE)
    assert found is not None, f"nothing about {name}"
    return " ".join(found[1].split())


def test_there_are_the_methods_of_all_groups() -> None:
    assert len(METHODS) > 110  # of 116 operations some share a method that is written out
    assert {path.split(".")[1] for path, _, _ in METHODS} == {*GROUPS}


@pytest.mark.parametrize(("path", "of", "method"), METHODS, ids=[path for path, _, _ in METHODS])
def test_a_method_tells_its_parameters_with_their_bounds_what_it_gives_and_what_can_go_wrong(
    path: str, of: Method[..., Any], method: Any
) -> None:
    text = method.__doc__
    cls: Any = of.make
    for name in inspect.signature(method).parameters:
        assert argument(text, name)
    for name, _, rule in rules_of(cls):
        said = argument(text, name)
        if isinstance(rule, OneOf):
            assert all(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said) for word in rule.words), (name, rule)
        elif isinstance(rule, Between | Length | Count):
            *low, high = re.findall(r"-?\d[\d,.]*", str(rule))
            assert re.search(rf"\b(to|and) {high}\b|\b{high} (characters|entr)", said), (name, rule)
            assert all(figure in said for figure in low if figure not in {"0", "1"}), (name, rule)
        else:
            assert str(rule)[1:].strip(".") in said.replace("``", ""), (name, rule)
    assert section(text, "Returns")
    raises = section(text, "Raises")
    assert all(f"{name}: " in raises for name in ("RequestInvalid", "APIError", "ConnectionFailed", "AnswerUnreadable"))
    assert ("JobFailed" in raises) == issubclass(cls, JobRequest)
    assert max(map(len, text.splitlines())) <= 96
    assert f"``{cls.endpoint.method} {cls.endpoint.path}``" in " ".join(text.split())


@pytest.mark.parametrize(("path", "of", "method"), METHODS, ids=[path for path, _, _ in METHODS])
def test_a_signature_has_what_is_required_first_and_what_every_request_has_last(
    path: str, of: Method[..., Any], method: Any
) -> None:
    given = inspect.signature(method)
    cls: Any = of.make
    named = [one for one in given.parameters.values() if one.kind is inspect.Parameter.KEYWORD_ONLY]
    needed = [one.default is inspect.Parameter.empty for one in named]
    assert needed == sorted(needed, reverse=True)
    last = [one.name for one in named if one.name in {"idempotency_key", "extra"}]
    assert [one.name for one in named][len(named) - len(last) :] == last == sorted(last, reverse=True)
    assert {*given.parameters} == {at.name for at in attrs.fields(cls)}
    assert {one.name: one.kind for one in given.parameters.values()} == {
        one.name: one.kind for one in inspect.signature(cls).parameters.values()
    }
    if issubclass(cls, JobRequest):
        result = given.return_annotation
        assert result is AgentSession or (get_args(result) and result_of(cls) in {*get_args(result), *_inner(result)})
    elif issubclass(cls, PageRequest):
        assert get_origin(given.return_annotation) is Pages
    else:
        assert given.return_annotation == cls.answer


def _inner(result: Any) -> tuple[Any, ...]:
    return get_args(get_args(result)[0])


@pytest.mark.parametrize(
    ("method", "returns"),
    [
        (heygen.lipsyncs.create, Job[Lipsync]),
        (heygen.templates.generate, Job[Video]),
        (heygen.video_translations.create, list[Job[VideoTranslation]]),
        (heygen.lipsyncs.batches.create, SentBatch[Lipsync]),
        (heygen.video_agents.create, AgentSession),
    ],
)
def test_a_signature_names_the_result_of_a_job(method: Any, returns: Any) -> None:
    assert inspect.signature(method).return_annotation == returns


def test_what_comes_back_says_what_to_do_with_it() -> None:
    assert "``await job`` gives the `Lipsync`" in section(heygen.lipsyncs.create.__doc__ or "", "Returns")
    assert "it has no file to download" in section(heygen.brand_kits.create.__doc__ or "", "Returns")
    assert "Of each of its `jobs`, ``await job``" in section(heygen.lipsyncs.batches.create.__doc__ or "", "Returns")
    assert "Read it with ``async for``" in section(heygen.voices.list.__doc__ or "", "Returns")
    assert "without content" in section(heygen.assets.batches.complete.__doc__ or "", "Returns")
    assert "The status of one job" in section(heygen.videos.statuses.__doc__ or "", "Returns")


def test_only_what_may_have_a_file_in_it_says_that_uploads_fail() -> None:
    assert "UploadFailed" in (heygen.lipsyncs.create.__doc__ or "")
    assert "UploadFailed" in (heygen.templates.generate.__doc__ or "")  # a variable may be a picture
    assert "UploadFailed" not in (heygen.lipsyncs.get.__doc__ or "")


def test_what_may_have_been_carried_out_all_the_same_is_said_where_nothing_is_repeated() -> None:
    assert "`uncertain`" in (heygen.video_agents.send.__doc__ or "")
    assert "`uncertain`" not in (heygen.lipsyncs.create.__doc__ or "")


def test_what_is_new_and_what_is_left_behind_is_said() -> None:
    assert "HeyGen has it since 2026-10." in (heygen.templates.delete.__doc__ or "")
    assert "use ``heygen.models.audio.voices.get``" in " ".join((heygen.voices.get.__doc__ or "").split())
    assert "warns with a `LegacyWarning`" in " ".join((heygen.legacy.videos.status.__doc__ or "").split())
    assert "`Retired`" in (heygen.legacy.videos.status.__doc__ or "")


def test_help_shows_a_bound_method_and_that_of_the_class() -> None:
    for method in (heygen.lipsyncs.create, Lipsyncs.create):
        text = pydoc.render_doc(method, renderer=pydoc.plaintext)  # type: ignore[attr-defined]  # it is there
        assert "    video: Url | Asset | LocalFile," in text
        assert "-> Job[Lipsync]" in text
        assert "Give a video another sound" in text
        assert max(map(len, text.splitlines())) <= 100
    assert Lipsyncs.create.__doc__ == heygen.lipsyncs.create.__doc__
    assert [*inspect.signature(Lipsyncs.get).parameters] == ["self", "lipsync_id", "extra"]


def test_help_on_a_group_shows_its_methods() -> None:
    text = pydoc.render_doc(Lipsyncs, renderer=pydoc.plaintext)  # type: ignore[attr-defined]  # it is there
    assert "Methods defined here:" in text
    assert "Give a video another sound" in text


def test_a_method_looks_like_one() -> None:
    method: Any = Voices(Recorder()).get
    assert inspect.ismethod(method)
    assert (method.__name__, method.__qualname__, method.__module__) == ("get", "Voices.get", "heygen_async.api.voices")
    assert Method.__doc__ == "A method that does something with the request which `make` makes."


def test_a_signature_is_written_in_one_line_or_in_one_for_each_parameter() -> None:
    written: Any = inspect.signature(heygen.lipsyncs.get)
    assert written.format() == "(lipsync_id: str, *, extra: Mapping[str, Any] | None = None) -> Lipsync"
    assert str(written) == (
        "(\n    lipsync_id: str,\n    *,\n    extra: Mapping[str, Any] | None = None,\n) -> Lipsync"
    )
    assert written.format(max_width=100) == written.format()


def test_a_function_that_is_bound_keeps_its_own_words() -> None:
    def lipsync_of(name: str, note=None) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001  # people write so
        """Look one up by its name."""

    method = Method(lipsync_of, lambda _, request: request, inspect.Signature.empty)
    assert method.__doc__ == "Look one up by its name."
    assert str(inspect.signature(method)) == "(self, name: str, note = None)"
    assert result_of(lipsync_of) is Any
