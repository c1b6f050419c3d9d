"""What is learned of durations, whether what is foreseen comes true as often as is said, and when to look."""

import json
import math
from random import Random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async.api.engines import AvatarIII, AvatarIV
from heygen_async.api.scenes import AvatarScene, SceneAvatar
from heygen_async.api.speech import VoiceSettings
from heygen_async.api.videos import AvatarVideo, StudioVideo
from heygen_async.durations import COVERS, MEMORY, Case, Durations, Fit, Spread, pause

SECONDS = st.floats(0.5, 50_000)
LENGTHS = st.floats(0.5, 2000)
SPREADS = st.builds(Spread, st.floats(0, 9), st.floats(0.05, 2), st.floats(1.5, 80))
CASE = Case("video", 10.0)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # nothing here is a secret


def lognormal(chance: Random, sigma: float, median: float = 180.0) -> float:
    return median * math.exp(chance.gauss(0, sigma))


def learned(sigma: float, jobs: int, seed: int = 1) -> Fit:
    chance, fit = dice(seed), Fit()
    for _ in range(jobs):
        fit = fit.after(10.0, lognormal(chance, sigma))
    return fit


def spread_of(fit: Fit, length: float = 10.0) -> Spread:
    spread = fit.spread(length)
    assert spread is not None
    return spread


# What is learned.


def test_before_the_first_job_nothing_is_foreseen() -> None:
    assert Fit().spread(10.0) is None
    assert Durations().spread(CASE) is None


def test_one_job_says_little_and_thirty_say_nearly_all() -> None:
    one, thirty = spread_of(learned(0.3, 1)).eta(0), spread_of(learned(0.3, 30)).eta(0)
    assert one.high / one.low > 5
    assert thirty.high / thirty.low < 1.3 * math.exp(2 * 1.2816 * 0.3)
    assert thirty.likely == pytest.approx(180, rel=0.2)


def test_a_fit_is_a_value() -> None:
    fit = learned(0.3, 3)
    before = attrs.asdict(fit)
    fit.after(10.0, 99.0)
    assert attrs.asdict(fit) == before
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        fit.jobs = 0.0  # type: ignore[misc]  # that is what is tested


def test_longer_scripts_are_seen_to_take_longer() -> None:
    chance, fit = dice(2), Fit()
    for _ in range(60):
        length = chance.uniform(5, 200)
        fit = fit.after(length, 4 * length**0.8 * lognormal(chance, 0.1, 1.0))
    for length in (8, 40, 150):
        assert spread_of(fit, length).quantile(0.5) == pytest.approx(4 * length**0.8, rel=0.15)


def test_a_length_far_from_all_that_were_seen_is_foreseen_less_sharply() -> None:
    fit = learned(0.2, 30)
    assert spread_of(fit, 2000.0).scale > 2 * spread_of(fit).scale


def test_what_was_learned_follows_when_jobs_take_three_times_as_long() -> None:
    chance, fit = dice(3), learned(0.2, 200)
    for _ in range(2 * MEMORY):
        fit = fit.after(10.0, lognormal(chance, 0.2, 540.0))
    assert spread_of(fit).quantile(0.5) == pytest.approx(540, rel=0.2)


def test_a_job_that_was_stuck_for_a_night_spoils_little() -> None:
    before = learned(0.2, 60)
    stuck = before.after(10.0, 36_000.0)
    assert spread_of(stuck).scale < 1.25 * spread_of(before).scale
    assert spread_of(stuck).quantile(0.5) == pytest.approx(spread_of(before).quantile(0.5), rel=0.05)


@pytest.mark.parametrize("tick", [10.0, 60.0])
def test_rare_looks_do_not_make_jobs_seem_longer(tick: float) -> None:
    chance, fit = dice(4), Fit()
    for _ in range(200):
        seen = math.ceil(lognormal(chance, 0.4) / tick) * tick
        fit = fit.after(10.0, seen, open_at=seen - tick)
    assert spread_of(fit).quantile(0.5) == pytest.approx(180, rel=0.12)


def test_an_end_where_nobody_would_have_looked_for_it_lies_in_the_middle_of_the_gap() -> None:
    assert Spread(math.log(180), 0.1, 500.0).middle(2.0, 4.0) == 3.0


