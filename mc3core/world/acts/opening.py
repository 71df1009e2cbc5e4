"""Lids, doors, drawers, keys and pages."""

import math

from mc3core.world.acts.stage import SIZE, Stage
from mc3core.world.pen import Colour, arc, dark, light
from mc3core.world.props import kitchenware, things, tools

WOOD: Colour = (186, 138, 92)


def opening(s: Stage) -> None:
    _move(s, s.progress)


def closing(s: Stage) -> None:
    _move(s, 1 - s.progress)


def _move(s: Stage, k: float) -> None:
    {"drawer": _drawer, "door": _door, "jar": _jar, "box": _box, "laptop": _laptop}[s.noun](s, k)


def _front(s: Stage) -> Colour:
    return ((196, 150, 104), (224, 218, 206), (132, 160, 160), (160, 110, 76))[s.action.seed % 4]


def _drawer(s: Stage, k: float) -> None:
    p, c = s.pen, _front(s)
    x, y, half = s.x, 0.50, 0.30
    p.slab(x - 0.36, 0.40, x + 0.36, 1.08, dark(c, 0.12), 0.0, dark(c, 0.5), 0.005)
    p.slab(x - 0.39, 0.36, x + 0.39, 0.42, light(c, 0.3), 0.006, dark(c, 0.5), 0.004)
    p.slab(x - half, y - 0.04, x + half, y + 0.16, (30, 24, 26))
    for low in (0.78,):
        p.slab(x - half, low, x + half, low + 0.2, c, 0.01, dark(c, 0.5), 0.004)
        p.limb(
            (x - 0.06, low + 0.09),
            (x + 0.06, low + 0.09),
            0.014,
            0.014,
            (206, 208, 212),
            (90, 92, 98),
        )
    out = 0.17 * k
    if out > 0.01:  # the inside, with cutlery, comes towards the wearer
        p.poly(
            (
                (x - half + 0.02, y),
                (x + half - 0.02, y),
                (x + half + 0.03 * k, y + out + 0.03),
                (x - half - 0.03 * k, y + out + 0.03),
            ),
            (92, 70, 54),
        )
        for dx in (-0.16, -0.05, 0.06, 0.17):
            p.limb(
                (x + dx, y + 0.02),
                (x + dx * 1.08, y + out + 0.01),
                0.010,
                0.014,
                (214, 218, 224),
                (110, 112, 118),
                0.003,
            )
    grow = half + 0.035 * k
    top = y - 0.03 + out
    p.shadow(x, top + 0.21, grow, 0.02 + 0.03 * k, 70)
    p.slab(x - grow, top, x + grow, top + 0.19, light(c, 0.08), 0.012, dark(c, 0.5), 0.005)
    p.slab(
        x - grow + 0.03, top + 0.025, x + grow - 0.03, top + 0.165, c, 0.008, dark(c, 0.3), 0.003
    )
    p.limb(
        (x - 0.07, top + 0.085),
        (x + 0.07, top + 0.085),
        0.016,
        0.016,
        (216, 218, 222),
        (90, 92, 98),
    )
    s.right(x + 0.035, top + 0.12, "grip", -0.45)


def _door(s: Stage, k: float) -> None:
    p, c = s.pen, _front(s)
    x0, x1, y0, y1 = s.x - 0.26, s.x + 0.20, 0.10, 0.66
    p.slab(x0 - 0.03, y0 - 0.03, x1 + 0.03, y1 + 0.03, dark(c, 0.15), 0.0, dark(c, 0.5), 0.005)
    p.slab(x0, y0, x1, y1, (52, 40, 38))
    for shelf in (0.36, 0.63):  # what stands inside
        p.slab(x0, shelf, x1, shelf + 0.025, (120, 92, 70))
    for i, tint in enumerate(((200, 90, 70), (90, 140, 170), (214, 176, 90), (120, 150, 100))):
        p.slab(
            x0 + 0.04 + 0.10 * i,
            0.23 - 0.02 * (i % 2),
            x0 + 0.11 + 0.10 * i,
            0.36,
            tint,
            0.008,
            dark(tint, 0.5),
            0.003,
        )
        p.disc(x0 + 0.075 + 0.10 * i, 0.60, 0.042, light(tint, 0.5), 0.030, dark(tint, 0.4), 0.003)
    # Hinged on the left: its free edge comes forward and to the left.
    angle = 1.75 * k
    free = x0 + (x1 - x0) * math.cos(angle)
    near = 0.11 * math.sin(angle)
    leaf = ((x0, y0), (free, y0 - near), (free, y1 + near), (x0, y1))
    p.poly(leaf, light(c, 0.10) if k < 0.5 else dark(c, 0.12), dark(c, 0.55), 0.005)
    inner = [
        (x0 + (x - x0) * f, y0 + 0.28 + (y - y0 - 0.28) * 0.78)
        for x, y in leaf
        for f in ((0.14 if x == x0 else 0.86),)
    ]
    inner = [
        (x0 + (free - x0) * (0.14 if i in (0, 3) else 0.86), y) for i, (_, y) in enumerate(inner)
    ]
    p.poly(inner, (*dark(c, 0.18), 120), dark(c, 0.4), 0.003)
    hx, hy = x0 + (free - x0) * 0.92, (y0 + y1) / 2 + 0.06
    p.limb((hx, hy - 0.05), (hx, hy + 0.05), 0.013, 0.013, (220, 222, 226), (90, 92, 98))
    s.right(hx + 0.035, hy + 0.05, "grip", -0.35)


