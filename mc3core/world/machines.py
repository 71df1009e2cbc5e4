"""Machines that stand in view, run or do not, and know nothing of the wearer's hands.

Each is drawn with its foot at the origin of its pen; `spin` grows with time while it runs.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from mc3core.world.pen import Colour, Pen, arc, dark, light
from mc3core.world.plan import Machine

Draw = Callable[[Pen, float, bool], None]
STEEL: Colour = (186, 192, 198)


@dataclass(frozen=True, slots=True)
class Voice:
    """A motor: hum and overtones (`pitch_hz`, `overtones`, falling by `tilt`), noise between
    `low_hz` and `high_hz` as loud as `noise`, beating `beat_hz` times a second by `depth`, and knocking
    `knock_hz` times a second on `knock_on`, `knock` times as loud: few machines only hum."""

    pitch_hz: float
    overtones: int
    tilt: float
    noise: float
    low_hz: float
    high_hz: float
    beat_hz: float
    depth: float
    knock: float
    knock_hz: float
    knock_on: str


VOICES: dict[str, Voice] = {
    "blender": Voice(172, 14, 0.5, 0.9, 500, 5500, 11, 0.2, 1.6, 5.5, "glass"),
    "kettle": Voice(60, 3, 1.2, 2.2, 300, 2800, 5, 0.35, 1.3, 3.7, "metal"),
    "mixer": Voice(118, 12, 0.6, 0.7, 300, 3500, 4.5, 0.35, 1.8, 3.3, "metal"),
    "grinder": Voice(98, 16, 0.4, 1.4, 1500, 7500, 2.2, 0.25, 1.5, 2.3, "metal"),
    "drill": Voice(140, 14, 0.5, 0.8, 700, 5000, 7, 0.3, 1.8, 2.6, "wood"),
    "fan": Voice(52, 6, 1.0, 1.8, 80, 1800, 6.5, 0.3, 1.3, 2.3, "plastic"),
    "printer": Voice(230, 8, 0.8, 0.9, 900, 4800, 3.1, 0.8, 2.2, 4.6, "plastic"),
    "sprinkler": Voice(40, 2, 1.5, 2.0, 1800, 7600, 5.2, 0.85, 1.8, 5.2, "plastic"),
    "mower": Voice(84, 18, 0.45, 0.8, 200, 2600, 14, 0.35, 1.5, 6.1, "wood"),
    "washer": Voice(66, 8, 0.8, 1.4, 120, 1500, 1.3, 0.6, 2.0, 1.8, "cardboard"),
    "dryer": Voice(212, 6, 0.7, 2.0, 700, 6500, 9, 0.1, 1.0, 4.1, "paper"),
}


def draw_machine(pen: Pen, machine: Machine, t_s: float) -> None:
    """Draw a machine at its place at the back of the table."""
    x = 0.5 + 0.345 * machine.side
    pen.shadow(x, 0.515, 0.13, 0.028, 80)
    running = machine.level_db is not None
    _DRAWINGS[machine.kind](pen.at(x, 0.51, 1.12), t_s if running else 0.35, running)


def _shake(t_s: float, running: bool, hz: float, size: float) -> float:
    return size * math.sin(2 * math.pi * hz * t_s) if running else 0.0


def blender(pen: Pen, t_s: float, running: bool) -> None:
    pen = pen.at(_shake(t_s, running, 9, 0.004), 0)
    c: Colour = (206, 66, 58)
    pen.poly(((-0.07, 0.0), (0.07, 0.0), (0.055, -0.09), (-0.055, -0.09)), c, dark(c, 0.5))
    pen.disc(0, -0.042, 0.022, (236, 232, 224), edge=dark(c, 0.5), width=0.003)
    pen.poly(((-0.05, -0.09), (0.05, -0.09), (0.075, -0.29), (-0.075, -0.29)), (214, 230, 234, 200), (110, 124, 130), 0.004)
    top = -0.20 + (_shake(t_s, running, 3.1, 0.012) if running else 0.0)
    wave = _shake(t_s, running, 4.3, 0.022)
    pen.poly(((-0.048, -0.094), (0.048, -0.094), (0.061, top + wave), (0.0, top + (0.035 if running else 0)), (-0.061, top - wave)), (226, 96, 120))
    if running:
        a = 2 * math.pi * 2.7 * t_s
        for k in range(3):
            pen.line(arc(0, -0.145, 0.042, 0.026, a + 2.1 * k, a + 2.1 * k + 1.1, 5), (255, 196, 206), 0.011)
    pen.slab(-0.078, -0.315, 0.078, -0.285, (60, 60, 66), 0.008)
    pen.glint(((-0.05, -0.26), (-0.038, -0.12)), 0.009)


def kettle(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (182, 190, 198)
    lid = abs(_shake(t_s, running, 5.3, 0.012))
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
            pen.disc(-0.12 - 0.05 * f + 0.03 * math.sin(6 * f + k), -0.18 - 0.22 * f, 0.022 + 0.045 * f, (255, 255, 255, round(150 * (1 - f))))


def mixer(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (120, 176, 170)
    pen.slab(-0.11, -0.028, 0.10, 0.0, c, 0.012, dark(c, 0.5), 0.004)
    pen.slab(0.045, -0.24, 0.095, -0.02, c, 0.014, dark(c, 0.5), 0.004)
    pen.limb((-0.07, -0.25), (0.07, -0.25), 0.046, 0.048, light(c, 0.15), dark(c, 0.5), 0.004)
    a = 2 * math.pi * 3.3 * t_s
    sway = 0.026 * math.cos(a) if running else 0.0
    for k in (-1, 0, 1):
        pen.line(((-0.045 + sway * 0.3, -0.205), (-0.045 + sway + 0.022 * k * math.cos(a), -0.14), (-0.045 + sway, -0.095)), STEEL, 0.007)
    pen.poly([(-0.115, -0.12), (0.025, -0.12), *arc(-0.045, -0.12, 0.07, 0.095, 0, 3.14159, 8)], STEEL, dark(STEEL, 0.5), 0.004)
    pen.glint(((-0.09, -0.10), (-0.075, -0.06)), 0.010)
    pen.disc(0.072, -0.25, 0.013, (240, 110, 70) if running else (120, 80, 76))


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
    down = 0.018 + _shake(t_s, running, 0.8, 0.018)
    pen.slab(-0.065, -0.33 + down, 0.075, -0.20 + down, c, 0.02, dark(c, 0.5), 0.004)
    pen.poly(((-0.028, -0.20 + down), (0.012, -0.20 + down), (0.004, -0.155 + down), (-0.020, -0.155 + down)), (70, 72, 80))
    pen.line(((-0.008, -0.155 + down), (-0.008, -0.07 + down)), STEEL, 0.014)
    for k in range(4):
        f = ((3.7 * t_s if running else 0.0) + k / 4) % 1
        y = -0.15 + 0.075 * f + down
        pen.line(((-0.016, y), (0.0, y + 0.010)), (60, 62, 68), 0.006)
    pen.slab(-0.06, -0.055, 0.045, -0.025, (196, 150, 100), 0, (110, 80, 50), 0.003)
    if running:
        for k in range(6):
            f = (2.3 * t_s + k / 6) % 1
            pen.disc(-0.008 + (0.07 if k % 2 else -0.07) * f, -0.06 - 0.05 * f * (1 - f) * 4 * 0.5, 0.007, (226, 190, 130))


def fan(pen: Pen, t_s: float, running: bool) -> None:
    pen.disc(0, -0.008, 0.075, (70, 74, 82), 0.020)
    pen.slab(-0.013, -0.10, 0.013, -0.01, (70, 74, 82))
    head = pen.at(0, -0.205)
    head.disc(0, 0, 0.118, (234, 238, 240, 120), edge=(110, 116, 124), width=0.006)
    a = 2 * math.pi * 2.3 * t_s
    for k in range(3):
        blade = head.at(0, 0, 1, a + 2.094 * k)
        blade.poly(((0.0, 0.012), (0.040, -0.040), (0.030, -0.098), (-0.014, -0.104), (-0.012, -0.030)), (72, 132, 180), (40, 84, 124), 0.003)
    head.disc(0, 0, 0.024, (60, 64, 72))
    for k in range(8):
        b = math.pi * k / 4
        head.line(((0.02 * math.cos(b), 0.02 * math.sin(b)), (0.116 * math.cos(b), 0.116 * math.sin(b))), (150, 156, 164), 0.003)


def printer(pen: Pen, t_s: float, running: bool) -> None:
    c: Colour = (216, 218, 222)
    pen.poly(((-0.07, -0.16), (0.07, -0.16), (0.06, -0.26), (-0.06, -0.26)), (250, 250, 248), (150, 150, 156), 0.003)
    pen.slab(-0.125, -0.17, 0.125, 0.0, c, 0.02, dark(c, 0.5), 0.004)
    pen.slab(-0.125, -0.17, 0.125, -0.13, dark(c, 0.55), 0.016)
    pen.slab(-0.085, -0.075, 0.085, -0.055, (40, 40, 46))
    out = (0.9 * t_s) % 1 if running else 0.25
    reach = 0.02 + 0.12 * out
    pen.poly(((-0.07, -0.065), (0.07, -0.065), (0.075, -0.065 + reach), (-0.075, -0.065 + reach)), (255, 255, 252), (150, 150, 156), 0.003)
    for k in range(5):
        y = -0.065 + reach - 0.018 - 0.022 * k
        if y > -0.06:
            pen.line(((-0.055, y), (0.02 + 0.03 * (k % 2), y)), (90, 110, 150), 0.005)
    head = 0.07 * math.sin(2 * math.pi * 1.55 * t_s) if running else -0.07
    pen.slab(head - 0.014, -0.168, head + 0.014, -0.134, (240, 150, 60) if running else (110, 110, 116))
    pen.disc(0.10, -0.10, 0.009, (90, 220, 120) if running else (90, 96, 92))


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
    pen = pen.at(_shake(t_s, running, 0.55, 0.035), _shake(t_s, running, 10, 0.003))
    c: Colour = (220, 96, 44)
    for x in (-0.085, 0.085):
        wheel = pen.at(x, -0.028, 1.0, 3.5 * _shake(t_s, running, 0.55, 0.9))
        wheel.disc(0, 0, 0.034, (50, 50, 54))
        wheel.line(((-0.024, 0), (0.024, 0)), (150, 150, 156), 0.008)
    pen.poly([(-0.115, -0.035), (0.115, -0.035), *arc(0, -0.045, 0.11, 0.085, 0, -3.14159, 8)], c, dark(c, 0.5))
    pen.poly([(-0.06, -0.09), *arc(0, -0.09, 0.06, 0.05, -3.14159, 0, 6)], (60, 62, 68))
    pen.disc(0.08, -0.06, 0.011, (120, 240, 130) if running else (110, 70, 60))
    if running:
        for k in range(8):
            f = (2.1 * t_s + 0.618 * k) % 1
            pen.line(((-0.10 - 0.09 * f, -0.01 - 0.12 * f + 0.1 * f * f), (-0.11 - 0.09 * f, -0.02 - 0.12 * f + 0.1 * f * f)), (120, 180, 70), 0.006)


def washer(pen: Pen, t_s: float, running: bool) -> None:
    pen = pen.at(_shake(t_s, running, 6, 0.003), 0)
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
            points = [(-0.125 - 0.024 * i, y + 0.016 * i / 5 * math.sin(17 * t_s + i * 1.3 + k)) for i in range(6)]
        else:
            points = [(-0.125, y), (-0.132, y + 0.05), (-0.130, y + 0.10)]
        pen.line(points, ((236, 120, 90), (246, 214, 110), (120, 190, 210))[k], 0.010)


_DRAWINGS: dict[str, Draw] = {
    "blender": blender,
    "kettle": kettle,
    "mixer": mixer,
    "grinder": grinder,
    "drill": drill,
    "fan": fan,
    "printer": printer,
    "sprinkler": sprinkler,
    "mower": mower,
    "washer": washer,
    "dryer": dryer,
}