@given(SPREADS, SECONDS, SECONDS)
def test_the_middle_of_a_gap_lies_in_it(spread: Spread, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert low <= spread.middle(low, high) <= high


@given(st.lists(st.tuples(LENGTHS, SECONDS, SECONDS), max_size=40))
def test_whatever_is_learned_can_be_foreseen_with(jobs: list[tuple[float, float, float]]) -> None:
    fit = Fit()
    for length, seconds, since in jobs:
        fit = fit.after(length, seconds, open_at=min(seconds, since))
    assert fit.sound
    for length in (1.0, 500.0) if jobs else ():
        eta = spread_of(fit, length).eta(10.0)
        assert 0 <= eta.low <= eta.likely <= eta.high <= 1e9


# What is foreseen.


@given(SPREADS, st.floats(0.001, 0.999))
def test_a_quantile_has_its_share_before_it(spread: Spread, share: float) -> None:
    at = spread.quantile(share)
    if 1e-6 < at < 1e8:
        assert 1 - spread.left(at) == pytest.approx(share, abs=1e-6)


@given(SPREADS, SECONDS)
def test_the_hazard_is_the_speed_at_which_jobs_become_fewer(spread: Spread, seconds: float) -> None:
    step = seconds * 1e-5
    before, after = spread.left(seconds - step), spread.left(seconds + step)
    if after > 1e-6 and before - after > 1e-9:
        found = (before - after) / (2 * step) / spread.left(seconds)
        assert spread.hazard(seconds) == pytest.approx(found, rel=1e-2)


def test_nothing_ends_before_it_began_and_far_out_the_hazard_still_falls() -> None:
    narrow = Spread(math.log(180), 0.01, 400.0)
    assert (narrow.hazard(0.0), narrow.left(0.0)) == (0.0, 1.0)
    assert narrow.hazard(1e6) > narrow.hazard(1e8) > 0


@given(SPREADS, SECONDS, SECONDS)
def test_the_older_a_job_is_the_later_it_ends(spread: Spread, one: float, other: float) -> None:
    young, old = sorted((one, other))
    for share in (0.1, 0.5, 0.9):
        assert spread.quantile(share, old) >= max(old, spread.quantile(share, young) * (1 - 1e-9))


def test_wallaces_approximation_errs_on_the_wide_side() -> None:
    exact = {2: (1.886, 4.303), 5: (1.476, 2.571), 10: (1.372, 2.228), 30: (1.310, 2.042)}  # Student's tables
    for freedom, (tenth, fortieth) in exact.items():
        spread = Spread(0.0, 1.0, float(freedom))
        assert math.log(spread.quantile(0.9)) == pytest.approx(tenth, rel=0.004)
        assert fortieth * 0.999 < math.log(spread.quantile(0.975)) < fortieth * 1.05


@pytest.mark.parametrize("sigma", [0.15, 0.3, 0.6])
@pytest.mark.parametrize(("jobs", "least"), [(1, 0.75), (3, 0.7), (8, 0.72), (30, 0.75)])
def test_an_interval_covers_as_many_ends_as_it_says(sigma: float, jobs: int, least: float) -> None:
    chance, hits, rounds = dice(5), 0, 400
    for seed in range(rounds):
        eta = spread_of(learned(sigma, jobs, seed)).eta(0.0)
        hits += eta.low <= lognormal(chance, sigma) <= eta.high
    assert hits / rounds >= least
    assert jobs < 30 or sigma < 0.3 or hits / rounds <= COVERS + 0.07


@pytest.mark.parametrize("age", [100.0, 200.0, 350.0])
def test_it_does_so_for_jobs_that_are_old_already_too(age: float) -> None:
    chance, hits, rounds = dice(6), 0, 0
    while rounds < 400:
        seconds = lognormal(chance, 0.4)
        if seconds > age:
            eta = spread_of(learned(0.4, 40, rounds)).eta(age)
            rounds += 1
            hits += eta.low <= seconds - age <= eta.high
    assert 0.72 <= hits / rounds <= 0.88


def test_a_guess_is_drawn_around_what_is_known() -> None:
    fit, chance = learned(0.3, 40), dice(7)
    guesses = [fit.guess(chance) for _ in range(400)]
    assert sum(guess.centre(10.0) for guess in guesses) / 400 == pytest.approx(spread_of(fit).centre, abs=0.02)
    rests = [guess.draw_rest(chance, 10.0, 100.0) for guess in guesses]
    assert min(rests) >= 0
    assert sorted(rests)[200] == pytest.approx(spread_of(fit).eta(100.0).likely, rel=0.2)
    mean, variance = guesses[0].moments(10.0)
    drawn = [guesses[0].draw_rest(chance, 10.0, 0.0) for _ in range(4000)]
    assert sum(drawn) / 4000 == pytest.approx(mean, rel=0.05)
    assert sum((each - mean) ** 2 for each in drawn) / 4000 == pytest.approx(variance, rel=0.3)


# When to look.


def cost(sigma: float, spread: Spread | None, tick: float = 2.0, jobs: int = 300) -> float:
    """Looks times mean delay."""
    chance, looks, late = dice(8), 0, 0.0
    for _ in range(jobs):
        seconds, at = lognormal(chance, sigma), 0.0
        while at < seconds:
            at, looks = at + pause([(spread, at)], tick), looks + 1
        late += at - seconds
    return looks / jobs * late / jobs


def test_knowing_nothing_costs_half_the_mean() -> None:
    assert cost(0.6, None) == pytest.approx(108, rel=0.1)


@pytest.mark.parametrize(("sigma", "best"), [(0.6, 87.0), (0.3, 48.0), (0.15, 26.0)])
def test_after_thirty_jobs_the_looks_come_close_to_the_best_that_there_are(sigma: float, best: float) -> None:
    assert cost(sigma, spread_of(learned(sigma, 30))) <= 1.2 * best  # 300 jobs leave a few per cent to chance


def test_of_many_jobs_at_all_ages_the_tick_is_that_of_somebody_who_knows_nothing() -> None:
    spread, chance = Spread(math.log(180), 0.4, 200.0), dice(9)
    ages = [chance.uniform(0, lognormal(chance, 0.4)) for _ in range(300)]
    assert pause([(spread, age) for age in ages], 2.0) == pytest.approx(2.0, rel=0.15)
    assert pause([(None, age) for age in ages], 2.0) == pytest.approx(2.0)


def test_a_job_of_which_nothing_is_known_keeps_the_looks_close() -> None:
    late = (Spread(math.log(1800), 0.1, 100.0), 0.0)
    assert pause([late, (None, 0.0)], 2.0) < 2 * 2.0 < pause([late], 2.0)


@given(st.lists(st.tuples(st.none() | SPREADS, SECONDS), max_size=5), st.floats(0.01, 60))
@settings(max_examples=50)
def test_no_pause_is_much_shorter_than_the_tick_nor_endless(
    jobs: list[tuple[Spread | None, float]], tick: float
) -> None:
    assert 0.25 * tick <= pause(jobs, tick) <= 20 * tick


def test_a_job_that_outlives_its_forecast_is_looked_at_calmly_and_never_forgotten() -> None:
    spread = Spread(math.log(180), 0.15, 30.0)
    pauses = [pause([(spread, age)], 2.0) for age in (400.0, 4000.0, 40_000.0, 400_000.0)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 2.0 < pauses[1]
    assert pauses[-1] == 40.0


# What a case is, and what is written down.


def test_a_case_is_the_kind_the_engine_the_resolution_and_the_length_of_the_script() -> None:
    video = AvatarVideo(avatar_id="a", script="Hello there, this is a test.", engine=AvatarIII(), resolution="720p")
    case = Case.of("video", video)
    assert case.group == "video/avatar/avatar_iii/720p"
    longer = attrs.evolve(video, script=str(video.script) * 3)
    assert Case.of("video", longer).length > 2 * case.length
    quicker = attrs.evolve(video, voice_settings=VoiceSettings(speed=1.5))
    assert Case.of("video", quicker).length < case.length
    assert Case.of("video", attrs.evolve(video, engine=AvatarIV())).group != case.group


def test_the_scenes_of_a_studio_video_add_up() -> None:
    scene = AvatarScene(input=SceneAvatar(avatar_id="a", script="Hello there, this is a test."))
    one, two = (Case.of("video", StudioVideo(scenes=[scene] * scenes)) for scenes in (1, 2))
    assert one.group == two.group == "video/studio//"
    assert two.length == pytest.approx(2 * one.length)


def test_what_says_nothing_is_a_group_of_its_own() -> None:
    video = AvatarVideo(avatar_id="a", audio_url="https://example.com/a.mp3")
    assert Case.of("video", video) == Case("video/avatar///unheard", 1.0)
    assert Case.of("avatar", None) == Case("avatar////unheard", 1.0)


def test_what_was_learned_can_be_written_down_and_read() -> None:
    durations = Durations()
    for seconds in (100.0, 120.0, 95.0):
        durations = durations.after(CASE, seconds).after(Case("other", 3.0), 2 * seconds, open_at=seconds)
    again = Durations.read(str(durations))
    assert str(again) == str(durations)
    before, after = durations.spread(CASE), again.spread(CASE)
    assert before is not None
    assert after is not None
    assert after.centre == pytest.approx(before.centre, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "[]", "3", '{"a": 3}', '{"a": {"what": 1}}', '{"a": {"jobs": "many"}}', '{"a": {"jobs": -1}}']
    + [json.dumps({"a": {"jobs": 3, "y": bad}}) for bad in (float("nan"), float("inf"), 1e300)],
)
def test_what_is_not_understood_is_forgotten(text: str | None) -> None:
    assert Durations.read(text) == Durations()


def test_of_two_memories_each_group_is_taken_from_where_more_is_known() -> None:
    little, much = learned(0.3, 2), learned(0.3, 9)
    here, there = Durations({"a": little, "b": much, "c": little}), Durations({"a": much, "b": little, "d": much})
    assert here.joined(there).fits == {"a": much, "b": much, "c": little, "d": much}


def test_a_group_is_foreseen_once_enough_of_it_have_ended() -> None:
    durations = Durations({"video": learned(0.3, 3)})
    assert durations.spread(CASE) is not None
    assert durations.spread(CASE, jobs=4.0) is None
    assert durations.spread(Case("other")) is None