def _jar(s: Stage, k: float) -> None:
    x, y = s.x, s.y
    s.shadow(x, y + 0.15, 0.13, 0.045)
    kitchenware.jar_glass(s.pen.at(x, y, SIZE * 1.35), s.tint)
    s.left(x - 0.13, y + 0.055, "grip", 0.75)
    turn = math.sin(7 * min(k, 0.7)) * 0.4
    up = max(0.0, k - 0.55) * 0.32
    lid_x, lid_y = x + up * 0.5, y - 0.165 - up
    kitchenware.lid(s.pen.at(lid_x, lid_y, SIZE * 1.35, 0.25 * up), s.tint)
    s.right(lid_x + 0.07, lid_y + 0.02, "claw", -0.55 + turn)


def _box(s: Stage, k: float) -> None:
    p, x, y = s.pen, s.x, s.y + 0.04
    s.shadow(x, y + 0.18, 0.24, 0.05)
    box = p.at(x, y, SIZE * 1.2)
    t = s.tint
    box.poly(((-0.15, -0.06), (0.15, -0.06), (0.125, -0.13), (-0.125, -0.13)), dark(t, 0.65))
    if k > 0.3:
        box.poly(
            ((-0.10, -0.075), (0.10, -0.075), (0.09, -0.115), (-0.09, -0.115)), (236, 226, 206)
        )
    rear = 0.13 + 0.075 * math.sin(math.pi * k / 2)
    box.poly(
        ((-0.125, -0.13), (0.125, -0.13), (0.135, -rear), (-0.135, -rear)),
        light(t, 0.15),
        dark(t, 0.4),
        0.004,
    )
    things.box_body(box, t)
    for side in (-1, 1):  # two flaps fold out over the sides
        a = math.pi * (0.02 + 0.72 * k)
        tip = (side * (0.15 - 0.15 * math.cos(a)), -0.06 - 0.13 * math.sin(a) - 0.04 * (1 - k))
        back = (side * (0.125 - 0.125 * math.cos(a)), -0.13 - 0.10 * math.sin(a) - 0.0)
        box.poly(
            ((side * 0.15, -0.06), tip, back, (side * 0.125, -0.13)),
            light(t, 0.28),
            dark(t, 0.4),
            0.004,
        )
    edge = 0.15 - 0.15 * math.cos(math.pi * (0.02 + 0.72 * k))
    hy = y + (-0.09 - 0.13 * math.sin(math.pi * (0.02 + 0.72 * k))) * SIZE * 1.2
    s.left(x - edge * 1.5 - 0.06, hy + 0.06, "pinch", 0.5)
    s.right(x + edge * 1.5 + 0.06, hy + 0.06, "pinch", -0.5)


def _laptop(s: Stage, k: float) -> None:
    x, y = s.x, s.y
    s.shadow(x, y + 0.17, 0.35, 0.06)
    things.laptop(s.pen.at(x, y, SIZE * 1.1), s.tint, k)
    top = y + (0.13 - k * 0.38) * SIZE * 1.1
    s.left(x - 0.24, y + 0.16, "open", 0.4)
    s.right(x + 0.11, top + 0.07, "pinch", -0.35)


def turn(s: Stage) -> None:
    {"page": _page, "screw": _screw, "knob": _knob, "key": _key}[s.noun](s)


