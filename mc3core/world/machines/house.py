"""Machines of kitchen, study and bath. The foot is at the origin; they move while `running`."""

import math

from mc3core.world.machines.motion import shake
from mc3core.world.pen import Colour, Pen, arc, dark, light

STEEL: Colour = (186, 192, 198)


def blender(pen: Pen, t_s: float, running: bool) -> None:
    pen = pen.at(shake(t_s, running, 9, 0.004), 0)
    c: Colour = (206, 66, 58)
    pen.poly(((-0.07, 0.0), (0.07, 0.0), (0.055, -0.09), (-0.055, -0.09)), c, dark(c, 0.5))
    pen.disc(0, -0.042, 0.022, (236, 232, 224), edge=dark(c, 0.5), width=0.003)
    pen.poly(
        ((-0.05, -0.09), (0.05, -0.09), (0.075, -0.29), (-0.075, -0.29)),
        (214, 230, 234, 200),
        (110, 124, 130),
        0.004,
    )
    top = -0.20 + (shake(t_s, running, 3.1, 0.012) if running else 0.0)
    wave = shake(t_s, running, 4.3, 0.022)
    pen.poly(
        (
            (-0.048, -0.094),
            (0.048, -0.094),
            (0.061, top + wave),
            (0.0, top + (0.035 if running else 0)),
            (-0.061, top - wave),
        ),
        (226, 96, 120),
    )
    if running:
        a = 2 * math.pi * 2.7 * t_s
        for k in range(3):
            pen.line(
                arc(0, -0.145, 0.042, 0.026, a + 2.1 * k, a + 2.1 * k + 1.1, 5),
                (255, 196, 206),
                0.011,
            )
    pen.slab(-0.078, -0.315, 0.078, -0.285, (60, 60, 66), 0.008)
    pen.glint(((-0.05, -0.26), (-0.038, -0.12)), 0.009)


