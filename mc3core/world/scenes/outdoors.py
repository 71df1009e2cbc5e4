"""The garden: sky, trees, a fence, and a wooden table before them."""

from mc3core.world.dice import Dice
from mc3core.world.pen import Pen, dark, light, mix
from mc3core.world.scenes.rooms import wash_wall


def garden(pen: Pen, style: Dice, dice: Dice, low: float) -> None:
    sky = style.pick(((148, 196, 232), (176, 206, 226), (206, 200, 196)))
    wash_wall(pen, low, sky, light(sky, 0.55))
    for _ in range(3):
        x, y = dice.between(0, 1), dice.between(-0.02, 0.10)
        for dx, r in ((-0.06, 0.035), (0, 0.05), (0.06, 0.038)):
            pen.disc(x + dx, y, r * 1.4, (255, 255, 255, 170), r * 0.7)
    hedge = style.pick(((92, 140, 78), (72, 122, 84), (122, 150, 76)))
    for k in range(13):
        x, r = -0.04 + 0.09 * k, 0.07 + 0.04 * dice.unit()
        pen.disc(x, 0.25 - 0.03 * dice.unit(), r, dark(hedge, 0.22 * (k % 3) / 2), r * 1.1)
    pen.slab(-0.05, 0.25, 1.05, low, dark(hedge, 0.15))
    board = style.pick(((206, 186, 156), (226, 222, 212), (156, 126, 96)))
    for y in (0.275, 0.375):
        pen.slab(-0.05, y, 1.05, y + 0.022, dark(board, 0.25))
    for k in range(14):
        x = -0.04 + 0.082 * k
        c = mix(board, light(board, 0.3), 0.3 * (k % 3))
        pen.poly(
            ((x, 0.26), (x + 0.028, 0.225), (x + 0.056, 0.26), (x + 0.056, low), (x, low)),
            c,
            dark(board, 0.45),
            0.003,
        )
    for _ in range(9):  # flowers before the fence
        x = dice.between(-0.02, 1.02)
        c = dice.pick(((236, 96, 84), (250, 206, 80), (236, 236, 240), (190, 110, 190)))
        pen.line(((x, low), (x + 0.006, low - 0.06)), (70, 120, 56), 0.006)
        pen.disc(x + 0.006, low - 0.07, 0.020, c)
        pen.disc(x + 0.006, low - 0.07, 0.008, (250, 226, 120))
