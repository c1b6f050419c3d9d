"""How places are drawn: a far picture that fills its sheet, and a near one, transparent above. Needs Pillow."""

from math import pi, sin
from random import Random
from typing import Literal

from attrs import frozen
from PIL import Image, ImageDraw, ImageFilter

from heygen_async.emulator.media.drawing.canvas import Colour, Point, darker, lighter, mix, rgb

__all__ = ["SAND", "Hour", "Place", "Sheet", "drawn"]

Place = Literal["hills", "beach", "city", "room"]
Hour = Literal["day", "dusk", "night"]

_SKIES: dict[Hour, tuple[str, str]] = {
    "day": ("#5B9BD8", "#DCECF6"),
    "dusk": ("#4C4B8C", "#F6A66B"),
    "night": ("#0B1230", "#34406F"),
}
_TINTS: dict[Hour, tuple[str, float]] = {"day": ("#FFFFFF", 0.0), "dusk": ("#7A3B4A", 0.35), "night": ("#0B1230", 0.68)}
"""The colour that everything takes on, and how much of it."""
SAND: Colour = (217, 181, 120)
"""The ground of a desert, on which no tree stands."""
_LAMP: Colour = (255, 222, 150)
_BOOKS = ("#8A3B4C", "#2F4B7C", "#C8553D", "#3B7A57", "#D9A441", "#5B4B8A", "#E4E0D8")


