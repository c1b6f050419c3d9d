"""What a prompt says is to be seen; what it does not say follows from it as a seed."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from viewer import colour_at, near

from heygen_async.emulator.media import UnreadableMedia, backdrop, look, sniff
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.drawing.scenery import place_in, scenery
from heygen_async.emulator.media.drawing.wording import described, dressed, gender_in
from heygen_async.emulator.media.portraits import recognised

ANNA = Likeness.of("anna", "female")
TOM = Likeness.of("tom", "male")


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("prompt", "gender"),
    [
        ("A woman", "female"),
        ("a tall man with a woman behind him", "male"),
        ("Businesswoman", "female"),
        ("GRANDFATHER", "male"),
        ("somebody human", None),
        ("", None),
    ],
)
def test_a_prompt_speaks_of_a_woman_or_a_man(prompt: str, gender: str | None) -> None:
    assert gender_in(prompt) == gender


def test_a_prompt_describes_a_face() -> None:
    old = described(TOM, "an elderly bearded man with glasses and curly hair, smiling")
    assert old.glasses
    assert old.beard
    assert old.hair == "curly"
    assert min(old.hair_colour) > 170
    assert old.smile > TOM.smile
    assert not described(old, "clean-shaven").beard
    assert not described(ANNA, "bearded").beard
    assert described(ANNA, "long hair").hair == described(TOM, "long-haired").hair == "long"
    assert (described(ANNA, "short hair").hair, described(TOM, "short hair").hair) == ("bob", "short")
    assert described(ANNA, "red hair").hair_colour[0] > 2 * described(ANNA, "red hair").hair_colour[2]
    assert sum(described(ANNA, "African").skin) < sum(described(ANNA, "European").skin)


def test_a_prompt_describes_clothes_and_surroundings() -> None:
    dressy = dressed(ANNA, "in a navy suit, at the beach, close-up")
    assert (dressy.clothes, dressy.zoom, dressy.place) == ("jacket", 1.3, "in a navy suit, at the beach, close-up")
    assert dressy.cloth == (0x22, 0x33, 0x5C)
    plain = dressed(dressy, "red background")
    assert plain.place == ""
    assert plain.clothes == "jacket"
    assert all(colour[0] > colour[2] + 60 for colour in plain.backdrop)
    assert dressed(ANNA, "dressed in green, full body").zoom < 1
    assert dressed(ANNA, "dressed in green").cloth == (0x3B, 0x7A, 0x57)


def test_what_a_prompt_does_not_say_stays_as_it_is() -> None:
    for prompt in ("", "a person", "42", "??"):
        assert dressed(described(ANNA, prompt), prompt) == ANNA


def test_a_look_is_a_picture_of_the_size_that_was_asked_for() -> None:
    content = look("a woman in a red blouse", 120, 90)
    assert sniff(content) == "image/png"
    assert opened(content).size == (120, 90)
    assert content == look("a woman in a red blouse", 120, 90)
    assert content != look("a woman in a blue blouse", 120, 90)


def test_a_look_has_the_clothes_and_the_wall_of_its_prompt() -> None:
    red = colour_at(opened(look("a man in a red sweater, white background", 200, 200)), 70, 190)
    assert red[0] > red[1] + 40
    assert min(colour_at(opened(look("a man in a red sweater, white background", 200, 200)), 10, 10)) > 200


def test_a_look_is_known_again_and_can_speak() -> None:
    looks = recognised(opened(look("an elderly man with glasses at the beach, close-up", 64, 64)))
    assert looks is not None
    assert (looks.gender, looks.glasses, looks.zoom) == ("male", True, 1.3)
    assert "beach" in looks.place


def test_the_gender_that_is_given_goes_before_the_prompt() -> None:
    looks = recognised(opened(look("a man", 32, 32, gender="female")))
    assert looks is not None
    assert looks.gender == "female"


def test_somebody_who_was_drawn_here_keeps_the_face_in_other_clothes() -> None:
    first = look("a young woman with curly hair", 64, 64)
    second = look("in a black suit, office", 64, 64, of=first)
    before, after = recognised(opened(first)), recognised(opened(second))
    assert before is not None
    assert after is not None
    assert (after.skin, after.hair, after.hair_colour) == (before.skin, before.hair, before.hair_colour)
    assert (after.clothes, after.place) == ("jacket", "in a black suit, office")
    third = recognised(opened(look("at night in the city", 64, 64, of=second)))
    assert third is not None
    assert third.clothes == before.clothes


def test_a_photo_is_fitted_and_shown_in_another_light(photo: bytes) -> None:
    one, other = (opened(look(prompt, 90, 160, of=photo)) for prompt in ("at dawn", "in the forest"))
    assert one.size == (90, 160)
    assert ImageChops.difference(one, other).getbbox() is not None
    assert recognised(one) is None


def test_what_is_no_image_is_nobodys_look() -> None:
    with pytest.raises(UnreadableMedia):
        look("x", 32, 32, of=b"broken")


@pytest.mark.parametrize("words", ["no json", "5", "[1]", '["a", "b", "c"]', "null"])
def test_a_picture_with_odd_words_in_it_is_still_known(words: str) -> None:
    image = opened(look("a woman", 32, 32))
    image.info["heygen-async-look"] = words
    assert recognised(image) == Likeness.of("a woman", "female")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_no_prompt_is_too_strange(prompt: str) -> None:
    assert opened(look(prompt, 16, 16)).size == (16, 16)
    assert opened(backdrop(prompt, 16, 16)).size == (16, 16)


# Places


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("By the SEA", "beach"),
        ("a home-office", "room"),
        ("New York, then home", "city"),
        ("snow", "hills"),
        ("x", None),
    ],
)
def test_a_prompt_speaks_of_a_place(prompt: str, place: str | None) -> None:
    assert place_in(prompt) == place


@pytest.mark.parametrize("size", [(64, 36), (36, 64), (2, 2)])
@pytest.mark.parametrize("prompt", ["hills", "beach", "city", "room", "desert", "anything"])
@pytest.mark.parametrize("hour", ["by day", "at sunset", "at night"])
def test_every_place_is_drawn_at_every_hour(prompt: str, hour: str, size: tuple[int, int]) -> None:
    drawn = scenery(f"{prompt} {hour}", size)
    assert drawn.far.size == drawn.near.size == size
    assert (drawn.far.mode, drawn.near.mode) == ("RGB", "RGBA")
    if min(size) > 2:
        assert len(drawn.flat().getcolors(4000) or ()) > 50


def test_night_is_darker_than_day_and_snow_brighter_than_grass() -> None:
    def brightness(prompt: str) -> float:
        histogram = opened(backdrop(prompt, 96, 54)).convert("L").histogram()
        return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)

    for place in ("beach", "city", "room", "hills"):
        assert brightness(f"{place} at night") < brightness(f"{place} at sunset") < brightness(place)
    assert brightness("hills in winter") > brightness("hills")


def test_a_place_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert backdrop("a city", 64, 36) == backdrop("a city", 64, 36)
    assert backdrop("a city", 64, 36) != backdrop("a city", 64, 36, seed=1)


def test_what_is_near_leaves_the_sky_free() -> None:
    drawn = scenery("hills", (96, 54))
    assert drawn.near.getpixel((48, 2))[3] == 0  # type: ignore[index]
    assert drawn.near.getpixel((48, 53))[3] == 255  # type: ignore[index]
    assert near(colour_at(drawn.flat(), 48, 2), colour_at(drawn.far, 48, 2))
