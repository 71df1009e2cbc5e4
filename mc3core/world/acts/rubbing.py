"""Hands that go to and fro or round and round: washing, wiping, rubbing, stirring, kneading."""

import math

from mc3core.world import strokes
from mc3core.world.acts.stage import SIZE, Stage
from mc3core.world.pen import Colour, arc, dark, light
from mc3core.world.props import PROPS, kitchenware, tools

WATER: Colour = (150, 196, 226)


def wash(s: Stage) -> None:
    p, x, y = s.pen, s.x, s.y
    _sink(s)
    opened = strokes.smooth((s.t_s - s.action.onset_s + 0.06) / 0.12)
    opened *= 1 - strokes.smooth((s.t_s - s.action.end_s) / 0.08)
    ripple = 0.5 + 0.5 * math.sin(31 * s.t_s)
    if opened > 0.05:
        wide, foot = 0.016 * opened, (0.026 + 0.004 * ripple) * opened
        jet = (
            (x - wide, y - 0.25),
            (x + wide, y - 0.25),
            (x + foot, y + 0.02),
            (x - foot, y + 0.02),
        )
        p.poly(jet, (*light(WATER, 0.3), 215))
        p.line(((x - 0.006 + 0.01 * ripple, y - 0.24), (x - 0.006, y)), (255, 255, 255, 190), 0.006)
    cx, cy = s.circle
    wobble = 0.008 * cx
    thing = {"cloth": (0.95, 0.2), "cup": (1.15, 0.5), "carrot": (1.15, -0.2)}.get(
        s.noun, (0.82, 0.0)
    )
    s.left(x - 0.20 + wobble, y + 0.11, "open", 0.5)
    s.carried(s.noun, x - 0.02 + wobble, y + 0.055, thing[0], thing[1], -1)
    for k in range(round(9 * opened)):  # splashes
        a = k * 0.7 + 0.2
        r = 0.05 + 0.11 * ((s.t_s * 2.3 + k * 0.37) % 1)
        p.disc(
            x + 0.9 * r * math.cos(a * 2),
            y + 0.03 - r * 0.5 * abs(math.sin(a * 3)),
            0.007,
            (*light(WATER, 0.45), 220),
        )
    hx, hy = x + 0.05 + 0.07 * s.reach * cx, y + 0.075 + 0.045 * s.reach * cy
    if s.noun in ("plate", "pan", "cup"):
        tools.sponge(p.at(hx + 0.25 * s.away, hy - 0.015 + s.away, SIZE), s.tint)
        for k in range(6):
            p.disc(
                x - 0.04 + 0.03 * k + 0.25 * s.away,
                y + 0.06 + 0.02 * (k % 2) + s.away,
                0.013,
                (255, 255, 255, 200),
            )
    s.right(hx + 0.055, hy + 0.05, "flat", -0.5)


def _sink(s: Stage) -> None:
    p, x, y = s.pen, s.x, s.y
    steel = (188, 196, 202)
    p.slab(x - 0.36, y - 0.16, x + 0.36, y + 0.27, light(steel, 0.4), 0.06, dark(steel, 0.4), 0.005)
    p.slab(x - 0.32, y - 0.12, x + 0.32, y + 0.24, dark(steel, 0.30), 0.06)
    p.slab(x - 0.29, y - 0.05, x + 0.29, y + 0.22, dark(steel, 0.14), 0.07)
    p.disc(x + 0.14, y + 0.17, 0.034, dark(steel, 0.6), 0.018)
    p.glint(((x - 0.30, y - 0.135), (x + 0.22, y - 0.135)), 0.010, 150)
    p.limb((x, y - 0.15), (x, y - 0.34), 0.024, 0.022, steel, dark(steel, 0.5), 0.004)
    p.line(arc(x, y - 0.31, 0.001, 0.001, 0, 1), steel, 0.04)
    p.limb((x, y - 0.34), (x, y - 0.265), 0.026, 0.020, light(steel, 0.4), dark(steel, 0.5), 0.004)
    for side in (-1, 1):
        p.limb(
            (x + side * 0.09, y - 0.17),
            (x + side * 0.13, y - 0.20),
            0.018,
            0.014,
            steel,
            dark(steel, 0.5),
            0.004,
        )


