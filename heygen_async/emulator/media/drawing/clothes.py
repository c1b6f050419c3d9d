"""Shoulders, neck and what somebody wears on them."""

from heygen_async.emulator.media.drawing.canvas import (
    Canvas,
    Colour,
    Point,
    curve,
    darker,
    lighter,
    mirrored,
    mix,
    oval,
)
from heygen_async.emulator.media.drawing.likeness import Likeness

__all__ = ["chin_shadow", "dress", "neck"]

_FLOOR = 6.0
"""Where the drawing of a body ends: below the edge of any picture."""


def dress(canvas: Canvas, looks: Likeness) -> None:
    """Draw the body below the head, with its clothes."""
    body = _body(looks)
    canvas.fill(body, looks.cloth)
    _folds(canvas, looks.cloth, body)
    if looks.clothes == "rollneck":
        _roll(canvas, looks.cloth)
        return
    if looks.clothes == "shirt":
        _throat(canvas, looks, depth=0.86, width=0.145)
        _collar(canvas, lighter(looks.cloth, 0.12))
    elif looks.clothes == "jacket":
        _lapels(canvas, looks)
    elif looks.clothes == "blouse":
        _throat(canvas, looks, depth=0.97, width=0.2)
        _trim(canvas, looks.cloth, depth=0.97, width=0.2)
    else:
        _scoop(canvas, looks, looks.cloth, (0.215, 0.765))


def neck(canvas: Canvas, looks: Likeness) -> None:
    """Draw the neck."""
    half = _neck(looks)
    outline = mirrored(curve([(half, 0.2), (half, 0.5), (half + 0.015, 0.6), (half + 0.05, 0.7)]))
    middle = len(outline) // 2
    canvas.fill([*outline[:middle], (0.0, 0.86), *outline[middle:]], darker(looks.skin, 0.1))


def chin_shadow(canvas: Canvas, looks: Likeness) -> None:
    """Draw the shadow that the chin throws on the neck, or on the collar around it."""
    half = _neck(looks)
    within = mirrored([(half, 0.2), (half, 0.72)])
    shade = darker(looks.cloth if looks.clothes == "rollneck" else looks.skin, 0.5)
    canvas.shade(oval(0.02, 0.44, 0.24, 0.15), shade, 0.7, 0.04, within)


def _neck(looks: Likeness) -> float:
    """Return half the width of the neck."""
    return 0.135 if looks.gender == "female" else 0.165


def _body(looks: Likeness) -> list[Point]:
    broad = 0.8 if looks.gender == "female" else 0.93
    side = curve(
        [
            (0.15, 0.6),
            (0.24, 0.67),
            (0.45, 0.755),
            (broad * 0.82, 0.86),
            (broad * 0.97, 1.06),
            (broad * 1.04, 1.5),
            (broad * 1.08, 2.2),
        ]
    )
    return mirrored([*side, (broad * 1.1, _FLOOR)])


def _folds(canvas: Canvas, cloth: Colour, body: list[Point]) -> None:
    canvas.shade(
        curve([(0.5, 0.8), (1.2, 0.9), (1.3, 4.0), (0.62, 4.0)], closed=True), darker(cloth, 0.5), 0.5, 0.11, body
    )
    canvas.shade(oval(-0.34, 0.96, 0.26, 0.16), lighter(cloth, 0.4), 0.4, 0.1, body)
    canvas.shade(
        curve([(-0.57, 1.3), (-0.63, 1.9), (-0.6, 3.0), (-0.66, 3.0), (-0.68, 1.9)]),
        darker(cloth, 0.6),
        0.55,
        0.03,
        body,
    )
    canvas.shade(
        curve([(0.57, 1.3), (0.63, 1.9), (0.6, 3.0), (0.66, 3.0), (0.68, 1.9)]), darker(cloth, 0.6), 0.55, 0.03, body
    )


def _throat(canvas: Canvas, looks: Likeness, depth: float, width: float) -> None:
    side = curve([(width, 0.6), (width * 0.86, 0.72), (0.03, depth)])
    opening = mirrored([*side, (0.0, depth + 0.01)])
    canvas.fill(opening, darker(looks.skin, 0.1))


