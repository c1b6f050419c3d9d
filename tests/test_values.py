"""Values compare, hash and show themselves by their fields, as attrs would have it."""

from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as some

from heygen_async.api.users import GetMe
from heygen_async.api.videos import GetVideo, Video
from heygen_async.values import Value


@frozen
class Ours(Value):
    name: Any
    secret: str = field(default="", repr=lambda _: "***")
    unheard: Any = field(default=None, hash=False, repr=False)
    unseen: int = field(default=0, eq=False)


@frozen
class Theirs:
    name: Any
    secret: str = field(default="", repr=lambda _: "***")
    unheard: Any = field(default=None, hash=False, repr=False)
    unseen: int = field(default=0, eq=False)


@frozen
class Heir(Ours):
    more: int = 0


@frozen
class Empty(Value):
    pass


@frozen
class Own(Value):
    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


FIELDS = some.tuples(some.integers(0, 2), some.sampled_from(["", "a"]), some.integers(0, 1), some.integers(0, 1))


@given(one=FIELDS, other=FIELDS)
def test_they_do_as_what_attrs_writes(one: Any, other: Any) -> None:
    assert (Ours(*one) == Ours(*other)) is (Theirs(*one) == Theirs(*other))
    assert (Ours(*one) != Ours(*other)) is (Theirs(*one) != Theirs(*other))
    assert repr(Ours(*one)) == repr(Theirs(*one)).replace("Theirs", "Ours")
    assert (hash(Ours(*one)) == hash(Ours(*other))) is (hash(Theirs(*one)) == hash(Theirs(*other)))


def test_a_field_that_is_not_hashed_may_be_a_list() -> None:
    assert hash(Ours("a", unheard=[])) == hash(Ours("a", unheard=[1]))
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours([]))


def test_things_of_two_classes_are_never_the_same() -> None:
    assert Ours("a") != Heir("a")
    assert Heir("a") != Ours("a")
    assert Ours("a") != Theirs("a")
    assert Ours("a") != "a"
    assert GetVideo("a") != Video("a")
    assert repr(Heir("a")) == "Heir(name='a', secret=***, unseen=0, more=0)"


def test_a_class_without_fields_has_one_value() -> None:
    assert Empty() == Empty()
    assert len({Empty(), Empty(), GetMe()}) == 2
    assert repr(Empty()) == "Empty()"


def test_a_class_keeps_methods_of_its_own() -> None:
    assert repr(Own("a")) == "<a>"
    assert Own("a") == Own("a")


def test_attrs_writes_none_of_the_three_for_any_class_of_the_api() -> None:
    shared = {name: vars(Value)[name] for name in ("__eq__", "__hash__", "__repr__")}
    for cls in (Video, GetVideo, Ours):
        assert {name: vars(cls)[name] for name in shared} == shared
