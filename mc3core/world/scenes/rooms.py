"""Walls of the rooms: kitchen, workshop, study, bath.

`style` draws what one room keeps, `dice` what this part of it shows; the table begins at `low`.
"""

from mc3core.world.dice import Dice
from mc3core.world.pen import MARGIN, Colour, Pen, arc, dark, light, mix
from mc3core.world.props import tools

LEFT, RIGHT, TOP = -MARGIN, 1 + MARGIN, -MARGIN


def wash_wall(pen: Pen, low: float, upper: Colour, lower: Colour, steps: int = 14) -> None:
    """A wall that darkens or lightens downwards."""
    for k in range(steps):
        y = TOP + (low - TOP) * k / steps
        pen.slab(LEFT, y, RIGHT, low, mix(upper, lower, k / (steps - 1)))


def _tiles(
    pen: Pen, low: float, colour: Colour, width: float, height: float, brick: bool, dice: Dice
) -> None:
    wash_wall(pen, low, dark(colour, 0.22), colour, 6)
    row, y = 0, low
    while y > TOP:
        x = LEFT - (width / 2 if brick and row % 2 else 0)
        while x < RIGHT:
            shade = light(colour, 0.05 + 0.10 * dice.unit())
            pen.slab(x + 0.004, y - height + 0.004, x + width - 0.004, y - 0.004, shade, 0.006)
            x += width
        y -= height
        row += 1


def window(pen: Pen, x: float, y: float, wide: float, high: float) -> None:
    """A window with daylight, hills and a sill."""
    pen.slab(
        x - 0.02,
        y - 0.02,
        x + wide + 0.02,
        y + high + 0.02,
        (240, 236, 228),
        0,
        (150, 144, 136),
        0.004,
    )
    for k in range(6):
        pen.slab(
            x, y + high * k / 6, x + wide, y + high, mix((150, 200, 236), (226, 240, 246), k / 5)
        )
    pen.poly(
        [
            (x, y + high),
            (x, y + high * 0.72),
            *((x + wide * k / 4, y + high * (0.66, 0.58, 0.70, 0.62, 0.74)[k]) for k in range(5)),
            (x + wide, y + high),
        ],
        (132, 174, 120),
    )
    pen.slab(x + wide / 2 - 0.007, y, x + wide / 2 + 0.007, y + high, (240, 236, 228))
    pen.poly(
        ((x + 0.02, y + high), (x + wide * 0.3, y), (x + wide * 0.42, y), (x + 0.09, y + high)),
        (255, 255, 255, 60),
    )
    pen.slab(
        x - 0.035,
        y + high + 0.012,
        x + wide + 0.035,
        y + high + 0.034,
        (232, 226, 216),
        0.004,
        (150, 144, 136),
        0.003,
    )


def kitchen(pen: Pen, style: Dice, dice: Dice, low: float) -> None:
    tile = style.pick(((214, 224, 222), (228, 218, 200), (196, 214, 224), (206, 218, 196)))
    _tiles(pen, low, tile, 0.15, 0.075, True, dice)
    kind = dice.below(3)
    if kind == 0:
        window(pen, 0.26, 0.0, 0.48, 0.24)
    elif kind == 1:  # a rail with utensils
        pen.limb((0.14, 0.10), (0.86, 0.10), 0.010, 0.010, (150, 154, 160), (90, 92, 98), 0.003)
        for x, c in (
            (0.26, (196, 148, 96)),
            (0.38, (176, 180, 186)),
            (0.50, (60, 60, 66)),
            (0.62, (196, 148, 96)),
            (0.74, (176, 180, 186)),
        ):
            pen.limb((x, 0.10), (x, 0.21), 0.009, 0.009, c, dark(c, 0.5), 0.003)
            pen.disc(x, 0.25, 0.030, c, 0.040, dark(c, 0.5), 0.003)
    else:  # a shelf with jars
        pen.slab(0.14, 0.20, 0.86, 0.225, (160, 116, 78), 0.004, (96, 66, 44), 0.004)
        pen.slab(0.14, 0.225, 0.86, 0.25, (20, 14, 20, 50))
        for k in range(6):
            x, c = (
                0.21 + 0.115 * k,
                dice.pick(((206, 120, 80), (150, 160, 100), (222, 190, 120), (130, 150, 170))),
            )
            pen.slab(
                x - 0.038,
                0.20 - 0.10 - 0.02 * (k % 2),
                x + 0.038,
                0.20,
                c,
                0.012,
                dark(c, 0.5),
                0.003,
            )
            pen.slab(
                x - 0.034,
                0.085 - 0.02 * (k % 2),
                x + 0.034,
                0.105 - 0.02 * (k % 2),
                (236, 226, 204),
                0.004,
            )


