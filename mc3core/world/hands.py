"""The wearer's arms and hands, seen from above: fingers grasp, point, press and lie flat."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mc3core.world.pen import Colour, Pen, Point, dark, light

Pose = Literal["open", "flat", "grip", "point", "pinch", "claw"]
Held = Callable[[Pen], None]

HAND = 0.132  # frame widths a hand unit: a palm is one unit wide

# Length and fan angle of index, middle, ring and little finger, in hand units and radians.
_FINGERS: dict[Pose, tuple[tuple[float, float], ...]] = {
    "open": ((0.74, -0.26), (0.84, -0.07), (0.78, 0.10), (0.60, 0.30)),
    "flat": ((0.74, -0.06), (0.84, -0.01), (0.78, 0.03), (0.60, 0.09)),
    "grip": ((0.30, -0.10), (0.34, -0.03), (0.32, 0.04), (0.24, 0.12)),
    "point": ((0.92, -0.08), (0.28, 0.0), (0.27, 0.05), (0.22, 0.12)),
    "pinch": ((0.62, -0.30), (0.56, -0.18), (0.40, 0.05), (0.32, 0.18)),
    "claw": ((0.52, -0.20), (0.58, -0.05), (0.54, 0.10), (0.44, 0.26)),
}
_THUMBS: dict[Pose, tuple[Point, Point]] = {
    "open": ((-0.74, -0.06), (-0.92, -0.42)),
    "flat": ((-0.62, -0.06), (-0.66, -0.44)),
    "grip": ((-0.60, -0.16), (-0.20, -0.52)),
    "point": ((-0.58, -0.14), (-0.22, -0.40)),
    "pinch": ((-0.62, -0.26), (-0.58, -0.78)),
    "claw": ((-0.66, -0.14), (-0.62, -0.52)),
}
_KNUCKLES: tuple[Point, ...] = ((-0.37, -0.40), (-0.12, -0.48), (0.14, -0.46), (0.37, -0.34))
_PALM: tuple[Point, ...] = (
    (-0.30, 0.66), (-0.40, 0.30), (-0.52, 0.05), (-0.52, -0.30), (-0.36, -0.52), (-0.10, -0.60),
    (0.16, -0.58), (0.40, -0.46), (0.52, -0.24), (0.48, 0.10), (0.36, 0.40), (0.30, 0.66),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arm:
    """Which arm (-1 left, 1 right), and how its owner looks."""

    side: int
    skin: Colour
    sleeve: Colour

    def draw(
        self, pen: Pen, x: float, y: float, pose: Pose, turn: float = 0.0,
        held: Held | None = None, taps: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0), size: float = 1.0,
    ) -> None:  # fmt: skip
        """Palm centre at (x, y); `turn` bends the wrist (radians, clockwise as seen);
        `held` draws in hand units what lies between palm and fingers; `taps` in [0, 1] press
        single fingers down."""
        tag, pen.tag = pen.tag, "hands" if pen.tag else ""
        elbow = (0.5 + self.side * 0.40 + 0.30 * (x - 0.5), max(1.22, y + 0.45))
        dx, dy = x - elbow[0], y - elbow[1]
        reach = math.hypot(dx, dy)
        ux, uy = dx / reach, dy / reach
        angle = math.atan2(dx, -dy)
        bent = angle + turn
        unit = HAND * size
        wrist = (x - math.sin(bent) * 0.62 * unit, y + math.cos(bent) * 0.62 * unit)
        self._forearm(pen, elbow, wrist, (ux, uy), unit)
        self._hand(pen.at(x, y, unit * self.side, bent), pose, held, taps)
        pen.tag = tag

    def _forearm(self, pen: Pen, elbow: Point, wrist: Point, along: Point, unit: float) -> None:
        cuff = (wrist[0] - along[0] * 0.55 * unit, wrist[1] - along[1] * 0.55 * unit)
        edge = dark(self.skin, 0.45)
        pen.limb(cuff, wrist, 0.34 * unit, 0.295 * unit, self.skin, edge)
        sleeve, shade = self.sleeve, dark(self.sleeve, 0.45)
        pen.limb(elbow, cuff, 0.78 * unit, 0.43 * unit, sleeve, shade, 0.005)
        nx, ny = -along[1] * self.side, along[0] * self.side
        for k, share in (
            (0.34, 0.16),
            (0.55, 0.30),
        ):  # the side turned from the light, in two steps
            a = (elbow[0] + nx * unit * k * 1.0, elbow[1] + ny * unit * k * 1.0)
            b = (cuff[0] + nx * unit * k * 0.52, cuff[1] + ny * unit * k * 0.52)
            pen.limb(a, b, (0.86 - k) * unit * 0.8, (0.86 - k) * unit * 0.36, dark(sleeve, share))
        for fold in (0.35, 0.8, 1.35):  # folds across the sleeve
            c = (cuff[0] - along[0] * fold * unit, cuff[1] - along[1] * fold * unit)
            w = (0.30 + 0.08 * fold) * unit
            bow = 0.10 * unit
            pen.line(
                (
                    (c[0] - nx * w, c[1] - ny * w),
                    (c[0] - along[0] * bow, c[1] - along[1] * bow),
                    (c[0] + nx * w * 0.7, c[1] + ny * w * 0.7),
                ),
                (*dark(sleeve, 0.5), 90),
                0.004,
            )  # fmt: skip
        rim = (cuff[0] + along[0] * 0.08 * unit, cuff[1] + along[1] * 0.08 * unit)
        w = 0.45 * unit
        pen.line(
            ((rim[0] - nx * w, rim[1] - ny * w), (rim[0] + nx * w, rim[1] + ny * w)),
            shade,
            0.15 * unit,
        )
        pen.line(
            ((rim[0] - nx * w, rim[1] - ny * w), (rim[0] + nx * w, rim[1] + ny * w)),
            light(sleeve, 0.12),
            0.10 * unit,
        )

    def _hand(self, pen: Pen, pose: Pose, held: Held | None, taps: tuple[float, ...]) -> None:
        skin, edge = self.skin, dark(self.skin, 0.45)
        curled = pose == "grip"
        if not curled:
            self._thumb(pen, pose, edge)
        pen.poly(_PALM, skin, edge, 0.045)
        pen.poly(
            ((0.06, 0.6), (0.10, -0.5), (0.40, -0.44), (0.50, -0.22), (0.46, 0.1), (0.30, 0.6)),
            (*dark(skin, 0.35), 60),
        )
        if held is not None:
            held(pen)
        for i in (3, 2, 1, 0):
            length, fan = _FINGERS[pose][i]
            self._finger(
                pen, _KNUCKLES[i], length * (1 - 0.42 * taps[i]), fan, 0.125 - 0.008 * i, edge
            )
        for x, y in _KNUCKLES:  # knuckles catch the light
            pen.disc(x, y + 0.02, 0.085, (*light(skin, 0.45), 70), 0.06)
        if curled:
            self._thumb(pen, pose, edge)

    def _finger(
        self, pen: Pen, base: Point, length: float, fan: float, r: float, edge: Colour
    ) -> None:
        ux, uy = math.sin(fan), -math.cos(fan)
        tip = (base[0] + ux * length, base[1] + uy * length)
        pen.limb(base, tip, r, r * 0.84, self.skin, edge, 0.04)
        pen.limb(base, (base[0] + ux * 0.1, base[1] + uy * 0.1), r * 0.98, r * 0.98, self.skin)
        nail = (base[0] + ux * (length + 0.02), base[1] + uy * (length + 0.02))
        pen.disc(nail[0], nail[1], r * 0.5, light(self.skin, 0.5), r * 0.44)

    def _thumb(self, pen: Pen, pose: Pose, edge: Colour) -> None:
        joint, tip = _THUMBS[pose]
        pen.limb((-0.36, 0.22), joint, 0.19, 0.145, self.skin, edge, 0.04)
        pen.limb(joint, tip, 0.14, 0.115, self.skin, edge, 0.04)
        pen.limb((-0.34, 0.22), joint, 0.17, 0.14, self.skin)
        dx, dy = tip[0] - joint[0], tip[1] - joint[1]
        n = math.hypot(dx, dy)
        pen.disc(tip[0] + dx / n * 0.03, tip[1] + dy / n * 0.03, 0.055, light(self.skin, 0.5), 0.05)
