"""Things taken, held, set down, let go and poured."""

import math

from mc3core.world import strokes
from mc3core.world.acts.stage import SIZE, Stage
from mc3core.world.pen import Colour, light
from mc3core.world.props import PROPS, kitchenware

_TWO_HANDS = ("box", "pan", "plate")


def _scale(noun: str) -> float:
    return {"key": 1.5, "spoon": 1.3, "cup": 1.3}.get(noun, 1.15)


def _carry(s: Stage, x: float, y: float, angle: float = 0.0, apart: float = 0.0) -> None:
    """A thing at (x, y) in the hand or hands; `apart` is how far they are from it again."""
    thing = s.pen.at(x, y, SIZE * _scale(s.noun), angle)
    if s.noun in _TWO_HANDS:
        wide = {"box": 0.235, "pan": 0.255, "plate": 0.25}[s.noun]
        PROPS[s.noun](thing, s.tint)
        s.left(x - wide - apart, y + 0.045, "open", 0.55)
        if s.noun == "pan":
            s.right(x + 0.37 + apart, y + 0.065, "grip", -0.55)
        else:
            s.right(x + wide + apart, y + 0.045, "open", -0.55)
        return
    PROPS[s.noun](thing, s.tint)
    dx, dy, turn = {
        "cup": (0.085, 0.035, -0.5),
        "bottle": (0.055, 0.055, -0.5),
        "book": (0.145, 0.07, -0.45),
        "phone": (0.085, 0.07, -0.45),
        "knife": (0.035, 0.015, -0.6),
        "cloth": (0.04, 0.035, -0.4),
        "key": (0.035, 0.06, -0.4),
        "spoon": (0.025, 0.11, -0.5),
    }.get(s.noun, (0.06, 0.05, -0.45))
    s.right(
        x + dx + apart,
        y + dy + apart,
        "pinch" if s.noun in ("key", "spoon") else "grip",
        turn,
    )


def _foot(noun: str) -> tuple[float, float, float]:
    """Where a thing's shadow lies below its middle, and how wide and deep it is."""
    return {
        "box": (0.16, 0.22, 0.05),
        "pan": (0.09, 0.26, 0.09),
        "plate": (0.05, 0.23, 0.10),
        "bottle": (0.19, 0.08, 0.03),
        "book": (0.17, 0.17, 0.05),
        "cup": (0.11, 0.10, 0.035),
    }.get(noun, (0.06, 0.13, 0.04))


def lift(s: Stage) -> None:
    down, rx, ry = _foot(s.noun)
    up = 0.19 * s.reach * s.progress
    s.shadow(s.x, s.y + 0.05 + down, rx * (1 - 0.25 * s.progress), ry, round(70 - 30 * s.progress))
    weigh = 0.02 * s.progress * math.sin(5 * s.t_s)
    _carry(s, s.x + weigh, s.y + 0.05 - up + weigh)


def hold(s: Stage) -> None:
    down, rx, ry = _foot(s.noun)
    # Nobody holds a thing quite still: it is looked at from this side and that.
    bob = 0.03 * math.sin(4.1 * s.t_s)
    tilt = 0.22 * math.sin(3.3 * s.t_s + 1)
    y = s.y - 0.10 + bob
    s.shadow(s.x, s.y + 0.12 + down * 0.5, rx, ry, 40)
    angle = tilt + (0.35 if s.noun == "knife" else 0.0)
    _carry(s, s.x, y + s.away, angle)


def put(s: Stage) -> None:
    down, rx, ry = _foot(s.noun)
    up = 0.24 * s.reach * (1 - s.progress)
    gone = strokes.smooth((s.t_s - s.action.onset_s - strokes.duration_s(s.action) - 0.2) / 0.5)
    s.shadow(
        s.x, s.y + 0.05 + down, rx * (1 - 0.25 * (1 - s.progress)), ry, round(40 + 30 * s.progress)
    )
    _carry(
        s, s.x, s.y + 0.05 - up + s.away * (1 - s.progress), 0.12 * (1 - s.progress), 0.10 * gone
    )


def drop(s: Stage) -> None:
    height = strokes.fall(s.action, s.t_s)
    down, rx, ry = _foot(s.noun)
    released = strokes.smooth((s.t_s - s.action.onset_s - 0.04) / 0.10)
    y = s.y + 0.06 - 0.30 * height
    s.shadow(s.x, s.y + 0.07 + down * 0.7, rx * (1.15 - 0.4 * height), ry, round(70 - 36 * height))
    lying = 1 - height if s.noun in ("spoon", "key", "bottle") else 0.0
    thing = s.pen.at(s.x + 0.0 * released, y + s.away * height, SIZE * _scale(s.noun), 1.25 * lying)
    PROPS[s.noun](thing, s.tint)
    hand_y = s.y - 0.24 + 0.02 * math.sin(4 * s.t_s)
    s.right(
        s.x + 0.09 + 0.05 * released, hand_y + 0.07, "open" if released > 0.5 else "pinch", -0.35
    )


