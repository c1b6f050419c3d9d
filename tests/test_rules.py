from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import attrs
import pytest
from anything import api_classes, request_classes
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.api.avatars import UpdateAvatar
from heygen_async.api.brand_kits import BrandColors, UpdateBrandKit
from heygen_async.api.media import PICTURE, Address, Asset, LocalFile, Url
from heygen_async.api.template_variables import Named
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.operation import CLEAR
from heygen_async.rules import (
    Between,
    Check,
    Count,
    HexColor,
    IdempotencyKey,
    Length,
    OneOf,
    Rule,
    Web,
    misfits,
    rule,
    rules_of,
)

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.none()), st.just({})
)


@frozen(kw_only=True)
class Parcel(Check):
    label: str = field(metadata=rule(Length(1, 5)))
    weight: float | None = field(default=None, metadata=rule(Between(0, 10)))
    fragile: bool = False
    inside: str | None = None

    def cross_check(self) -> Iterator[Problem]:
        if self.fragile and self.inside is None:
            yield Problem("inside", "must be told of a fragile parcel")


def test_a_check_reports_everything_that_is_wrong_at_once_in_the_order_of_the_fields() -> None:
    with pytest.raises(RequestInvalid) as caught:
        Parcel(label="", weight=11, fragile=True)
    assert [str(problem) for problem in caught.value.problems] == [
        "label: must not be empty",
        "weight: is 11; it must lie between 0 and 10",
        "inside: must be told of a fragile parcel",
    ]
    assert caught.value.what == "Parcel"


def test_a_field_that_may_be_missing_is_not_checked_when_it_is() -> None:
    assert Parcel(label="a").weight is None


def test_a_required_field_cannot_be_none() -> None:
    with pytest.raises(RequestInvalid, match="label: is required"):
        Parcel(label=None)  # type: ignore[arg-type]  # what a program without types may do


def test_a_class_without_rules_is_always_right() -> None:
    @frozen
    class Anything(Check):
        value: Any = None

    assert Anything(object()).cross_check is not None
    assert rules_of(Anything) == []


def test_the_rules_of_a_class_can_be_read() -> None:
    assert rules_of(Parcel) == [("label", True, Length(1, 5)), ("weight", False, Between(0, 10))]


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (Length(1, 3), ["a", "abc", " a "], ["", "abcd", "   ", 5, None, b"ab"]),
        (Length(0, 3), ["", " ", "abc"], ["abcd", 5]),
        (Length(2, 3), ["ab"], ["a", "  "]),
        (Between(0.5, 1.5), [0.5, 1, 1.5], [0.49, 1.51, "1", None, True, float("nan"), float("inf"), 10**400]),
        (Between(4, 15, whole=True), [4, 15], [3, 16, 4.0, 5.5, True, "5"]),
        (OneOf("a", "b"), ["a", "b"], ["c", "", None, 1, ["a"], {}]),
        (Count(1, 2), [["a"], ("a", "b")], [[], ["a", "b", "c"], "a", b"a", {"a"}, {"a": 1}, None, 5]),
        (HexColor(), ["#1E90FF", "#1e90ff"], ["1E90FF", "#1E90F", "#1E90FG", "#1E90FF0", "red", None, 5, "#1E90FF\n"]),
        (
            Web(),
            ["https://a.b/c", "http://a", "HTTPS://A"],
            ["ftp://a", "https://", "a.b/c", "", None, 5, "https:// a"],
        ),
        (Address(), ["https://a.b/c"], ["a.png", None, 5]),
    ],
    ids=lambda value: type(value).__name__ if callable(value) else "",
)
def test_a_rule_tells_right_from_wrong(check: Rule, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if check(value) is not None] == []
    assert [value for value in bad if not check(value)] == []


@pytest.mark.parametrize(
    ("check", "value", "reason"),
    [
        (Length(1, 5000), "x" * 6000, "has 6,000 characters; at most 5,000 are allowed"),
        (Length(2, 9), "x", "must have at least 2 characters"),
        (Length(1, 9), 5, "must be text, not int"),
        (Between(0.5, 1.5), 9, "is 9; it must lie between 0.5 and 1.5"),
        (Between(0.5, 1.5), 1.5000001, "is 1.5000001; it must lie between 0.5 and 1.5"),
        (Between(4, 15, whole=True), 5.5, "must be a whole number, not 5.5"),
        (Between(0.5, 1.5), "fast", "must be a number, not 'fast'"),
        (OneOf("720p", "4k"), "8k", "is '8k'; it must be one of 720p, 4k"),
        (Count(1, 3), [], "has 0 entries; 1 to 3 are allowed"),
        (Count(1, 3), "look", "must be a list, not 'look'"),
        (HexColor(), "red", "is 'red'; a colour is written #RRGGBB, such as #1E90FF"),
        (Web(), "a.png", "is 'a.png'; it must start with https:// or http://"),
    ],
)
def test_a_rule_says_what_would_be_right(check: Rule, value: Any, reason: str) -> None:
    assert check(value) == reason


@given(
    st.sampled_from(
        [Length(1, 5), Between(0, 1), Between(0, 1, whole=True), OneOf("a"), Count(1, 2), HexColor(), Web(), Address()]
    ),
    ODD,
)
def test_a_rule_never_raises_and_is_brief_about_it(check: Rule, value: Any) -> None:
    reason = check(value)
    assert reason is None or 0 < len(reason) < 300