def wipe(s: Stage) -> None:
    sx, sy = s.swing, math.cos(2 * math.pi * s.cycles * 0.5)
    if s.noun == "window":
        x, y = s.x + 0.17 * s.reach * sx, 0.36 + 0.05 * sy
        _window(s)
    elif s.noun == "table":
        x, y = s.x + 0.20 * s.reach * sx, s.y + 0.01 + 0.03 * sy
        for k, dx in enumerate((-0.24, -0.02, 0.20)):
            s.pen.disc(s.x + dx, s.y + 0.02 * (k % 2), 0.05, (255, 255, 255, 40), 0.02)
        for k in range(7):
            s.pen.disc(s.x + 0.28 + 0.02 * k, s.y - 0.05 + 0.025 * (k % 3), 0.008, (140, 100, 60))
    else:
        x, y = s.x + 0.02 + 0.09 * s.reach * sx, s.y + 0.02 * sy
        s.shadow(s.x, s.y + 0.06, 0.25, 0.11)
        s.prop(s.noun, s.x, s.y + 0.02, 1.2)
        s.left(s.x - 0.26, s.y + 0.09, "open", 0.5)
    PROPS["cloth"](s.pen.at(x + 0.25 * s.away, y + s.away, SIZE * 0.95, 0.25 * sx), _cloth_tint(s))
    s.right(x + 0.02, y + 0.03, "flat", -0.25 + 0.1 * sx)


def _cloth_tint(s: Stage) -> Colour:
    return ((232, 204, 90), (110, 170, 200), (226, 130, 110))[s.action.seed % 3]


def _window(s: Stage) -> None:
    p, x = s.pen, s.x
    p.slab(x - 0.36, 0.06, x + 0.36, 0.58, (236, 232, 224), 0.012, (150, 146, 140), 0.005)
    p.poly(
        ((x - 0.32, 0.10), (x + 0.32, 0.10), (x + 0.32, 0.54), (x - 0.32, 0.54)), (164, 206, 232)
    )
    p.poly(
        (
            (x - 0.32, 0.42),
            (x - 0.1, 0.36),
            (x + 0.12, 0.43),
            (x + 0.32, 0.37),
            (x + 0.32, 0.54),
            (x - 0.32, 0.54),
        ),
        (120, 168, 110),
    )
    p.slab(x - 0.012, 0.10, x + 0.012, 0.54, (236, 232, 224))
    for dx in (-0.25, 0.08):
        p.poly(
            ((x + dx, 0.50), (x + dx + 0.12, 0.14), (x + dx + 0.17, 0.14), (x + dx + 0.05, 0.50)),
            (255, 255, 255, 60),
        )


def rub(s: Stage) -> None:
    sx = s.swing
    if s.noun == "hands":
        y = s.y - 0.03
        s.left(s.x - 0.05 + 0.045 * s.reach * sx, y + 0.02 * sx, "flat", 0.65)
        s.right(s.x + 0.05 - 0.045 * s.reach * sx, y - 0.03 - 0.02 * sx, "flat", -0.65)
        return
    wide = 0.30 if s.noun == "plank" else 0.21
    s.shadow(s.x, s.y + 0.10, wide, 0.06)
    s.prop(s.noun, s.x, s.y, 1.15)
    s.left(s.x - (0.30 if s.noun == "plank" else 0.24), s.y + 0.07, "open", 0.45)
    x, y = s.x + 0.05 + 0.12 * s.reach * sx, s.y + 0.005 - 0.015 * sx
    if s.noun == "plank":
        s.pen.at(x + 0.25 * s.away, y + s.away, SIZE, 0.05).slab(
            -0.07, -0.05, 0.07, 0.05, (150, 92, 60), 0.006, (90, 56, 40), 0.004
        )
    else:
        PROPS["cloth"](
            s.pen.at(x + 0.25 * s.away, y + s.away, SIZE * 0.6, 0.2 * sx), (236, 226, 200)
        )
    s.right(x + 0.035, y + 0.055, "flat", -0.3)


