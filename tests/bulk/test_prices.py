"""The price lists, and that the emulator charges what they say."""

import pytest

from heygen_async.bulk.prices import ENTERPRISE, PAY_AS_YOU_GO, PriceList
from heygen_async.bulk.span import Span
from heygen_async.emulator import wallet

ENGINES = ("avatar_iii", "avatar_iv", "avatar_v")
TYPES = ("digital_twin", "photo_avatar", "studio_avatar")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("avatar_type", TYPES)
def test_the_emulator_charges_by_the_list(engine: str, avatar_type: str) -> None:
    assert wallet.price_of(engine, avatar_type) in PAY_AS_YOU_GO.render({engine}, {avatar_type})


def test_the_emulators_other_prices_are_on_the_list() -> None:
    second, once = PAY_AS_YOU_GO.second, PAY_AS_YOU_GO.once
    assert once("cinematic_avatar") == Span.exactly(wallet.CINEMATIC)
    assert once("avatar") == Span.exactly(wallet.AVATAR)
    assert once("clip") == Span.exactly(wallet.CLIP)
    assert second("video_agent") == Span.exactly(wallet.AGENT)
    assert second("speech") == Span.exactly(wallet.SPEECH)
    assert wallet.AUDIO_TRANSLATION in second("translation_audio")
    assert second("filler_words").high * 60 == pytest.approx(wallet.FILLER_WORDS)
    assert ENTERPRISE.second("proofread").high == pytest.approx(wallet.PROOFREAD)
    for mode, price in wallet.DUBBING.items():
        assert second(f"translation_{mode}") == second(f"lipsync_{mode}") == Span.exactly(price)


def test_credits_are_half_a_dollar() -> None:
    assert ENTERPRISE.render({"avatar_iv"}, {"photo_avatar"}) == Span.exactly(0.05)
    assert ENTERPRISE.once("cinematic_avatar") == PAY_AS_YOU_GO.once("cinematic_avatar")


def test_what_may_be_one_of_several_costs_from_the_cheapest_to_the_dearest() -> None:
    assert PAY_AS_YOU_GO.render({"avatar_iv"}, set(TYPES)) == Span(0.05, 0.0667)
    assert PAY_AS_YOU_GO.render(set(ENGINES), set(TYPES)) == Span(0.0167, 0.0667)


def test_4k_has_prices_of_its_own_where_the_list_has_them() -> None:
    assert PAY_AS_YOU_GO.render({"avatar_iv"}, {"digital_twin"}, uhd=True) == Span.exactly(0.0833)
    assert PAY_AS_YOU_GO.render({"avatar_v"}, {"digital_twin"}, uhd=True) == Span.exactly(0.0667)


@pytest.mark.parametrize("prices", [PAY_AS_YOU_GO, ENTERPRISE])
def test_an_engine_that_is_newer_than_the_list_costs_as_much_as_the_dearest_at_the_most(prices: PriceList) -> None:
    assert prices.render({"avatar_ix"}, {"digital_twin"}) == prices.render(set(ENGINES), set(TYPES))


@pytest.mark.parametrize("prices", [PAY_AS_YOU_GO, ENTERPRISE])
def test_a_list_says_where_it_is_from_and_of_when(prices: PriceList) -> None:
    assert prices.source.startswith("https://developers.heygen.com/")
    assert prices.read_on.year >= 2026
    with pytest.raises(KeyError):
        prices.once("a pony")