def _page(s: Stage) -> None:
    p = s.pen.at(s.x, s.y, SIZE * 1.1)
    s.shadow(s.x, s.y + 0.14, 0.36, 0.06)
    p.poly(
        ((-0.26, -0.10), (0.26, -0.10), (0.28, 0.12), (-0.28, 0.12)), (150, 60, 56), (90, 34, 34)
    )
    for side in (-1, 1):
        p.poly(
            ((0, -0.095), (side * 0.25, -0.105), (side * 0.268, 0.108), (0, 0.115)),
            (250, 246, 234),
            (170, 160, 146),
            0.003,
        )
        for k in range(6):
            y = -0.07 + 0.03 * k
            p.line(
                ((side * 0.03, y), (side * (0.20 if k != 4 else 0.12), y - 0.003)),
                (120, 124, 140),
                0.005,
            )
    a = math.pi * s.progress
    tip_x, tip_y = 0.262 * math.cos(a), -0.16 * math.sin(a)
    p.poly(
        ((0, -0.095), (tip_x, -0.105 + tip_y), (tip_x * 1.06, 0.108 + tip_y), (0, 0.115)),
        (255, 252, 240),
        (150, 140, 126),
        0.004,
    )
    s.left(s.x - 0.31, s.y + 0.13, "flat", 0.4)
    s.right(s.x + tip_x * 1.4 + 0.075, s.y + 0.13 + tip_y * 1.3, "pinch", -0.35)


def _screw(s: Stage) -> None:
    x, y = s.x - 0.04, s.y + 0.05
    s.shadow(x, y + 0.10, 0.36, 0.06)
    tools.plank(s.pen.at(x, y + 0.06, SIZE), (206, 166, 112))
    s.pen.disc(x, y + 0.04, 0.035, tools.STEEL, 0.02, dark(tools.STEEL, 0.6), 0.003)
    a = 5.5 * s.progress
    s.pen.line(
        (
            (x - 0.022 * math.cos(a), y + 0.04 - 0.012 * math.sin(a)),
            (x + 0.022 * math.cos(a), y + 0.04 + 0.012 * math.sin(a)),
        ),
        (50, 52, 58),
        0.007,
    )
    s.left(x - 0.16, y + 0.09, "flat", 0.4)
    driver = s.pen.at(x + 0.105 + 0.25 * s.away, y - 0.125 + s.away, SIZE * 1.1, -2.55)
    tools.screwdriver(driver, s.tint)
    s.right(x + 0.145, y - 0.125, "grip", -0.75 + 0.5 * math.sin(a))


def _knob(s: Stage) -> None:
    p, x = s.pen, s.x
    p.slab(x - 0.40, 0.46, x + 0.40, 0.66, (62, 64, 70), 0.02, (30, 30, 34), 0.005)
    for side in (-1, 1):
        p.disc(x + side * 0.2, 0.55, 0.15, (40, 40, 44), 0.062, (100, 102, 108), 0.004)
        p.disc(x + side * 0.2, 0.55, 0.09, (40, 40, 44), 0.036, (100, 102, 108), 0.004)
    glow = round(200 * s.progress)
    p.disc(x + 0.2, 0.55, 0.12, (240, 96, 40, glow), 0.048)
    p.slab(x - 0.42, 0.67, x + 0.42, 0.90, (200, 204, 208), 0.015, (110, 112, 118), 0.005)
    for dx in (-0.27, 0.0, 0.27):
        p.disc(x + dx, 0.785, 0.055, (48, 48, 54), 0.055, (24, 24, 28), 0.004)
        a = -math.pi / 2 + (2.0 * s.progress if dx == 0 else 0.0)
        p.line(
            ((x + dx, 0.785), (x + dx + 0.045 * math.cos(a), 0.785 + 0.045 * math.sin(a))),
            (240, 240, 236),
            0.010,
        )
    s.right(x + 0.06, 0.865, "pinch", -0.45 + 0.6 * s.progress)


def _key(s: Stage) -> None:
    p, x, y = s.pen, s.x - 0.02, s.y - 0.02
    c = _front(s)
    s.shadow(x, y + 0.20, 0.30, 0.05)
    p.slab(x - 0.28, y - 0.24, x + 0.28, y + 0.21, c, 0.012, dark(c, 0.5), 0.006)
    p.slab(x - 0.24, y - 0.20, x + 0.24, y + 0.17, light(c, 0.12), 0.008, dark(c, 0.3), 0.003)
    p.slab(x - 0.05, y - 0.10, x + 0.05, y + 0.07, (206, 170, 80), 0.02, (120, 92, 30), 0.004)
    a = 1.5 * s.progress
    key = p.at(x, y - 0.02, SIZE, a)
    key.slab(-0.008, -0.02, 0.008, 0.02, (50, 40, 30))
    key.limb((0, 0), (0, 0.05), 0.010, 0.012, (226, 186, 80), (120, 92, 30), 0.003)
    key.disc(0, 0.075, 0.032, (226, 186, 80), 0.032, (120, 92, 30), 0.004)
    if s.progress > 0.02:
        p.line(arc(x, y - 0.02, 0.15, 0.15, 1.4, 1.4 + a, 8), (255, 255, 255, 60), 0.006)
    hx, hy = x - 0.12 * math.sin(a), y - 0.02 + 0.12 * math.cos(a)
    s.right(hx + 0.06, hy + 0.085, "pinch", -0.3 + 0.5 * s.progress)
