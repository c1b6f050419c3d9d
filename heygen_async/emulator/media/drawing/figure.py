"""The head: its shape, eyes, brows, nose, cheeks, beard and glasses."""

from heygen_async.emulator.media.drawing import clothes, hair
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

__all__ = ["EYE", "MOUTH", "MOUTH_WIDTH", "draw", "lash", "lip", "outline"]

EYE = (0.155, 0.0)
"""Where the right eye is; the left one mirrors it."""
MOUTH = (0.0, 0.285)
"""Where the middle of the mouth is."""
MOUTH_WIDTH = 0.25
"""How wide the mouth is, from corner to corner."""
_LASH: Colour = (46, 26, 22)


def draw(canvas: Canvas, looks: Likeness) -> None:
    """Draw somebody from behind to the front."""
    hair.behind(canvas, looks)
    with canvas.lifted(0.05):
        clothes.neck(canvas, looks)
        clothes.dress(canvas, looks)
        clothes.chin_shadow(canvas, looks)
    _ears(canvas, looks)
    _head(canvas, looks)
    if looks.beard:
        _beard(canvas, looks)
    for side in (-1, 1):
        _eye(canvas, looks, side)
        _eyebrow(canvas, looks, side)
    _nose(canvas, looks)
    _mouth(canvas, looks)
    hair.before(canvas, looks)
    if looks.glasses:
        _glasses(canvas)


def outline(looks: Likeness) -> list[Point]:
    """Return the outline of the face."""
    w, j = looks.width, looks.jaw
    return mirrored(
        curve(
            [
                (0.0, -0.5),
                (0.2 * w, -0.465),
                (0.325 * w, -0.3),
                (0.36 * w, -0.05),
                (0.348 * w, 0.13),
                ((0.27 + 0.045 * j) * w, 0.315),
                ((0.135 + 0.035 * j) * w, 0.455 + 0.012 * j),
                (0.0, 0.5),
            ]
        )
    )


def lip(looks: Likeness) -> Colour:
    """Return the colour of somebody's lips."""
    rouge = (196, 72, 82) if looks.gender == "female" else (170, 92, 84)
    return mix(darker(looks.skin, 0.22), rouge, 0.62 if looks.gender == "female" else 0.4)


def lash(looks: Likeness) -> Colour:
    """Return the colour of somebody's lashes."""
    return mix(_LASH, looks.hair_colour, 0.25)


def _ears(canvas: Canvas, looks: Likeness) -> None:
    shade = darker(looks.skin, 0.12)
    for side in (-1, 1):
        x = side * 0.375 * looks.width
        canvas.fill(oval(x, 0.045, 0.062, 0.105), shade)
        canvas.stroke(
            [(x + side * 0.03, -0.02), (x + side * 0.01, 0.04), (x - side * 0.01, 0.09)],
            darker(looks.skin, 0.32),
            0.018,
        )
        if looks.earrings:
            canvas.fill(oval(x + side * 0.01, 0.165, 0.022, 0.022), (236, 201, 120))


def _head(canvas: Canvas, looks: Likeness) -> None:
    face = outline(looks)
    canvas.fill(face, looks.skin)
    canvas.shade(oval(-0.12, -0.16, 0.2, 0.17), lighter(looks.skin, 0.5), 0.45, 0.09, face)
    side = curve([(0.5, -0.5), (0.5, 0.6), (0.05, 0.6), (0.24, 0.36), (0.31, 0.1), (0.3, -0.3)], closed=True)
    canvas.shade(side, darker(looks.skin, 0.35), 0.55, 0.06, face)
    canvas.shade(oval(0.0, -0.46, 0.4, 0.1), darker(looks.skin, 0.4), 0.45, 0.05, face)
    for x in (-0.205, 0.205):
        canvas.shade(oval(x, 0.16, 0.085, 0.06), mix(looks.skin, (226, 92, 88), 0.55), 0.5, 0.04, face)


def _eye(canvas: Canvas, looks: Likeness, side: int) -> None:
    x, y = side * EYE[0], EYE[1]
    canvas.shade(oval(x, y - 0.01, 0.1, 0.07), darker(looks.skin, 0.35), 0.4, 0.03)
    almond = _almond(x, y, side)
    canvas.fill(almond, (252, 250, 247))
    iris = [(px, min(max(py, y - 0.038), y + 0.04)) for px, py in oval(x, y + 0.002, 0.0435, 0.0435)]
    canvas.fill(iris, darker(looks.eyes, 0.3))
    canvas.fill([(x + (px - x) * 0.84, y + (py - y) * 0.84) for px, py in iris], looks.eyes)
    canvas.fill(oval(x, y + 0.002, 0.021, 0.021), (22, 16, 16))
    canvas.fill(oval(x - 0.015, y - 0.014, 0.011, 0.011), (255, 255, 255))
    lid = [
        (x - side * 0.078, y + 0.018),
        (x - side * 0.045, y - 0.028),
        (x + side * 0.005, y - 0.042),
        (x + side * 0.05, y - 0.028),
        (x + side * 0.088, y + 0.002),
    ]
    if looks.gender == "female":
        lid = [*lid[:-1], (x + side * 0.1, y - 0.018)]
    canvas.stroke(lid, lash(looks), 0.026 if looks.gender == "female" else 0.02)
    crease = [(px + side * 0.002, py - 0.026) for px, py in lid[1:]]
    canvas.stroke(crease, darker(looks.skin, 0.3), 0.009)
    canvas.stroke(
        [(x - side * 0.05, y + 0.037), (x + side * 0.01, y + 0.046), (x + side * 0.065, y + 0.026)],
        darker(looks.skin, 0.28),
        0.008,
    )


