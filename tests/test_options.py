import attrs
import pytest

from heygen_async.options import Limits, Options, Polling, Retry, Timeouts

GROUPS = [Timeouts, Retry, Limits, Polling]


def test_the_defaults_are_those_of_the_documentation() -> None:
    options = Options()
    assert (options.timeouts.read, options.timeouts.write, options.timeouts.silence) == (30, 120, 600)
    assert options.limits.renders == 10
    assert options.retry.attempts == 4
    assert not options.insecure_http


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("value", [-1, 1e12, float("nan"), "10", None])
def test_a_knob_says_its_name_and_range_when_it_is_turned_too_far(group: type, value: object) -> None:
    for at in attrs.fields(group):
        if value is None and at.type == int | None:
            continue  # it means something there
        with pytest.raises(ValueError, match=rf"{group.__name__}\.{at.name} is .*; it must be a .*number from .* to "):
            group(**{at.name: value})


@pytest.mark.parametrize(
    ("group", "name"),
    [(Retry, "attempts"), (Limits, "renders"), (Limits, "submissions"), (Limits, "requests"), (Limits, "downloads")],
)
def test_there_is_no_half_of_a_thing(group: type, name: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        group(**{name: 2.5})


def test_the_range_is_told_in_full() -> None:
    with pytest.raises(ValueError, match=r"Polling.give_up_after is -1; it must be a number from 0.01 to 31,536,000"):
        Polling(give_up_after=-1)


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert Limits(renders=1).renders == 1
    assert Limits(renders=100_000).renders == 100_000
    assert Retry(backoff=0, longest=3600).longest == 3600


def test_options_are_frozen_and_changed_by_a_copy() -> None:
    options = Options()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        options.insecure_http = True  # type: ignore[misc]  # the point of the test
    changed = attrs.evolve(options, limits=attrs.evolve(options.limits, renders=20))
    assert (changed.limits.renders, options.limits.renders) == (20, 10)
    assert changed.retry == options.retry