_FILLINGS: dict[str, Colour] = {
    "soup": (214, 110, 52),
    "egg": (248, 206, 92),
    "paint": (84, 144, 196),
}


def stir(s: Stage) -> None:
    cx, cy = s.circle
    turn = 2 * math.pi * s.cycles
    if s.noun == "coffee":
        s.shadow(s.x, s.y + 0.13, 0.13, 0.045)
        s.pen.disc(s.x, s.y + 0.12, 0.15, (236, 232, 224), 0.06, (160, 156, 148), 0.003)
        cup = s.pen.at(s.x, s.y, 1.75)
        kitchenware.cup(cup, ((206, 74, 62), (64, 120, 160), (240, 236, 226))[s.action.seed % 3])
        kitchenware.coffee(cup, turn)
        s.left(s.x - 0.21, s.y + 0.09, "open", 0.55)
        rim, rx, ry = s.y - 0.09, 0.055, 0.018
    else:
        vessel = {"soup": "pot", "egg": "bowl", "paint": "bucket"}[s.noun]
        s.shadow(s.x, s.y + 0.15, 0.24, 0.07)
        pen = s.pen.at(s.x, s.y, SIZE * 1.15)
        PROPS[vessel](
            pen, {"soup": s.tint, "egg": (120, 160, 190), "paint": (140, 146, 152)}[s.noun]
        )
        y, rx, ry = {
            "soup": (-0.050, 0.130, 0.046),
            "egg": (-0.030, 0.120, 0.044),
            "paint": (-0.060, 0.134, 0.046),
        }[s.noun]
        kitchenware.filling(pen, rx, ry, y, _FILLINGS[s.noun], turn)
        rim, rx, ry = s.y + y * SIZE * 1.15, rx * 0.85, ry * 0.85
        s.left(s.x - 0.27, s.y + 0.06, "open", 0.5)
    hx, hy = s.x + rx * s.reach * cx, rim + ry * s.reach * cy
    held = s.pen.at(hx + 0.25 * s.away, hy + s.away, SIZE * (0.75 if s.noun == "coffee" else 1.1))
    if s.noun == "coffee":
        held.limb(
            (0, 0),
            (0.10, -0.18),
            0.009,
            0.009,
            kitchenware.STEEL,
            dark(kitchenware.STEEL, 0.5),
            0.003,
        )
        s.right(hx + 0.12, hy - 0.09, "pinch", -0.5)
    else:
        kitchenware.ladle(held, s.tint)
        s.right(hx + 0.155, hy - 0.19, "grip", -0.6)


def knead(s: Stage) -> None:
    press = 0.5 - 0.5 * math.cos(2 * math.pi * s.cycles)
    colour: Colour = (240, 222, 184) if s.noun == "dough" else (176, 112, 82)
    p, y = s.pen, s.y + 0.05
    p.disc(s.x, y + 0.03, 0.34, (250, 246, 236, 90), 0.13)
    s.shadow(s.x, y + 0.06, 0.25, 0.07)
    wide, high = 0.23 + 0.05 * press * s.reach, 0.140 - 0.045 * press * s.reach
    p.disc(s.x, y, wide, colour, high, dark(colour, 0.4), 0.005)
    p.disc(s.x - 0.02, y - high * 0.3, wide * 0.72, light(colour, 0.35), high * 0.5)
    for k in (-1, 0, 1):
        p.line(
            arc(s.x + k * 0.08, y, 0.05, 0.04 + 0.02 * press, 0.4, 2.4, 6),
            dark(colour, 0.22),
            0.006,
        )
    hy = y - 0.055 + 0.075 * press * s.reach
    s.left(s.x - 0.135, hy + 0.055, "open", 0.30)
    s.right(s.x + 0.135, hy + 0.055, "open", -0.30)