@frozen
class Sheet:
    """What is to be drawn on. Places on it are parts of its width and height."""

    size: tuple[int, int]
    hour: Hour
    ground: Colour
    dice: Random

    def lit(self, colour: Colour) -> Colour:
        """Return a colour in the light of the hour."""
        tint, share = _TINTS[self.hour]
        return mix(colour, rgb(tint), share)

    def spot(self, x: float, y: float) -> Point:
        """Return the pixel of a place."""
        return x * self.size[0], y * self.size[1]

    def clear(self) -> Image.Image:
        """Return a transparent sheet."""
        return Image.new("RGBA", self.size, (0, 0, 0, 0))

    def fall(self, above: Colour, below: Colour) -> Image.Image:
        """Return a sheet on which one colour turns into another from top to bottom."""
        column = Image.new("RGB", (1, 64))
        column.putdata([mix(above, below, row / 63) for row in range(64)])
        return column.resize(self.size, Image.Resampling.BICUBIC).convert("RGBA")

    def glow(self, image: Image.Image, at: Point, reach: Point, colour: Colour, strength: float) -> None:
        """Lay a soft light on a picture; its reach, to the sides and up and down, is in heights."""
        coarse = max(1, self.size[0] // 8), max(1, self.size[1] // 8)
        x, y, wide, high = at[0] * coarse[0], at[1] * coarse[1], reach[0] * coarse[1], reach[1] * coarse[1]
        mask = Image.new("L", coarse, 0)
        ImageDraw.Draw(mask).ellipse((x - wide, y - high, x + wide, y + high), fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(high / 2)).resize(self.size, Image.Resampling.BICUBIC)
        image.paste(colour, (0, 0), mask)

    def ridge(self, image: Image.Image, height: float, rough: float, colour: Colour) -> list[float]:
        """Fill what is below a line of hills; return the line's height at each of 97 places from left to right."""
        waves = [
            (self.dice.uniform(0.6, 2.4) * octave, self.dice.uniform(0, 2 * pi), rough / octave)
            for octave in (1, 2, 5, 11)
        ]
        line = [
            height + sum(size * sin(2 * pi * often * x / 96 + phase) for often, phase, size in waves) for x in range(97)
        ]
        edge = [self.spot(x / 96, y) for x, y in enumerate(line)]
        ImageDraw.Draw(image).polygon([*edge, self.spot(1, 1.1), self.spot(0, 1.1)], fill=colour)
        return line


def drawn(place: Place, sheet: Sheet) -> tuple[Image.Image, Image.Image]:
    """Return what is far of a place and what is near, both in RGBA."""
    return {"hills": _hills, "beach": _beach, "city": _city, "room": _room}[place](sheet)


def _sky(sheet: Sheet) -> Image.Image:
    above, below = _SKIES[sheet.hour]
    sky = sheet.fall(rgb(above), rgb(below))
    draw, dice = ImageDraw.Draw(sky), sheet.dice
    at = dice.uniform(0.2, 0.8), {"day": 0.18, "dusk": 0.5, "night": 0.2}[sheet.hour]
    if sheet.hour == "night":
        for _ in range(90):
            draw.circle(
                sheet.spot(dice.random(), dice.random() * 0.6), dice.uniform(0.5, 2.2), fill=(230, 235, 255, 255)
            )
    else:
        for _ in range(dice.randint(3, 6)):
            reach = dice.uniform(0.12, 0.3), dice.uniform(0.02, 0.04)
            sheet.glow(sky, (dice.random(), dice.uniform(0.06, 0.36)), reach, (255, 250, 245), 0.7)
    disc = (255, 236, 190) if sheet.hour != "night" else (238, 240, 248)
    sheet.glow(sky, at, (0.15, 0.15), disc, 0.8)
    draw.circle(sheet.spot(*at), 0.045 * sheet.size[1], fill=(*disc, 255))
    return sky


def _hills(sheet: Sheet) -> tuple[Image.Image, Image.Image]:
    far, near = _sky(sheet), sheet.clear()
    haze = rgb(_SKIES[sheet.hour][1])
    for height, share in ((0.5, 0.7), (0.58, 0.45), (0.67, 0.2)):
        sheet.ridge(far, height, 0.05, mix(sheet.lit(darker(sheet.ground, 0.25)), haze, share))
    sheet.ridge(far, 0.76, 0.02, sheet.lit(sheet.ground))
    line = sheet.ridge(near, 0.9, 0.025, sheet.lit(darker(sheet.ground, 0.3)))
    for _ in range(sheet.dice.randint(7, 12) if sheet.ground != SAND else 0):
        x = sheet.dice.randint(0, 96)
        _fir(sheet, near, (x / 96, line[x] + 0.02), sheet.dice.uniform(0.1, 0.24))
    return far, near


def _fir(sheet: Sheet, image: Image.Image, foot: Point, height: float) -> None:
    x, y = foot
    colour, draw = sheet.lit(darker((46, 92, 62), sheet.dice.uniform(0.0, 0.35))), ImageDraw.Draw(image)
    wide = height * sheet.size[1] / sheet.size[0]
    draw.rectangle(
        (*sheet.spot(x - 0.03 * wide, y - 0.2 * height), *sheet.spot(x + 0.03 * wide, y)), fill=sheet.lit((84, 60, 44))
    )
    for tier in range(3):
        top, half = y - height * (1 - 0.24 * tier), wide * (0.16 + 0.07 * tier)
        draw.polygon(
            [sheet.spot(x, top), sheet.spot(x + half, top + 0.42 * height), sheet.spot(x - half, top + 0.42 * height)],
            fill=colour,
        )


def _beach(sheet: Sheet) -> tuple[Image.Image, Image.Image]:
    far, near, dice = _sky(sheet), sheet.clear(), sheet.dice
    haze = rgb(_SKIES[sheet.hour][1])
    sea = sheet.fall(mix(sheet.lit((38, 122, 158)), haze, 0.35), sheet.lit((24, 92, 132)))
    top = round(0.55 * sheet.size[1])
    far.paste(sea.crop((0, 0, sheet.size[0], sheet.size[1] - top)), (0, top))
    draw = ImageDraw.Draw(far)
    for _ in range(60):
        x, y = dice.random(), 0.56 + 0.3 * dice.random() ** 1.5
        long = (y - 0.5) * dice.uniform(0.05, 0.2)
        draw.line(
            (*sheet.spot(x, y), *sheet.spot(x + long, y)),
            fill=lighter(sheet.lit((90, 170, 196)), 0.35),
            width=max(1, round((y - 0.54) * 0.02 * sheet.size[1])),
        )
    _boat(sheet, far, (dice.uniform(0.15, 0.85), 0.565))
    sand = sheet.lit((226, 200, 150))
    sheet.ridge(near, 0.83, 0.012, lighter(sand, 0.45))
    sheet.ridge(near, 0.85, 0.012, sand)
    _palm(sheet, near, dice.choice((0.12, 0.88)))
    return far, near


def _boat(sheet: Sheet, image: Image.Image, at: Point) -> None:
    (x, y), draw = at, ImageDraw.Draw(image)
    draw.polygon(
        [sheet.spot(x + dx, y + dy) for dx, dy in ((-0.03, -0.012), (0.03, -0.012), (0.02, 0.006), (-0.02, 0.006))],
        fill=sheet.lit((110, 60, 50)),
    )
    draw.polygon(
        [sheet.spot(x + dx, y + dy) for dx, dy in ((0.0, -0.11), (0.026, -0.018), (0.0, -0.018))],
        fill=sheet.lit((245, 242, 235)),
    )
    draw.polygon(
        [sheet.spot(x + dx, y + dy) for dx, dy in ((-0.004, -0.09), (-0.004, -0.018), (-0.02, -0.018))],
        fill=sheet.lit((214, 96, 84)),
    )


def _palm(sheet: Sheet, image: Image.Image, x: float) -> None:
    draw, lean = ImageDraw.Draw(image), 0.06 if x < 0.5 else -0.06  # noqa: PLR2004 - the left half
    trunk = [sheet.spot(x + lean * (part / 10) ** 2, 0.92 - 0.055 * part) for part in range(11)]
    draw.line(trunk, fill=sheet.lit((122, 88, 60)), width=round(0.018 * sheet.size[1]), joint="curve")
    top = x + lean, 0.37
    across = sheet.size[1] / sheet.size[0]
    for leaf in range(8):
        turn = pi * (leaf / 7 * 1.3 - 0.15)
        reach = [(0.3 * part / 6, 0.22 * (part / 6) ** 2) for part in range(7)]
        spine = [
            (top[0] - across * along * _cos(turn), top[1] - along * sin(turn) * 0.6 + drop) for along, drop in reach
        ]
        under = [(px, py + 0.03 * (1 - abs(1 - 2 * part / 6))) for part, (px, py) in enumerate(spine)]
        draw.polygon([sheet.spot(*spot) for spot in (*spine, *reversed(under))], fill=sheet.lit((52, 116, 66)))


def _cos(turn: float) -> float:
    return sin(turn + pi / 2)


def _city(sheet: Sheet) -> tuple[Image.Image, Image.Image]:
    far, near = _sky(sheet), sheet.clear()
    haze = rgb(_SKIES[sheet.hour][1])
    _blocks(sheet, far, (0.3, 0.55), mix(sheet.lit((110, 124, 142)), haze, 0.5), lamps=0.25)
    _blocks(sheet, far, (0.45, 0.7), mix(sheet.lit((92, 104, 124)), haze, 0.2), lamps=0.4)
    _blocks(sheet, near, (0.66, 0.88), sheet.lit((64, 72, 88)), lamps=0.5)
    ImageDraw.Draw(near).rectangle((*sheet.spot(0, 0.93), *sheet.spot(1, 1)), fill=sheet.lit((70, 72, 78)))
    return far, near


def _blocks(sheet: Sheet, image: Image.Image, tops: tuple[float, float], colour: Colour, lamps: float) -> None:
    draw, dice = ImageDraw.Draw(image), sheet.dice
    dark = sheet.hour != "day"
    x = -0.02
    while x < 1:
        wide, top = dice.uniform(0.05, 0.12), dice.uniform(*tops)
        shade = darker(colour, dice.uniform(0.0, 0.2))
        draw.rectangle((*sheet.spot(x, top), *sheet.spot(x + wide, 1)), fill=shade)
        columns = max(2, round(wide / 0.018))
        for row in range(int((0.93 - top) / 0.035)):
            for column in range(columns):
                left, upper = x + wide * (column + 0.3) / columns, top + 0.02 + 0.035 * row
                pane = _LAMP if dark and dice.random() < lamps else lighter(shade, 0.16)
                draw.rectangle(
                    (*sheet.spot(left, upper), *sheet.spot(left + 0.45 * wide / columns, upper + 0.016)), fill=pane
                )
        x += wide + dice.uniform(0.0, 0.015)


def _room(sheet: Sheet) -> tuple[Image.Image, Image.Image]:
    dice = sheet.dice
    paint = rgb(dice.choice(("#E9E2D6", "#DCE4E6", "#E3E0EA", "#E6E9DF")))
    far, near = sheet.fall(sheet.lit(lighter(paint, 0.3)), sheet.lit(darker(paint, 0.12))), sheet.clear()
    draw = ImageDraw.Draw(far)
    draw.rectangle((*sheet.spot(0, 0.8), *sheet.spot(1, 1)), fill=sheet.lit((150, 112, 82)))
    draw.rectangle((*sheet.spot(0, 0.785), *sheet.spot(1, 0.8)), fill=sheet.lit((240, 238, 232)))
    left = dice.choice((True, False))
    _window(sheet, far, 0.08 if left else 0.62)
    _shelf(sheet, far, 0.64 if left else 0.08)
    table = ImageDraw.Draw(near)
    table.rectangle((*sheet.spot(0, 0.9), *sheet.spot(1, 1)), fill=sheet.lit((120, 84, 58)))
    table.rectangle((*sheet.spot(0, 0.9), *sheet.spot(1, 0.915)), fill=sheet.lit((160, 118, 84)))
    _plant(sheet, near, 0.9 if left else 0.1)
    return far, near


def _window(sheet: Sheet, image: Image.Image, x: float) -> None:
    draw = ImageDraw.Draw(image)
    view = _sky(sheet).resize((round(0.28 * sheet.size[0]), round(0.46 * sheet.size[1])))
    corner = sheet.spot(x, 0.14)
    image.paste(view, (round(corner[0]), round(corner[1])))
    frame, thick = sheet.lit((246, 244, 240)), round(0.014 * sheet.size[1])
    draw.rectangle((*corner, *sheet.spot(x + 0.28, 0.6)), outline=frame, width=thick)
    draw.line((*sheet.spot(x + 0.14, 0.14), *sheet.spot(x + 0.14, 0.6)), fill=frame, width=thick)
    draw.line((*sheet.spot(x, 0.37), *sheet.spot(x + 0.28, 0.37)), fill=frame, width=thick)


def _shelf(sheet: Sheet, image: Image.Image, x: float) -> None:
    draw, dice = ImageDraw.Draw(image), sheet.dice
    for board in (0.3, 0.5, 0.7):
        at = x + 0.01
        while at < x + 0.24:
            thick, tall = dice.uniform(0.01, 0.022), dice.uniform(0.08, 0.14)
            if dice.random() < 0.85:  # noqa: PLR2004 - the share of a shelf that is full
                book = sheet.lit(rgb(dice.choice(_BOOKS)))
                draw.rectangle((*sheet.spot(at, board - tall), *sheet.spot(at + thick, board)), fill=book)
            at += thick + 0.002
        draw.rectangle((*sheet.spot(x, board), *sheet.spot(x + 0.28, board + 0.014)), fill=sheet.lit((146, 104, 70)))


def _plant(sheet: Sheet, image: Image.Image, x: float) -> None:
    draw, dice = ImageDraw.Draw(image), sheet.dice
    across = sheet.size[1] / sheet.size[0]
    for _ in range(14):
        turn, long = dice.uniform(0.15, 0.85) * pi, dice.uniform(0.12, 0.24)
        tip = x + across * long * _cos(turn), 0.8 - long * sin(turn)
        middle = (x + tip[0]) / 2, (0.8 + tip[1]) / 2
        bulge = 0.02 * across
        leaf = [(x, 0.82), (middle[0] - bulge, middle[1]), tip, (middle[0] + bulge, middle[1])]
        draw.polygon(
            [sheet.spot(*spot) for spot in leaf], fill=sheet.lit(darker((70, 140, 84), dice.uniform(0.0, 0.4)))
        )
    half = 0.05 * across
    pot = [(x - half, 0.81), (x + half, 0.81), (x + 0.75 * half, 0.905), (x - 0.75 * half, 0.905)]
    draw.polygon([sheet.spot(*spot) for spot in pot], fill=sheet.lit((196, 106, 78)))
