"""A mouth is found on a face, opens, and nothing else of the picture moves."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops
from viewer import as_jpeg

from heygen_async.emulator.media import portrait
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.face import Face
from heygen_async.emulator.media.mouth import speaking
from heygen_async.emulator.media.picture import fitting, opened_image


def photo_of(seed: str, size: tuple[int, int]) -> Image.Image:
    return opened_image(as_jpeg(Image.open(BytesIO(portrait(seed, *size)))))


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox()
    assert box is not None
    return box


def test_the_face_of_a_drawn_portrait_is_known() -> None:
    face = Face.drawn(Likeness.of("anna"), (200, 200))
    assert face.middle == (100, 86)
    assert face.mouth[1] > face.middle[1]
    assert len(face.eyes) == 2


@pytest.mark.parametrize("number", [6, 8, 9, 13, 15, 16])
def test_a_mouth_is_found_in_a_photo(number: int) -> None:
    size = [(640, 640), (800, 450), (450, 800)][number % 3]
    found = Face.found(photo_of(f"x{number}", size))
    known = Face.drawn(Likeness.of(f"x{number}"), size)
    assert found.mouth == pytest.approx(known.mouth, abs=0.1 * known.head)
    assert found.mouth_width == pytest.approx(known.mouth_width, rel=0.4)


@pytest.mark.parametrize("opening", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("number", [1, 2, 3, 8, 16, 29, 30, 31, 32, 34, 35, 36, 45, 46, 48])
def test_neither_a_beard_nor_glasses_nor_an_open_mouth_leads_astray(number: int, opening: float) -> None:
    looks, size = Likeness.of(f"s{number}"), [(640, 640), (800, 450), (450, 800)][number % 3]
    assert looks.beard or looks.glasses
    known = Face.drawn(looks, size)
    frame = speaking(photo_of(f"s{number}", size), known, opening, blink=False)
    found = Face.found(opened_image(as_jpeg(frame)))
    assert found.mouth == pytest.approx(known.mouth, abs=0.11 * known.head)


def test_the_mouth_of_a_photo_is_taken_away_before_another_opens() -> None:
    image = Image.new("RGBA", (400, 400), "#E8B48A")
    face = Face(middle=(200, 150), width=160, mouth=(200, 220), mouth_width=80, lip=(170, 90, 84))
    image.paste("#FFFFFF", (175, 235, 225, 240))
    shut = speaking(image, face, 0.01, blink=False).convert("L")
    assert max(shut.crop((170, 236, 230, 320)).tobytes()) < 230


def test_a_photo_that_is_cut_off_above_the_eyes_has_its_mouth_below_them() -> None:
    photo, known = photo_of("x6", (640, 640)), Face.drawn(Likeness.of("x6"), (640, 640))
    edge = round(known.middle[1] - 0.04 * known.head)
    found = Face.found(photo.crop((0, edge, 640, 640)))
    assert found.mouth[1] > 0.1 * known.head


@pytest.mark.parametrize("moved", [-120, 120])
def test_a_face_at_the_side_is_found_too(moved: int) -> None:
    centred = photo_of("x6", (640, 640))
    aside = ImageChops.offset(centred, moved, 0)
    known = Face.drawn(Likeness.of("x6"), (640, 640))
    assert Face.found(aside).mouth[0] == pytest.approx(known.mouth[0] + moved, abs=0.08 * known.head)


@pytest.mark.parametrize("colour", ["#FFFFFF", "#000000", "#E8B48A", "#3366CC"])
def test_where_there_is_no_face_one_is_where_faces_usually_are(colour: str) -> None:
    face = Face.found(Image.new("RGBA", (400, 300), colour))
    assert face.mouth[0] == pytest.approx(200, abs=4)
    assert 150 < face.mouth[1] < 190


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2), (300, 60)])
def test_the_smallest_pictures_are_survived(size: tuple[int, int]) -> None:
    image = Image.new("RGBA", size, "#E8B48A")
    assert speaking(image, Face.found(image), 1.0, blink=True).size == size


def test_a_mouth_at_rest_changes_nothing() -> None:
    image = photo_of("x1", (160, 160))
    assert speaking(image, Face.found(image), 0.0, blink=True).tobytes() == image.tobytes()


@pytest.mark.parametrize("drawn", [True, False])
def test_a_mouth_opens_around_its_place_and_ever_wider(drawn: bool) -> None:
    image = photo_of("x1", (320, 320))
    face = Face.drawn(Likeness.of("x1"), (320, 320)) if drawn else Face.found(image)
    before = image.tobytes()
    boxes = [changed(image, speaking(image, face, opening, blink=False)) for opening in (0.2, 0.6, 1.0)]
    assert image.tobytes() == before
    assert [box[3] for box in boxes] == sorted({box[3] for box in boxes})
    for left, top, right, bottom in boxes:
        assert left < face.mouth[0] < right
        assert face.mouth[1] - face.mouth_width < top < face.mouth[1] < bottom < face.mouth[1] + 2.2 * face.mouth_width
        assert right - left < 3 * face.mouth_width


def test_an_open_mouth_is_dark_inside_and_has_teeth() -> None:
    image = photo_of("x1", (640, 640))
    face = Face.drawn(Likeness.of("x1"), image.size)
    spoken = speaking(image, face, 1.0, blink=False).convert("L")
    column = [spoken.getpixel((round(face.mouth[0]), round(face.mouth[1]) + step)) for step in range(-4, 25)]
    assert max(column) > 200
    assert min(column) < 60


def test_eyes_close_where_they_are() -> None:
    image = photo_of("x3", (320, 320))
    face = Face.drawn(Likeness.of("x3"), (320, 320))
    left, top, right, bottom = changed(image, speaking(image, face, 0.0, blink=True))
    assert left < face.eyes[0][0] < face.eyes[1][0] < right
    assert top < face.eyes[0][1] < bottom < face.mouth[1]


def test_a_face_moves_with_its_picture() -> None:
    face = Face.drawn(Likeness.of("anna"), (200, 200))
    place = fitting((200, 200), (400, 200), "cover", face.middle)
    laid = face.within(place)
    assert laid.mouth_width == 2 * face.mouth_width
    assert laid.mouth == place.place(face.mouth)
    assert laid.eyes == tuple(map(place.place, face.eyes))