def _almond(x: float, y: float, side: int) -> list[Point]:
    rim = [
        (-0.076, 0.018),
        (-0.042, -0.026),
        (0.005, -0.04),
        (0.05, -0.026),
        (0.082, 0.004),
        (0.05, 0.031),
        (0.005, 0.041),
        (-0.045, 0.034),
    ]
    return curve([(x + side * dx, y + dy) for dx, dy in rim], closed=True)


def _eyebrow(canvas: Canvas, looks: Likeness, side: int) -> None:
    colour = mix(looks.hair_colour, (40, 26, 20), 0.4)
    rise = 0.115 if looks.gender == "female" else 0.095
    brow = [(0.075, -rise + 0.012), (0.15, -rise - 0.022), (0.21, -rise - 0.018), (0.258, -rise + 0.018)]
    canvas.stroke([(side * x, y) for x, y in brow], colour, 0.034 * looks.brow)


def _nose(canvas: Canvas, looks: Likeness) -> None:
    shade = darker(looks.skin, 0.33)
    canvas.shade(
        curve([(0.028, -0.05), (0.05, 0.1), (0.07, 0.165), (0.0, 0.185), (0.02, 0.08)], closed=True), shade, 0.4, 0.018
    )
    canvas.shade(oval(-0.006, 0.125, 0.022, 0.028), lighter(looks.skin, 0.5), 0.45, 0.014)
    canvas.stroke(
        [(-0.05, 0.168), (-0.024, 0.182), (0.0, 0.187), (0.024, 0.182), (0.05, 0.168)], darker(looks.skin, 0.42), 0.013
    )
    for side in (-1, 1):
        canvas.stroke([(side * 0.05, 0.172), (side * 0.063, 0.158), (side * 0.058, 0.136)], shade, 0.011)


def _mouth(canvas: Canvas, looks: Likeness) -> None:
    y, half, rise = MOUTH[1], MOUTH_WIDTH / 2, 0.02 * looks.smile
    line = [(-half, y - rise), (-half * 0.5, y + 0.002), (0.0, y + 0.007), (half * 0.5, y + 0.002), (half, y - rise)]
    colour = lip(looks)
    upper = [
        (half * 0.94, y - rise),
        (half * 0.42, y - 0.02),
        (half * 0.14, y - 0.03),
        (0.0, y - 0.023),
        (-half * 0.14, y - 0.03),
        (-half * 0.42, y - 0.02),
        (-half * 0.94, y - rise),
    ]
    lower = [
        (half * 0.9, y - rise * 0.8),
        (half * 0.5, y + 0.032),
        (0.0, y + 0.044),
        (-half * 0.5, y + 0.032),
        (-half * 0.9, y - rise * 0.8),
    ]
    canvas.fill(curve(line) + curve(lower), lighter(colour, 0.08))
    canvas.fill(curve(line) + curve(upper), darker(colour, 0.08))
    canvas.stroke(line, darker(colour, 0.5), 0.013)
    canvas.shade(oval(-0.02, y + 0.026, 0.035, 0.008), lighter(colour, 0.7), 0.5, 0.01)
    if not looks.beard:
        canvas.shade(oval(0.0, y + 0.075, 0.07, 0.016), darker(looks.skin, 0.35), 0.4, 0.015)


def _beard(canvas: Canvas, looks: Likeness) -> None:
    face = outline(looks)
    w = looks.width
    colour = darker(looks.hair_colour, 0.1)
    shape = mirrored(
        [
            *curve([(0.0, 0.225), (0.09, 0.222), (0.165, 0.26), (0.24, 0.22), (0.32 * w, 0.06), (0.345 * w, -0.04)]),
            (0.42, -0.04),
            (0.42, 0.4),
            (0.16, 0.6),
            (0.0, 0.6),
        ]
    )
    canvas.shade(shape, colour, 0.93, 0.012, face)


def _glasses(canvas: Canvas) -> None:
    frame = (52, 44, 48)
    for side in (-1, 1):
        x = side * EYE[0]
        rim = [
            (x + dx, dy)
            for dx, dy in (
                (-0.115, -0.03),
                (-0.09, -0.078),
                (0.0, -0.088),
                (0.09, -0.078),
                (0.115, -0.03),
                (0.1, 0.06),
                (0.05, 0.092),
                (0.0, 0.097),
                (-0.05, 0.092),
                (-0.1, 0.06),
            )
        ]
        ring = curve(rim, closed=True)
        canvas.shade(ring, (225, 240, 250), 0.16, 0.004)
        canvas.line([*rim, rim[0]], frame, 0.017)
        canvas.line([(side * 0.268, -0.03), (side * 0.36, -0.05)], frame, 0.017)
    canvas.line([(-0.042, -0.02), (0.0, -0.035), (0.042, -0.02)], frame, 0.017)
