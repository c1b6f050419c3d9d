import inspect
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest
from attrs import field, frozen

import heygen_async
from heygen_async.api.ai_clipping import CaptionStyle, ClippingSettings
from heygen_async.api.lipsyncs import CreateLipsync, GetLipsync, Lipsync
from heygen_async.api.media import Url
from heygen_async.legend import WIDTH, _written, filled, legend, own_words, short
from heygen_async.operation import Answer, Body
from heygen_async.rules import Between, Count, Length, OneOf, rule

PUBLIC = [
    thing
    for name in heygen_async.__all__
    if isinstance(thing := getattr(heygen_async, name), type)
    and issubclass(thing, Body | Answer)
    and thing not in {Body, Answer}
]


@frozen(kw_only=True)
class Cake(Body):
    """A cake.

    ::

        Cake(layers=3)
    """

    extra_words: str = ""
    layers: int = field(metadata=rule(Between(2, 12)))
    """How many."""

    height: float = field(default=7.5, metadata=rule(Between(0.5, 60)))
    """Centimetres, 0.5 to 60."""

    icing: Literal["thin", "thick"] | None = field(default=None, metadata=rule(OneOf("thin", "thick")))
    """HeyGen's default is ``thin``."""

    sizes: Sequence[Literal[1, 2]] = ()
    candles: Sequence[str] = field(default=(), metadata=rule(Count(0, 100)))
    """Up to 100
    of them."""

    wish: str | None = field(default=None, metadata=rule(Length(1, 140)))
    """Of 140 cakes, this one's."""


def lines(cls: Any, title: str = "Args") -> Mapping[str, str]:
    """The fields that a legend lists, each in one line."""
    text = legend(cls, title).partition("\n\n")[0].replace("\n        ", " ")
    return {line.split()[0]: line.strip() for line in text.splitlines()[1:]}


def test_each_field_says_its_type_whether_it_is_needed_what_it_is_and_its_bounds() -> None:
    assert lines(Cake) == {
        "layers": "layers (int, required): How many. Between 2 and 12.",
        "extra_words": "extra_words (str, default '')",
        "height": "height (float, default 7.5): Centimetres, 0.5 to 60.",
        "icing": "icing (str, optional): HeyGen's default is ``thin``. One of thin, thick.",
        "sizes": "sizes (Sequence[Literal[1, 2]], optional): Each is one of 1, 2.",
        "candles": "candles (Sequence[str], optional): Up to 100 of them.",
        "wish": "wish (str, optional): Of 140 cakes, this one's. 1 to 140 characters.",
        "extra": "extra (Mapping[str, Any], optional): Fields to send besides, as they are: those that are newer than "
        "this version.",
    }


def test_what_is_required_comes_first_and_what_every_request_has_last() -> None:
    names = [*lines(CreateLipsync)]
    assert names[:2] == ["video", "audio"]
    assert names[-2:] == ["idempotency_key", "extra"]


def test_of_an_answer_nothing_is_checked_so_there_are_no_bounds() -> None:
    assert lines(Lipsync, "Attributes")["duration"] == "duration (float): Seconds."


def test_the_docstring_of_a_class_has_its_fields() -> None:
    assert str(Cake.__doc__).startswith("A cake.\n\n::\n\n    Cake(layers=3)\n\nArgs:\n    layers (int, required): ")
    assert inspect.getdoc(Url) == Url.__doc__ == Url("https://a.b").__doc__
    assert own_words(Cake) == "A cake.\n\n::\n\n    Cake(layers=3)"
    assert "Attributes:\n    id (str)" in str(Lipsync.__doc__)


def test_what_is_checked_between_fields_is_said() -> None:
    assert legend(CreateLipsync, "Args").endswith("\n\nAlso checked: that the part ends after it has begun.")
    assert "Also checked" not in legend(GetLipsync, "Args")


def test_a_class_without_a_docstring_has_none() -> None:
    class Silent(Body):
        pass

    assert Silent.__doc__ is None
    assert own_words(Silent) == ""


def test_the_words_of_a_field_are_inherited() -> None:
    assert lines(CreateLipsync)["title"].endswith("the name of the downloaded file. Up to 1,000 characters.")


def test_all_words_of_a_long_literal_are_there() -> None:
    settings = lines(ClippingSettings)["caption_style"]
    assert f"One of {', '.join(CaptionStyle.__args__)}." in settings  # type: ignore[attr-defined]  # it is a Literal


def test_without_the_source_the_bounds_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cake, "__module__", "a notebook")
    assert lines(Cake)["layers"] == "layers (int, required): Between 2 and 12."
    assert _written("a notebook") == {}
    assert "a notebook" not in sys.modules


@pytest.mark.parametrize("cls", PUBLIC, ids=lambda cls: cls.__name__)
def test_every_public_request_and_answer_lists_its_fields_in_a_terminal_of_100_columns(cls: Any) -> None:
    text = str(cls.__doc__)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f"\n    {name} (" in text for name in inspect.signature(cls).parameters)


@pytest.mark.parametrize(
    ("of", "written"),
    [
        (str | None, "str | None"),
        (Sequence[Url] | None, "Sequence[Url] | None"),
        (Mapping[str, Any], "Mapping[str, Any]"),
        (Literal["a", "b"], "Literal['a', 'b']"),
        (Literal[1, 2, 3, 4, 5, 6, 7], "Literal[1, 2, …]"),
        (None, "None"),
        (type(None), "None"),
        (GetLipsync, "GetLipsync"),
    ],
)
def test_a_type_is_named_without_its_modules(of: Any, written: str) -> None:
    assert short(of) == written


def test_paragraphs_are_wrapped_and_examples_are_not() -> None:
    example = f"    {'example ' * 20}here"
    assert filled(f"{'word ' * 30}\n\n::\n\n{example}\n") == (
        f"{'word ' * 18}word\n{'word ' * 10}word\n\n::\n\n{example}"
    )