@pytest.mark.parametrize(
    ("rule_", "words"),
    [
        (Length(1, 5000), "1 to 5,000 characters"),
        (Length(0, 500), "up to 500 characters"),
        (Length(64, 64), "64 characters"),
        (Between(0.5, 1.5), "between 0.5 and 1.5"),
        (Between(1, 2**53, whole=True), "between 1 and 9007199254740992"),
        (OneOf("720p", "4k"), "one of 720p, 4k"),
        (Count(1, 3), "1 to 3 entries"),
        (Count(1, 1), "1 entry"),
        (HexColor(), "written #RRGGBB, such as #1E90FF"),
        (Web(), "must start with https:// or http://"),
        (Address(), "must start with https:// or http://, or be a `LocalFile`"),
        (
            Address(PICTURE),
            "must start with https:// or http://, or be a `LocalFile`; a local file ends in one of .png, .jpg, .jpeg",
        ),
        (IdempotencyKey(), "1 to 255 characters of A-Z a-z 0-9 _ - : ."),
        (Named(), "a name has 1 to 64 of A-Z a-z 0-9 _, and no digit in front"),
    ],
)
def test_a_rule_says_itself_in_words(rule_: Rule, words: str) -> None:
    assert str(rule_) == words


@pytest.mark.parametrize(
    ("value", "of", "problems"),
    [
        ("a", str | None, []),
        (1, float, []),
        (True, bool, []),
        (True, int, ["x: must be a whole number, not True"]),
        (True, Any, []),
        (1, bool, ["x: must be true or false, not 1"]),
        (5, str | None, ["x: must be text, not 5"]),
        ("photo.png", Url | Asset, ["x: must be Url or Asset, not 'photo.png'"]),
        (Asset("a"), Url | Asset, []),
        ("de", Sequence[str], ["x: must be a list, not 'de'"]),
        (["de", 1, None], Sequence[str] | None, ["x.1: must be text, not 1", "x.2: must be text, not None"]),
        (["30", "45"], Sequence[Literal["30", "60"]], ["x.1: is '45'; it must be one of 30, 60"]),
        ([3], Literal[25, 30] | None, ["x: is [3]; it must be one of 25, 30"]),
        ({"a": Asset("a"), "b": {}}, Mapping[str, Asset], ["x.b: must be Asset, not {}"]),
        ({"a": {"b": [object]}}, Mapping[str, Any], []),
        ([], Mapping[str, Any], ["x: must be a mapping, not []"]),
    ],
)
def test_what_is_not_of_its_type_is_named_by_its_place(value: Any, of: Any, problems: list[str]) -> None:
    assert [str(problem) for problem in misfits(value, of, "x")] == problems


@pytest.mark.parametrize("cls", api_classes())
def test_every_type_of_a_field_can_be_compared_with_a_value(cls: type) -> None:
    for at in attrs.fields(cls) if attrs.has(cls) else ():
        assert list(misfits(object(), at.type, at.name)) or at.type is Any


def test_rules_between_fields_may_take_the_types_for_granted() -> None:
    @frozen
    class Pair(Check):
        many: Any = field(metadata=rule(Count(1, 2)))

        def cross_check(self) -> Iterator[Problem]:
            yield from (Problem("many", "is empty") for one in self.many if not one)

    with pytest.raises(RequestInvalid, match="many: must be a list, not 5"):
        Pair(5)


def test_a_mistake_of_ours_in_a_rule_is_not_hidden() -> None:
    @frozen
    class Odd(Check):
        def cross_check(self) -> Iterator[Problem]:
            raise TypeError("ours")

    with pytest.raises(TypeError, match="ours"):
        Odd()


def test_a_local_file_is_an_address(tmp_path: Any) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert Address()(LocalFile(picture)) is None


def words_of(of: Any) -> set[str]:
    if get_origin(of) is Literal:
        return {word for word in get_args(of) if isinstance(word, str)}
    if get_origin(of) is Sequence:  # each of a list is checked by the class
        return set()
    return {word for arg in get_args(of) for word in words_of(arg)}


@pytest.mark.parametrize("cls", [cls for cls in api_classes() if issubclass(cls, Check)], ids=lambda cls: cls.__name__)
def test_every_literal_has_a_rule_with_the_same_words(cls: type) -> None:
    rules = {name: check for name, _, check in rules_of(cls)}
    for at in attrs.fields(cls):
        words = words_of(at.type)
        check = rules.get(at.name)
        if words:
            assert isinstance(check, OneOf), at.name
            assert set(check.words) == words, at.name


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_every_step_of_a_path_has_a_rule_against_being_empty(cls: Any) -> None:
    rules = {name: check for name, _, check in rules_of(cls)}
    assert all(rules[name]("") for name in cls.endpoint.path_fields)


def test_only_what_can_be_empty_can_be_emptied() -> None:
    assert UpdateAvatar("g", default_voice_id=CLEAR).default_voice_id is CLEAR
    assert repr(BrandColors(primary=CLEAR)) == "BrandColors(primary=CLEAR, secondary=None, tertiary=None, accent=None)"
    with pytest.raises(RequestInvalid, match="name: must be text, not CLEAR"):
        UpdateBrandKit("k", name=CLEAR)  # type: ignore[arg-type]  # it cannot
    with pytest.raises(RequestInvalid, match="primary: must be text or CLEAR, not 5"):
        BrandColors(primary=5)  # type: ignore[arg-type]  # no colour
