"""Hair: the part behind the head, and the part in front of it."""

from heygen_async.emulator.media.drawing.canvas import Canvas, Point, curve, darker, lighter, mirrored, oval, points
from heygen_async.emulator.media.drawing.likeness import Hair, Likeness

__all__ = ["before", "behind"]


def behind(canvas: Canvas, looks: Likeness) -> None:
    """Draw what hangs behind the face and the neck; nothing for short hair."""
    if looks.hair not in _BACK:
        return
    dark = darker(looks.hair_colour, 0.22)
    if looks.hair == "bun":
        canvas.fill(oval(0.02, -0.68, 0.19, 0.17), dark)
    mass = mirrored(curve(points(_BACK[looks.hair])))
    canvas.fill(mass, dark)
    canvas.shade(oval(0.0, 0.52, 0.42, 0.3), darker(dark, 0.6), 0.55, 0.1, mass)


def before(canvas: Canvas, looks: Likeness) -> None:
    """Draw what grows over the forehead and the temples."""
    colour = looks.hair_colour
    masses = _front(looks.hair)
    for mass in masses:
        canvas.fill(mass, colour)
    for strand in _STRANDS.get(looks.hair, ()):
        canvas.stroke(points(strand), darker(colour, 0.3), 0.016)
    for mass in masses:
        canvas.shade(_GLEAM, lighter(colour, 0.5), 0.42, 0.035, mass)
        canvas.shade(_SHADE, darker(colour, 0.6), 0.5, 0.06, mass)


def _front(hair: Hair) -> list[list[Point]]:
    if hair in _CAPS:
        crown, line = _CAPS[hair]
        return [curve(points(crown)) + curve(points(line))]
    return [curve(points(lock), closed=True) for lock in _LOCKS[hair]]


_GLEAM = curve(points("-30,-30 -17,-46 3,-50 -10,-40 -22,-26"), closed=True)
_SHADE = curve(points("20,-60 50,-40 50,60 34,60 36,-20"), closed=True)

_BACK: dict[Hair, str] = {
    "long": "0,-60 26,-56 43,-36 47,0 47,35 50,70 47,98 33,105 0,100",
    "waves": "0,-62 28,-58 46,-36 48,-5 55,14 51,34 60,55 53,74 36,84 0,80",
    "bob": "0,-61 27,-57 45,-36 48,0 50,30 44,45 30,48 0,46",
    "bun": "0,-57 24,-53 39,-34 40,0 30,20 0,20",
    "curly": "0,-70 17,-72 27,-65 40,-62 46,-51 55,-42 54,-29 58,-16 52,-3 52,8 44,14",
}
"""The right half of what is behind the head, from the top down."""

_CAPS: dict[Hair, tuple[str, str]] = {
    "short": (
        "-38.5,5 -40,-20 -36,-42 -20,-56 2,-60 24,-56 37,-42 40.5,-20 38.5,5",
        "35.2,2 34.5,-14 31,-26 18,-30 0,-28.5 -18,-30 -31,-26 -34.5,-14 -35.2,2",
    ),
    "parted": (
        "-38.5,5 -40.5,-20 -37,-44 -24,-58 -2,-63 24,-60 40,-44 41.5,-20 38.5,5",
        "35,2 35,-12 33,-20 24,-26 2,-30 -16,-37 -21,-42 -26,-33 -33,-22 -35,-10 -35.2,2",
    ),
    "quiff": (
        "-38,0 -40,-22 -40,-42 -36,-60 -20,-70 5,-72 26,-66 38,-50 40.5,-25 38,0",
        "35.2,-2 34.5,-18 31,-31 14,-34 -10,-37 -28,-34 -34,-20 -35.2,-2",
    ),
    "buzz": (
        "-37.2,-2 -37.8,-20 -33,-40 -19,-51 0,-54 19,-51 33,-40 37.8,-20 37.2,-2",
        "35,-4 34,-20 29,-31 14,-34 0,-34.5 -14,-34 -29,-31 -34,-20 -35,-4",
    ),
    "curly": (
        (
            "-37,8 -43,2 -42,-8 -47,-19 -43,-30 -44,-41 -36,-49 -31,-58 -20,-61 -12,-67 0,-66 "
            "12,-67 20,-61 31,-58 36,-49 44,-41 43,-30 47,-19 42,-8 43,2 37,8"
        ),
        "36,6 34.5,-10 33,-20 24,-24 16,-29 6,-27 -4,-30 -14,-27 -23,-26 -33,-20 -34.5,-10 -36,6",
    ),
    "bob": (
        "-40,42 -47,30 -46,-5 -42,-38 -24,-56 0,-60 24,-56 42,-38 46,-5 47,30 40,42",
        "34.5,34 37,10 35,-8 30,-17 15,-20 0,-18.5 -15,-20 -30,-17 -35,-8 -37,10 -34.5,34",
    ),
    "bun": (
        "-37,10 -40,-10 -39,-34 -24,-53 0,-57 24,-53 39,-34 40,-10 37,10",
        "35.5,0 33.5,-17 24,-30 10,-37 0,-39 -10,-37 -24,-30 -33.5,-17 -35.5,0",
    ),
}
"""Hair that lies on the head as one piece: its outer edge from left to right, and the hairline back to the left."""

_LOCKS: dict[Hair, tuple[str, str]] = {
    "long": (
        "-5,-57 24,-56 42,-38 46,-5 46,30 50,66 44,96 34,98 38.5,60 36,20 35,-6 27,-24 8,-38 -6,-45",
        "-4,-58 -24,-55 -42,-38 -46,-5 -46,30 -50,66 -44,96 -34,98 -38.5,60 -36,20 -35,-6 -29,-24 -16,-36 -6,-45",
    ),
    "waves": (
        "-14,-58 20,-60 44,-40 46,-8 53,12 49,33 57,54 50,73 40,74 44,50 38.5,33 40,14 35,-4 30,-20 10,-29 -12,-43",
        (
            "-10,-59 -28,-55 -44,-38 -46,-8 -53,12 -49,33 -57,54 -50,73 -40,74 -44,50 -38.5,33 -40,14 -35,-4 -31,-22 "
            "-20,-34 -12,-43"
        ),
    ),
}
"""Hair that falls to both sides of a parting: the outlines of the right and of the left side."""

_STRANDS: dict[Hair, tuple[str, str]] = {
    "short": ("-14,-30 -10,-40 0,-47", "6,-30 10,-40 19,-46"),
    "parted": ("-21,-42 -15,-52 -5,-58", "30,-25 20,-36 -2,-45"),
    "quiff": ("-28,-36 -20,-52 0,-62", "2,-36 6,-50 20,-58"),
    "long": ("40,80 42,40 40,0", "-40,80 -42,40 -40,0"),
    "waves": ("46,62 44,35 45,10", "-46,62 -44,35 -45,10"),
    "bob": ("-10,-20 -12,-35 -6,-50", "14,-21 14,-36 8,-50"),
    "bun": ("-30,-22 -20,-40 -3,-54", "30,-22 22,-40 6,-54"),
}
"""Lines that show how the hair falls."""
