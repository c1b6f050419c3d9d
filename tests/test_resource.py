import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from recorder import Recorder

from heygen_async.api.videos import GetVideo, ListVideos, Videos
from heygen_async.api.voices import GetVoice, ListVoices, Voice, VoiceDetail, Voices
from heygen_async.errors import RequestInvalid
from heygen_async.faces import docstring
from heygen_async.legend import own_words
from heygen_async.operation import Page, Request
from heygen_async.resource import Pages, Resource, call, pages

pytestmark = pytest.mark.anyio


def page(*names: str, token: str | None = None) -> Page[Voice]:
    return Page([Voice(name) for name in names], has_more=token is not None, next_token=token)


# One answer.


async def test_a_method_sends_the_request_that_it_is_bound_to() -> None:
    wire = Recorder([VoiceDetail("v1")])
    assert await Voices(wire).get("v1") == VoiceDetail("v1")
    assert wire.sent == [GetVoice("v1")]


async def test_a_mistake_is_found_before_anything_is_sent() -> None:
    wire = Recorder()
    with pytest.raises(RequestInvalid, match="voice_id: must not be empty"):
        await Voices(wire).get("")
    with pytest.raises(RequestInvalid, match="limit: is 101"):
        Voices(wire).list(limit=101)
    with pytest.raises(TypeError, match="voise_id"):
        await cast(Any, Voices(wire)).get(voise_id="v1")
    assert wire.sent == []


@pytest.mark.parametrize(
    ("method", "name", "request_class"),
    [
        (Voices(Recorder()).get, "Voices.get", GetVoice),
        (Voices(Recorder()).list, "Voices.list", ListVoices),
        (Videos(Recorder()).get, "Videos.get", GetVideo),
        (Videos(Recorder()).list, "Videos.list", ListVideos),
    ],
)
def test_a_method_has_the_name_the_docstring_and_the_parameters_of_its_request(
    method: Callable[..., Any], name: str, request_class: type[Request[Any]]
) -> None:
    assert method.__qualname__ == name
    assert method.__name__ == name.rpartition(".")[2]
    assert str(method.__doc__).startswith(own_words(request_class))
    assert dict(inspect.signature(method).parameters) == dict(inspect.signature(request_class).parameters)


def test_a_signature_tells_what_comes_back() -> None:
    assert inspect.signature(Voices(Recorder()).get).return_annotation is VoiceDetail
    assert inspect.signature(Voices(Recorder()).list).return_annotation == Pages[Voice]
    assert "*" in str(inspect.signature(Voices(Recorder()).list))


def test_a_method_that_answers_once_returns_a_coroutine_and_one_that_lists_pages() -> None:
    once = Voices(Recorder()).get("v1")
    assert inspect.iscoroutine(once)
    once.close()
    assert isinstance(Voices(Recorder()).list(), Pages)


def test_a_method_of_the_class_is_the_descriptor_itself() -> None:
    assert Voices.get is vars(Voices)["get"]
    assert Voices.list is vars(Voices)["list"]


def test_a_method_is_the_same_at_each_look_and_nothing_is_written_before_one() -> None:
    docstring.cache_clear()
    voices = Voices(Recorder())
    assert voices.get == voices.get
    assert voices.get != Voices(Recorder()).get
    assert docstring.cache_info().currsize == 0
    assert voices.get.__doc__ is voices.get.__doc__
    assert docstring.cache_info().currsize == 1


def test_any_callable_that_makes_a_request_can_be_bound() -> None:
    def voice_of(name: str) -> GetVoice:
        """Look up a voice by another name."""
        return GetVoice(name)

    def voices_in(language: str) -> ListVoices:
        return ListVoices(language=language)

    class Own(Resource):
        get = call(voice_of)
        list = pages(voices_in)

    own = Own(Recorder())
    assert own.get.__doc__ == "Look up a voice by another name."
    assert own.list("English").request == ListVoices(language="English")
    assert inspect.signature(own.list).return_annotation is Pages
    assert repr(own) == "<heygen.own>"


# Page by page.


async def test_a_list_goes_from_page_to_page() -> None:
    wire = Recorder([page("a", "b", token="2"), page(token="3"), page("c")])
    voices = Voices(wire).list(limit=2)
    assert wire.sent == []
    assert [voice.voice_id async for voice in voices] == ["a", "b", "c"]
    assert wire.sent == [ListVoices(limit=2, token=token) for token in (None, "2", "3")]


async def test_each_iteration_begins_anew_where_the_caller_said() -> None:
    wire = Recorder([page("b"), page("b")])
    voices = Voices(wire).list(token="2")
    assert [voice async for voice in voices] == [voice async for voice in voices]
    assert [cast(ListVoices, request).token for request in wire.sent] == ["2", "2"]


@pytest.mark.parametrize(
    "answers",
    [
        [page("a", token="2"), page("b", token="2"), page("never")],
        [page("a", token="2"), page("b", token="3"), page(token="2"), page("never")],
        [page("a", token="2"), Page([Voice("b")], has_more=True, next_token=None), page("never")],
        [page("a", token="2"), Page([Voice("b")], has_more=False, next_token="3"), page("never")],
    ],
    ids=["the same token", "a circle", "more without a token", "a token without more"],
)
async def test_a_list_ends_however_oddly_the_way_on_is_told(answers: list[Page[Voice]]) -> None:
    wire = Recorder(answers)
    assert [voice.voice_id async for voice in Voices(wire).list()] == ["a", "b"]
    assert len(wire.answers) == 1


async def test_a_list_that_hands_out_the_token_it_was_begun_with_ends() -> None:
    wire = Recorder([page("a", token="1"), page("never")])
    assert [voice.voice_id async for voice in Voices(wire).list(token="1")] == ["a"]


async def test_the_pages_themselves_can_be_had() -> None:
    first, second = page("a", token="2"), page("b")
    assert [each async for each in Voices(Recorder([first, second])).list().pages()] == [first, second]


async def test_the_first_asks_for_one_page_only() -> None:
    wire = Recorder([page("a", "b", token="2")])
    assert await Voices(wire).list().first() == Voice("a")
    assert len(wire.sent) == 1


async def test_the_first_of_nothing_is_none_and_empty_pages_are_passed_over() -> None:
    assert await Voices(Recorder([page()])).list().first() is None
    assert await Voices(Recorder([page(token="2"), page("a")])).list().first() == Voice("a")


async def test_breaking_off_and_cancelling_leave_nothing_open() -> None:
    wire = Recorder([page("a", token="2"), page("b")])
    voices = Voices(wire).list()
    items = voices.__aiter__()
    assert await anext(items) == Voice("a")
    task = asyncio.ensure_future(anext(items))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(StopAsyncIteration):
        await anext(items)
    assert len(wire.sent) == 1


def test_pages_show_what_they_ask_for() -> None:
    assert repr(Voices(Recorder()).list(language="English")).startswith("<Pages ListVoices(type=None, ")


async def test_methods_of_one_resource_share_its_wire() -> None:
    wire = Recorder([VoiceDetail("v1"), page("a")])
    voices = Voices(wire)
    get: Callable[[str], Awaitable[VoiceDetail]] = voices.get
    await get("v1")
    await voices.list().first()
    assert wire.sent == [GetVoice("v1"), ListVoices()]