def _scoop(canvas: Canvas, looks: Likeness, cloth: Colour, reach: Point) -> None:
    wide, deep = reach
    side = curve([(wide, 0.6), (wide * 0.97, 0.65), (wide * 0.68, deep - 0.03), (0.0, deep)])
    opening = mirrored(side)
    canvas.fill(opening, darker(looks.skin, 0.1))
    hem = [(wide, 0.6), (wide * 0.97, 0.65), (wide * 0.68, deep - 0.03)]
    canvas.line([*hem, (0.0, deep), *((-x, y) for x, y in reversed(hem))], darker(cloth, 0.2), 0.026)


def _trim(canvas: Canvas, cloth: Colour, depth: float, width: float) -> None:
    for side in (-1, 1):
        edge = [(side * width, 0.6), (side * width * 0.86, 0.72), (side * 0.03, depth), (0.0, depth + 0.012)]
        canvas.line(edge, darker(cloth, 0.28), 0.026)


def _collar(canvas: Canvas, cloth: Colour) -> None:
    canvas.fill([(-0.006, 0.86), (0.012, 0.86), (0.012, _FLOOR), (-0.006, _FLOOR)], darker(cloth, 0.3))
    for button in range(1, 5):
        canvas.fill(oval(-0.03, 0.88 + 0.24 * button, 0.014, 0.014), lighter(cloth, 0.6))
    for side in (-1, 1):
        wing = [(0.13, 0.555), (0.19, 0.6), (0.255, 0.7), (0.2, 0.9), (0.01, 0.865), (0.09, 0.72)]
        flap = [(side * x, y) for x, y in wing]
        canvas.shade([(x + 0.01, y + 0.03) for x, y in flap], darker(cloth, 0.7), 0.4, 0.02)
        canvas.fill(flap, cloth)
        canvas.line([flap[2], flap[3], flap[4]], darker(cloth, 0.22), 0.009)


def _lapels(canvas: Canvas, looks: Likeness) -> None:
    under = mix(looks.cloth, (250, 250, 250), 0.86)
    canvas.fill(mirrored([(0.17, 0.61), (0.26, 0.7), (0.2, 1.1), (0.0, 1.62)]), under)
    _scoop(canvas, looks, under, (0.175, 0.735))
    for side in (-1, 1):
        lapel = [
            (0.17, 0.575),
            (0.245, 0.62),
            (0.37, 0.83),
            (0.43, 0.93),
            (0.34, 0.98),
            (0.37, 1.06),
            (0.0, 1.66),
            (0.16, 1.05),
        ]
        shape = [(side * x, y) for x, y in lapel]
        canvas.shade([(x, y + 0.03) for x, y in shape], darker(looks.cloth, 0.7), 0.5, 0.025)
        canvas.fill(shape, lighter(looks.cloth, 0.07) if side < 0 else darker(looks.cloth, 0.08))
        canvas.line([(side * 0.43, 0.93), (side * 0.34, 0.98)], darker(looks.cloth, 0.45), 0.008)
        canvas.line([(side * 0.34, 0.98), (side * 0.37, 1.06)], darker(looks.cloth, 0.45), 0.008)
    canvas.line([(0.0, 1.66), (0.02, 2.2), (0.02, _FLOOR)], darker(looks.cloth, 0.4), 0.012)


def _roll(canvas: Canvas, cloth: Colour) -> None:
    roll = mirrored(curve([(0.0, 0.5), (0.15, 0.485), (0.2, 0.53), (0.205, 0.62), (0.26, 0.72), (0.0, 0.8)]))
    canvas.fill(roll, lighter(cloth, 0.06))
    canvas.stroke([(-0.2, 0.63), (0.0, 0.68), (0.2, 0.63)], darker(cloth, 0.3), 0.014)
    for x in (-0.14, -0.07, 0.0, 0.07, 0.14):
        canvas.stroke([(x, 0.53), (x * 1.05, 0.63)], darker(cloth, 0.16), 0.01)
