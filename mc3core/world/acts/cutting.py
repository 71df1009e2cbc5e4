"""Blades: cutting, sawing, peeling."""

import math

from mc3core.world.acts.stage import SIZE, Stage
from mc3core.world.pen import dark, light
from mc3core.world.props import food, tools
from mc3core.world.props.things import paper as paper_sheet


def cut(s: Stage) -> None:
    if s.noun == "paper":
        _cut_paper(s)
        return
    s.shadow(s.x, s.y + 0.05, 0.37, 0.13)
    s.prop("board", s.x, s.y + 0.03)
    x = s.x - 0.075
    s.shadow(x, s.y + 0.04, 0.12, 0.045)
    s.prop(s.noun, x, s.y, 1.05)
    done = min(7, 1 + int(s.cycles))
    for k in range(done):  # slices gather to the right of the blade
        food.slice_of(s.pen.at(s.x + 0.10 + 0.034 * k, s.y + 0.035 - 0.02 * (k % 2), SIZE), s.noun)
    s.left(x - 0.135, s.y + 0.055, "claw", 0.45)
    bx, by = s.x + 0.03, s.y + 0.005 - 0.13 * s.reach * s.lift
    s.carried("knife", bx + 0.27, by + 0.02, 1.0, -0.10)
    s.right(bx + 0.31, by + 0.035, "grip", -0.75)


def _cut_paper(s: Stage) -> None:
    y0 = s.y - 0.07
    slit = min(0.85, s.cycles * 0.14)
    s.shadow(s.x, y0 + 0.04, 0.26, 0.15, 50)
    sheet = s.pen.at(s.x - 0.04, y0, SIZE * 1.1)
    paper_sheet(sheet, s.tint)
    bottom, top = 0.11, 0.11 - 0.21 * slit
    sheet.poly(((0.040, bottom), (0.050, top), (0.062, bottom)), (70, 60, 60))
    s.left(s.x - 0.22, y0 + 0.06, "flat", 0.35)
    x, y = s.x + 0.02, y0 + (top * SIZE * 1.1) + 0.11 + 0.25 * s.away
    tools.scissors(
        s.pen.at(x + 0.25 * s.away, y + s.away * 0.75, SIZE * 1.1, -0.05),
        s.tint,
        0.06 + 0.34 * s.lift,
    )
    s.right(x + 0.035, y + 0.115, "pinch", -0.25)


def saw(s: Stage) -> None:
    x, y = s.x - 0.05, s.y + 0.03
    s.shadow(x, y + 0.07, 0.36, 0.05)
    tools.vise(s.pen, x - 0.23, y + 0.05)
    s.prop(s.noun, x, y)
    kerf = x + 0.13
    depth = min(1.0, s.cycles * 0.14)
    half = 0.05 if s.noun != "plank" else 0.075
    s.pen.line(
        ((kerf, y - half), (kerf + 0.006, y - half + 2 * half * depth)), dark(s.tint, 0.8), 0.010
    )
    for k in range(int(s.cycles * 4) % 40):  # dust below the cut
        a = k * 2.4
        s.pen.disc(
            kerf + 0.05 * math.cos(a), y + 0.105 + 0.02 * math.sin(a * 1.7), 0.006, (232, 200, 140)
        )
    s.left(x - 0.16, y + 0.03, "flat", 0.45)
    # The saw points away from the wearer and slides along its own length.
    travel = 0.085 * s.reach * s.swing
    sx, sy = kerf + 0.10 + travel * 0.72, y + 0.07 + travel * 0.42
    blade = s.pen.at(sx + 0.25 * s.away, sy + s.away, SIZE, 0.50)
    tools.saw(blade, s.tint)
    s.right(sx + 0.005, sy + 0.015, "grip", -0.35)


def peel(s: Stage) -> None:
    stroke = 0.5 - 0.5 * math.cos(2 * math.pi * s.cycles)
    s.shadow(s.x, s.y + 0.13, 0.24, 0.06)
    s.pen.slab(
        s.x - 0.24,
        s.y + 0.07,
        s.x + 0.24,
        s.y + 0.19,
        (226, 222, 212),
        0.03,
        (150, 146, 138),
        0.004,
    )
    for k in range(min(9, 1 + int(s.cycles))):
        food.peel_strip(
            s.pen.at(s.x - 0.15 + 0.045 * k, s.y + 0.13 + 0.015 * (k % 3), SIZE), s.noun, 1.3 * k
        )
    x, y = s.x - 0.05, s.y - 0.03 + s.away
    fx = x - 0.25 * s.away
    thing = s.pen.at(fx, y, SIZE * 1.15, -0.35)
    tools_hand = s.noun in ("carrot",)
    from_x, to_x = (-0.10, 0.12) if tools_hand else (-0.05, 0.055)
    s.left(x - (0.11 if tools_hand else 0.075), y - s.away + 0.055, "open", 0.7)
    food_drawer = {
        "carrot": food.carrot,
        "potato": food.potato,
        "onion": food.onion,
        "orange": food.orange,
    }[s.noun]
    food_drawer(thing, s.tint)
    bare = min(1.0, 0.25 + s.cycles * 0.2)
    thing.limb(
        (from_x, 0.0),
        (from_x + (to_x - from_x) * bare, 0.004),
        0.020,
        0.020,
        light(food.FLESH[s.noun], 0.1),
    )
    cut_x = from_x + (to_x - from_x) * stroke
    px, py = x + cut_x * 1.38, y + cut_x * 1.38 * -0.34 - s.away
    tools.peeler(s.pen.at(px + 0.085 + 0.25 * s.away, py + 0.085 + s.away, SIZE, -0.75), s.tint)
    curl = s.pen.at(px + 0.02 + 0.25 * s.away, py + 0.055 + s.away, SIZE)
    food.peel_strip(curl, s.noun, 2 + 4 * stroke)
    s.right(px + 0.125, py + 0.125, "grip", -0.3)