def workshop(pen: Pen, style: Dice, dice: Dice, low: float) -> None:
    base = style.pick(((186, 152, 112), (150, 158, 160), (170, 160, 140)))
    wash_wall(pen, low, dark(base, 0.25), light(base, 0.06))
    for row in range(9):
        for column in range(18):
            pen.disc(0.0 + 0.06 * column, 0.0 + 0.05 * row, 0.006, dark(base, 0.45))
    grey: Colour = (92, 96, 104)
    spots = dice.shuffled((0.18, 0.36, 0.52, 0.68, 0.84))
    tools.hammer(pen.at(spots[0], 0.26, 0.8), grey)
    tools.screwdriver(pen.at(spots[1], 0.20, 1.0, 3.14159), grey)
    tools.saw(pen.at(spots[2] + 0.03, 0.10, 0.55, -1.4), grey)
    wrench = pen.at(spots[3], 0.20)
    wrench.limb((0, -0.09), (0, 0.09), 0.014, 0.014, grey, dark(grey, 0.5), 0.003)
    wrench.line(arc(0, -0.11, 0.028, 0.028, -0.7, 3.8), grey, 0.018)
    coil = pen.at(spots[4], 0.18)
    for r in (0.07, 0.055, 0.04):
        coil.line(arc(0, 0, r, r, 0, 6.3, 20), dice.pick(((196, 80, 50), (230, 160, 50))), 0.010)


def study(pen: Pen, style: Dice, dice: Dice, low: float) -> None:
    paint = style.pick(((186, 202, 206), (222, 206, 182), (200, 190, 206), (176, 196, 178)))
    wash_wall(pen, low, dark(paint, 0.18), light(paint, 0.10))
    if dice.chance(0.5):
        window(pen, dice.pick((0.08, 0.56)), 0.0, 0.36, 0.25)
    for x in dice.shuffled((0.14, 0.38, 0.64, 0.86))[:2]:  # pictures on the wall
        c = dice.pick(((206, 96, 76), (80, 120, 150), (222, 176, 90), (110, 140, 110)))
        pen.slab(x - 0.085, 0.02, x + 0.085, 0.22, (84, 66, 54), 0, (50, 40, 34), 0.003)
        pen.slab(x - 0.070, 0.035, x + 0.070, 0.205, (246, 240, 228))
        pen.disc(x + 0.02, 0.10, 0.035, c)
        pen.poly(((x - 0.06, 0.19), (x - 0.015, 0.12), (x + 0.03, 0.19)), light(c, 0.35))
    pen.slab(0.30, 0.30, 0.70, 0.318, (150, 110, 80), 0.003, (90, 64, 44), 0.003)
    for k in range(7):  # a row of books
        c = dice.pick(((170, 62, 60), (52, 96, 140), (86, 128, 82), (214, 160, 70), (120, 90, 130)))
        top = 0.30 - 0.08 - 0.02 * dice.unit()
        pen.slab(0.34 + 0.045 * k, top, 0.38 + 0.045 * k, 0.30, c, 0.002, dark(c, 0.5), 0.002)


def bath(pen: Pen, style: Dice, dice: Dice, low: float) -> None:
    tile = style.pick(((190, 218, 222), (222, 226, 228), (206, 220, 200), (226, 208, 206)))
    _tiles(pen, low, tile, 0.085, 0.085, False, dice)
    pen.slab(0.24, -0.04, 0.76, 0.30, (150, 156, 162), 0.03)
    pen.slab(0.26, -0.04, 0.74, 0.28, (206, 222, 228), 0.02)
    pen.poly(((0.34, 0.28), (0.52, -0.04), (0.60, -0.04), (0.42, 0.28)), (255, 255, 255, 90))
    towel = style.pick(((224, 128, 104), (120, 156, 180), (236, 210, 140)))
    x = dice.pick((0.11, 0.89))
    pen.line(arc(x, 0.12, 0.05, 0.045, 0, 6.3, 16), (160, 164, 170), 0.010)
    pen.poly(
        ((x - 0.06, 0.15), (x + 0.06, 0.15), (x + 0.068, 0.37), (x - 0.068, 0.37)),
        towel,
        dark(towel, 0.4),
        0.004,
    )
    pen.slab(x - 0.066, 0.31, x + 0.066, 0.33, light(towel, 0.5))