def kettle(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (182, 190, 198)
    lid = abs(shake(t_s, running, 5.3, 0.012))
    pen.slab(-0.095, -0.025, 0.095, 0.0, (54, 54, 60), 0.008)
    pen.poly(((-0.08, -0.025), (0.08, -0.025), (0.06, -0.19), (-0.06, -0.19)), c, dark(c, 0.5))
    pen.poly(((0.01, -0.025), (0.08, -0.025), (0.06, -0.19), (0.01, -0.19)), (*dark(c, 0.4), 90))
    pen.poly(((-0.06, -0.18), (-0.11, -0.17), (-0.066, -0.13)), c, dark(c, 0.5))
    pen.line(arc(0.072, -0.11, 0.05, 0.07, -1.6, 1.6), (54, 54, 60), 0.022)
    pen.disc(0, -0.195 - lid, 0.058, (70, 70, 78), 0.018)
    pen.disc(0, -0.215 - lid, 0.016, (40, 40, 46))
    pen.disc(0.0, -0.012, 0.012, (255, 120, 60) if running else (96, 60, 56))
    if running:
        for k in range(6):
            f = (0.62 * t_s + k / 6) % 1
            pen.disc(
                -0.12 - 0.05 * f + 0.03 * math.sin(6 * f + k),
                -0.18 - 0.22 * f,
                0.022 + 0.045 * f,
                (255, 255, 255, round(150 * (1 - f))),
            )


def mixer(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (120, 176, 170)
    pen.slab(-0.11, -0.028, 0.10, 0.0, c, 0.012, dark(c, 0.5), 0.004)
    pen.slab(0.045, -0.24, 0.095, -0.02, c, 0.014, dark(c, 0.5), 0.004)
    pen.limb((-0.07, -0.25), (0.07, -0.25), 0.046, 0.048, light(c, 0.15), dark(c, 0.5), 0.004)
    a = 2 * math.pi * 3.3 * t_s
    sway = 0.026 * math.cos(a) if running else 0.0
    for k in (-1, 0, 1):
        pen.line(
            (
                (-0.045 + sway * 0.3, -0.205),
                (-0.045 + sway + 0.022 * k * math.cos(a), -0.14),
                (-0.045 + sway, -0.095),
            ),
            STEEL,
            0.007,
        )
    pen.poly(
        [(-0.115, -0.12), (0.025, -0.12), *arc(-0.045, -0.12, 0.07, 0.095, 0, 3.14159, 8)],
        STEEL,
        dark(STEEL, 0.5),
        0.004,
    )
    pen.glint(((-0.09, -0.10), (-0.075, -0.06)), 0.010)
    pen.disc(0.072, -0.25, 0.013, (240, 110, 70) if running else (120, 80, 76))


def printer(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (216, 218, 222)
    pen.poly(
        ((-0.07, -0.16), (0.07, -0.16), (0.06, -0.26), (-0.06, -0.26)),
        (250, 250, 248),
        (150, 150, 156),
        0.003,
    )
    pen.slab(-0.125, -0.17, 0.125, 0.0, c, 0.02, dark(c, 0.5), 0.004)
    pen.slab(-0.125, -0.17, 0.125, -0.13, dark(c, 0.55), 0.016)
    pen.slab(-0.085, -0.075, 0.085, -0.055, (40, 40, 46))
    out = (0.9 * t_s) % 1 if running else 0.25
    reach = 0.02 + 0.12 * out
    pen.poly(
        ((-0.07, -0.065), (0.07, -0.065), (0.075, -0.065 + reach), (-0.075, -0.065 + reach)),
        (255, 255, 252),
        (150, 150, 156),
        0.003,
    )
    for k in range(5):
        y = -0.065 + reach - 0.018 - 0.022 * k
        if y > -0.06:
            pen.line(((-0.055, y), (0.02 + 0.03 * (k % 2), y)), (90, 110, 150), 0.005)
    head = 0.07 * math.sin(2 * math.pi * 1.55 * t_s) if running else -0.07
    pen.slab(
        head - 0.014, -0.168, head + 0.014, -0.134, (240, 150, 60) if running else (110, 110, 116)
    )
    pen.disc(0.10, -0.10, 0.009, (90, 220, 120) if running else (90, 96, 92))


def washer(pen: Pen, t_s: float, running: bool) -> None:
    pen = pen.at(shake(t_s, running, 6, 0.003), 0)
    c: Colour = (236, 238, 240)
    pen.slab(-0.13, -0.30, 0.13, 0.0, c, 0.014, dark(c, 0.4), 0.004)
    pen.line(((-0.13, -0.245), (0.13, -0.245)), dark(c, 0.25), 0.004)
    pen.disc(0.085, -0.272, 0.016, (150, 156, 164))
    pen.disc(-0.09, -0.272, 0.009, (90, 200, 120) if running else (120, 126, 122))
    drum = pen.at(0, -0.125)
    drum.disc(0, 0, 0.092, (150, 158, 166), edge=(96, 102, 110), width=0.004)
    drum.disc(0, 0, 0.072, (60, 84, 104))
    a = 2 * math.pi * 0.9 * t_s
    for k, cloth in enumerate(((226, 110, 90), (240, 214, 120), (120, 170, 200), (240, 240, 236))):
        b = a + 1.57 * k
        drum.disc(0.036 * math.cos(b), 0.036 * math.sin(b), 0.030, cloth, 0.026)
    drum.poly([*arc(0, 0, 0.072, 0.072, 0.35, 2.8, 8)], (180, 214, 236, 110))
    drum.glint(arc(0, 0, 0.058, 0.058, 3.5, 4.6, 6), 0.009)


def dryer(pen: Pen, t_s: float, running: bool) -> None:
    """An air blower on a stand, with ribbons in its stream."""
    c: Colour = (110, 84, 140)
    pen.disc(0, -0.008, 0.07, (70, 74, 82), 0.018)
    pen.limb((0, -0.02), (0, -0.16), 0.020, 0.026, c, dark(c, 0.5), 0.004)
    pen.limb((-0.035, -0.20), (0.06, -0.20), 0.055, 0.048, light(c, 0.1), dark(c, 0.5), 0.004)
    pen.slab(-0.125, -0.232, -0.085, -0.168, (50, 50, 56), 0.006)
    pen.disc(0.07, -0.20, 0.026, (60, 60, 66))
    for k in range(3):
        y = -0.22 + 0.022 * k
        if running:
            points = [
                (-0.125 - 0.024 * i, y + 0.016 * i / 5 * math.sin(17 * t_s + i * 1.3 + k))
                for i in range(6)
            ]
        else:
            points = [(-0.125, y), (-0.132, y + 0.05), (-0.130, y + 0.10)]
        pen.line(points, ((236, 120, 90), (246, 214, 110), (120, 190, 210))[k], 0.010)