_LIQUIDS: dict[str, Colour] = {
    "water": (158, 202, 232),
    "milk": (250, 250, 246),
    "oil": (232, 196, 70),
    "rice": (246, 242, 228),
}


def pour(s: Stage) -> None:
    colour = _LIQUIDS[s.noun]
    tilt = strokes.smooth((s.t_s - s.action.onset_s + 0.25) / 0.3) * (1 - 0.0)
    flow = strokes.smooth((s.t_s - s.action.onset_s) / 0.12) * s.active
    filled = min(1.0, max(0.0, (s.t_s - s.action.onset_s) * (0.35 + 0.2 * s.action.force)))
    x, y = s.x - 0.10, s.y + 0.05
    lip = (x + 0.015, y - 0.26)
    s.shadow(x, y + 0.14, 0.20, 0.05)
    level_y = _vessel(s, x, y, colour, filled)
    if flow > 0:
        wide = 0.013 * flow * s.reach
        if s.noun == "rice":
            for k in range(26):
                f = (k / 26 + 1.7 * s.t_s) % 1
                s.pen.disc(
                    lip[0] + 0.012 * math.sin(9 * k),
                    lip[1] + (level_y - lip[1]) * f,
                    0.008,
                    colour,
                    0.005,
                )
        else:
            wave = 0.004 * math.sin(40 * s.t_s)
            s.pen.poly(
                (
                    (lip[0] - wide, lip[1]),
                    (lip[0] + wide, lip[1]),
                    (x + wide * 0.7 + wave, level_y),
                    (x - wide * 0.7 + wave, level_y),
                ),
                (*colour, 235),
            )
            s.pen.line(
                ((lip[0] - wide * 0.3, lip[1]), (x + wave, level_y)),
                (*light(colour, 0.6), 200),
                0.005,
            )
    if s.noun != "oil":
        s.left(x - 0.19 - 0.06 * (s.noun == "rice"), y + 0.10, "open", 0.5)
    angle = -0.5 - 1.35 * tilt
    # The container turns about its lip.
    neck = {"water": 0.150, "milk": 0.125, "oil": 0.150, "rice": 0.115}[s.noun] * SIZE * 1.1
    bx, by = lip[0] - math.sin(angle) * neck, lip[1] - 0.0 + math.cos(angle) * neck
    body = s.pen.at(bx + 0.25 * s.away, by + s.away, SIZE * 1.1, angle)
    if s.noun == "milk":
        kitchenware.carton(body, s.tint)
    elif s.noun == "rice":
        PROPS["bag"](body, (214, 190, 140))
    else:
        kitchenware.bottle(body, (206, 176, 60) if s.noun == "oil" else (120, 180, 214))
    s.right(bx + 0.065, by + 0.045, "grip", -0.45)


def _vessel(s: Stage, x: float, y: float, colour: Colour, filled: float) -> float:
    """Draw what is poured into, filled so far; returns the height of the surface."""
    if s.noun == "oil":
        kitchenware.pan(s.pen.at(x, y + 0.06, SIZE * 1.05), (62, 64, 70))
        s.pen.disc(x, y + 0.075, 0.05 + 0.09 * filled, (*colour, 200), 0.024 + 0.04 * filled)
        return y + 0.07
    if s.noun == "rice":
        kitchenware.bowl(s.pen.at(x, y + 0.04, SIZE), (92, 130, 160))
        s.pen.disc(
            x, y + 0.005 - 0.02 * filled, 0.05 + 0.09 * filled, colour, 0.018 + 0.035 * filled
        )
        return y
    pen = s.pen.at(x, y, SIZE * 1.2)
    top = 0.075 - 0.125 * filled
    half = 0.040 + 0.012 * (0.085 - top) / 0.175
    pen.poly(
        ((-half + 0.004, top), (half - 0.004, top), (0.037, 0.080), (-0.037, 0.080)), (*colour, 235)
    )
    pen.disc(0, top, half - 0.004, light(colour, 0.3), 0.012)
    kitchenware.glass(pen, s.tint)
    return y + top * SIZE * 1.2
