"""People who do not exist: each seed is somebody, always the same, and known again."""

from io import BytesIO

import pytest
from PIL import Image

from heygen_async.emulator.media import image_size, portrait, sample_picture, sniff
from heygen_async.emulator.media.drawing import figure
from heygen_async.emulator.media.drawing.canvas import Canvas, Pose, curve, mirrored, oval, points, rgb
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.drawing.portraiture import portray
from heygen_async.emulator.media.picture import opened_image
from heygen_async.emulator.media.portraits import portrayed, recognised


def test_equal_seeds_are_one_person_and_others_are_others() -> None:
    assert portrait("anna", 48, 48) == portrait("anna", 48, 48)
    assert len({portrait(f"seed {number}", 48, 48) for number in range(12)}) == 12


@pytest.mark.parametrize("size", [(64, 64), (96, 54), (54, 96), (2, 2)])
def test_a_portrait_has_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    assert image_size(portrait("anna", *size)) == size


def test_a_portrait_is_large_unless_asked_otherwise() -> None:
    assert image_size(portrait("anna")) == (1080, 1080)
    assert sniff(sample_picture()) == "image/png"


def test_the_gender_can_be_chosen() -> None:
    assert Likeness.of("x", "male").gender == "male"
    assert Likeness.of("x", "female").gender == "female"
    assert {Likeness.of(f"{number}").gender for number in range(20)} == {"female", "male"}
    assert not any(Likeness.of(f"{number}", "female").beard for number in range(50))


@pytest.mark.parametrize("gender", ["female", "male", None])
def test_a_portrait_is_known_again(gender: object) -> None:
    content = portrait("Zoë: one\n", 48, 48, gender)  # type: ignore[arg-type]  # each value is one of its own
    assert recognised(opened_image(content)) == Likeness.of("Zoë: one\n", gender)  # type: ignore[arg-type]  # as above


def test_a_photo_is_not_taken_for_a_portrait(photo: bytes) -> None:
    assert recognised(opened_image(photo)) is None


@pytest.mark.parametrize("number", range(24))
def test_everybody_has_skin_eyes_and_a_body(number: int) -> None:
    looks = Likeness.of(f"somebody {number}")
    image = portrayed(looks, (160, 160), cut_out=True)
    opaque = image.getchannel("A")
    assert opaque.getpixel((2, 2)) == 0
    assert opaque.getpixel((80, 158)) == 255
    colours = {colour for _, colour in image.crop((60, 45, 100, 95)).convert("RGB").getcolors(5000)}
    assert any(near(colour, looks.skin) for colour in colours)
    assert any(near(colour, (252, 250, 247)) for colour in colours)


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 60


def test_every_kind_of_hair_and_clothes_is_worn() -> None:
    people = [Likeness.of(f"{number}") for number in range(200)]
    assert {person.hair for person in people} == {
        *("short", "parted", "quiff", "curly", "buzz", "long", "bob", "bun", "waves"),
    }
    assert {person.clothes for person in people} == {"tee", "shirt", "jacket", "rollneck", "blouse"}
    assert {person.glasses for person in people} == {person.beard for person in people} == {True, False}


@pytest.mark.parametrize("clothes", ["tee", "shirt", "jacket", "rollneck", "blouse"])
def test_clothes_differ(clothes: str) -> None:
    shown = {portray(person, (48, 48)).tobytes() for person in dressed()}
    assert len(shown) == len(dressed())
    assert clothes in {person.clothes for person in dressed()}


def dressed() -> list[Likeness]:
    """One of each."""
    people = {person.clothes: person for person in (Likeness.of(f"{number}") for number in range(60))}
    return list(people.values())


def test_a_portrait_can_have_its_own_wall_or_none() -> None:
    looks = Likeness.of("anna")
    assert portrayed(looks, (48, 48), cut_out=True).getchannel("A").getextrema() == (0, 255)
    assert portrayed(looks, (48, 48), cut_out=False).getchannel("A").getextrema() == (255, 255)


def test_a_curve_goes_through_its_points() -> None:
    corners = points("0,0 50,100 100,0")
    assert corners == [(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)]
    assert set(corners) <= set(curve(corners))
    assert set(corners) <= set(curve(corners, closed=True))


def test_a_mirrored_outline_is_symmetrical() -> None:
    assert mirrored([(0.0, 0.0), (1.0, 1.0)]) == [(0.0, 0.0), (1.0, 1.0), (-1.0, 1.0)]


def test_a_shade_outside_of_the_sheet_is_left_out() -> None:
    canvas = Canvas((40, 40), Pose(20, 20, 20))
    canvas.fill(oval(0, 0, 0.5, 0.5), rgb("#808080"))
    before = canvas.image.tobytes()
    canvas.shade(oval(9, 9, 0.5, 0.5), rgb("#000000"), 1.0, 0.1)
    assert canvas.image.tobytes() == before
    canvas.shade(oval(0, 0, 0.5, 0.5), rgb("#000000"), 1.0, 0.1)
    assert canvas.image.tobytes() != before


def test_lifting_ends_with_its_block() -> None:
    canvas = Canvas((40, 40), Pose(20, 20, 20))
    with canvas.lifted(0.5):
        assert canvas.pose.y == 10
    assert canvas.pose.y == 20


def test_lips_have_a_colour_of_their_own() -> None:
    for looks in (Likeness.of("a", "female"), Likeness.of("a", "male")):
        assert figure.lip(looks) != looks.skin
        assert Image.new("RGB", (1, 1), figure.lip(looks)).getpixel((0, 0)) == figure.lip(looks)


def test_a_portrait_that_went_through_an_editor_keeps_its_face() -> None:
    file = BytesIO()
    Image.open(BytesIO(portrait("anna", 48, 48))).save(file, "PNG")
    assert recognised(opened_image(file.getvalue())) is None
