"""Machines of workshop and garden. The foot is at the origin; they move while `running`."""

import math

from mc3core.world.machines.motion import shake
from mc3core.world.pen import Colour, Pen, arc, dark

STEEL: Colour = (186, 192, 198)


def grinder(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (70, 110, 84)
    pen.slab(-0.05, -0.06, 0.05, 0.0, dark(c, 0.3), 0.006)
    pen.slab(-0.065, -0.16, 0.065, -0.05, c, 0.03, dark(c, 0.5), 0.004)
    for side in (-1, 1):
        wheel = pen.at(side * 0.10, -0.105)
        wheel.disc(0, 0, 0.062, (150, 146, 140), edge=(70, 68, 66), width=0.004)
        a = 2 * math.pi * 4.1 * t_s * side
        for k in range(3):
            b = a + 2.094 * k
            wheel.line(((0, 0), (0.054 * math.cos(b), 0.054 * math.sin(b))), (96, 92, 88), 0.010)
        wheel.disc(0, 0, 0.016, (60, 60, 64))
    if running:
        for k in range(16):
            f = (2.9 * t_s + 0.618 * k) % 1
            b = 0.25 + 0.055 * k
            x, y = -0.12 - 0.19 * f * math.cos(b), -0.06 - 0.10 * f * math.sin(b) + 0.14 * f * f
            pen.line(((x, y), (x - 0.018, y + 0.008)), (255, 206 - round(90 * f), 90), 0.006)


def drill(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (222, 150, 50)
    pen.slab(-0.085, -0.025, 0.085, 0.0, (84, 88, 96), 0.006, (44, 46, 52), 0.004)
    pen.slab(0.035, -0.32, 0.062, -0.02, STEEL, 0, dark(STEEL, 0.5), 0.003)
    down = 0.018 + shake(t_s, running, 0.8, 0.018)
    pen.slab(-0.065, -0.33 + down, 0.075, -0.20 + down, c, 0.02, dark(c, 0.5), 0.004)
    pen.poly(
        (
            (-0.028, -0.20 + down),
            (0.012, -0.20 + down),
            (0.004, -0.155 + down),
            (-0.020, -0.155 + down),
        ),
        (70, 72, 80),
    )
    pen.line(((-0.008, -0.155 + down), (-0.008, -0.07 + down)), STEEL, 0.014)
    for k in range(4):
        f = ((3.7 * t_s if running else 0.0) + k / 4) % 1
        y = -0.15 + 0.075 * f + down
        pen.line(((-0.016, y), (0.0, y + 0.010)), (60, 62, 68), 0.006)
    pen.slab(-0.06, -0.055, 0.045, -0.025, (196, 150, 100), 0, (110, 80, 50), 0.003)
    if running:
        for k in range(6):
            f = (2.3 * t_s + k / 6) % 1
            pen.disc(
                -0.008 + (0.07 if k % 2 else -0.07) * f,
                -0.06 - 0.05 * f * (1 - f) * 4 * 0.5,
                0.007,
                (226, 190, 130),
            )


def fan(pen: Pen, t_s: float, running: bool) -> None:
    pen.disc(0, -0.008, 0.075, (70, 74, 82), 0.020)
    pen.slab(-0.013, -0.10, 0.013, -0.01, (70, 74, 82))
    head = pen.at(0, -0.205)
    head.disc(0, 0, 0.118, (234, 238, 240, 120), edge=(110, 116, 124), width=0.006)
    a = 2 * math.pi * 2.3 * t_s
    for k in range(3):
        blade = head.at(0, 0, 1, a + 2.094 * k)
        blade.poly(
            ((0.0, 0.012), (0.040, -0.040), (0.030, -0.098), (-0.014, -0.104), (-0.012, -0.030)),
            (72, 132, 180),
            (40, 84, 124),
            0.003,
        )
    head.disc(0, 0, 0.024, (60, 64, 72))
    for k in range(8):
        b = math.pi * k / 4
        head.line(
            ((0.02 * math.cos(b), 0.02 * math.sin(b)), (0.116 * math.cos(b), 0.116 * math.sin(b))),
            (150, 156, 164),
            0.003,
        )


def sprinkler(pen: Pen, t_s: float, running: bool) -> None:
    pen.disc(0, -0.006, 0.075, (60, 110, 70), 0.022)
    pen.slab(-0.010, -0.13, 0.010, 0.0, (90, 96, 100))
    a = 2 * math.pi * 1.1 * t_s
    x = 0.075 * math.cos(a)
    pen.limb((-x, -0.135), (x, -0.135), 0.011, 0.011, (216, 120, 60), (110, 60, 30), 0.003)
    if running:
        for side in (-1, 1):
            for k in range(11):
                f = (1.3 * t_s + k / 11) % 1
                px = side * (abs(x) * 0.6 + 0.20 * f)
                pen.disc(px, -0.14 - 0.30 * f + 0.36 * f * f, 0.009, (206, 232, 250, 220))


def mower(pen: Pen, t_s: float, running: bool) -> None:
    pen = pen.at(shake(t_s, running, 0.55, 0.035), shake(t_s, running, 10, 0.003))
    c: Colour = (220, 96, 44)
    for x in (-0.085, 0.085):
        wheel = pen.at(x, -0.028, 1.0, 3.5 * shake(t_s, running, 0.55, 0.9))
        wheel.disc(0, 0, 0.034, (50, 50, 54))
        wheel.line(((-0.024, 0), (0.024, 0)), (150, 150, 156), 0.008)
    pen.poly(
        [(-0.115, -0.035), (0.115, -0.035), *arc(0, -0.045, 0.11, 0.085, 0, -3.14159, 8)],
        c,
        dark(c, 0.5),
    )
    pen.poly([(-0.06, -0.09), *arc(0, -0.09, 0.06, 0.05, -3.14159, 0, 6)], (60, 62, 68))
    pen.disc(0.08, -0.06, 0.011, (120, 240, 130) if running else (110, 70, 60))
    if running:
        for k in range(8):
            f = (2.1 * t_s + 0.618 * k) % 1
            pen.line(
                (
                    (-0.10 - 0.09 * f, -0.01 - 0.12 * f + 0.1 * f * f),
                    (-0.11 - 0.09 * f, -0.02 - 0.12 * f + 0.1 * f * f),
                ),
                (120, 180, 70),
                0.006,
            )
