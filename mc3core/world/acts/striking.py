"""Blows, keys and jolts: hammering, typing, shaking, touching, pointing."""

import math

from mc3core.world import strokes
from mc3core.world.acts.stage import SIZE, Stage
from mc3core.world.pen import dark
from mc3core.world.props import PROPS, things, tools


def hammer(s: Stage) -> None:
    sunk = min(0.8, 0.11 * s.cycles)
    x, y = s.x - 0.06, s.y + 0.02
    if s.noun == "stake":
        s.pen.disc(x, y + 0.16, 0.17, (104, 74, 52), 0.05)
        top = y - 0.10 + 0.10 * sunk
        tools.stake(s.pen.at(x, top + 0.155, SIZE), s.tint)
        s.pen.disc(x, y + 0.20, 0.13, (122, 88, 62), 0.03)
    else:
        s.shadow(x, y + 0.13, 0.36, 0.06)
        tools.plank(s.pen.at(x + 0.03, y + 0.11, SIZE), (206, 166, 112))
        if s.noun == "nail":
            top = y - 0.05 + 0.075 * sunk
            s.pen.limb(
                (x, top), (x, y + 0.10), 0.010, 0.008, tools.STEEL, dark(tools.STEEL, 0.5), 0.003
            )
            s.pen.disc(x, top, 0.034, tools.STEEL, 0.014, dark(tools.STEEL, 0.6), 0.003)
        else:
            top = y - 0.10 + 0.012 * (1 - s.lift)
            tools.chisel(s.pen.at(x, top + 0.12, SIZE * 1.05), s.tint)
            for k in range(min(8, int(s.cycles * 2))):
                s.pen.disc(
                    x + 0.07 + 0.02 * k, y + 0.12 + 0.02 * (k % 3), 0.010, (232, 200, 150), 0.006
                )
    s.left(x - 0.075, y + 0.07, "pinch", 0.55)
    # The hammer turns about the wrist; its face meets the head of what it drives.
    angle = -0.95 + 1.15 * s.lift * s.reach
    hx, hy = x + 0.29 - 0.05 * s.lift, top + 0.075 - 0.17 * s.reach * s.lift
    head = s.pen.at(hx + 0.25 * s.away, hy + s.away, SIZE * 1.05, angle)
    tools.hammer(head, s.tint)
    s.right(hx + 0.012, hy + 0.02, "grip", -0.2 + 0.35 * s.lift)


def typing(s: Stage) -> None:
    beat = int(s.cycles + 0.5)
    down = 1 - s.lift if s.active else 0.0
    left_turn, finger = beat % 2 == 0, (beat * 7 + s.action.seed) % 4
    hit = tuple(down if k == finger else 0.0 for k in range(4))
    if s.noun == "phone":
        s.shadow(s.x, s.y + 0.13, 0.12, 0.05)
        s.left(s.x - 0.055, s.y + 0.085, "open", 0.45)
        s.carried("phone", s.x, s.y - 0.015, 1.45, 0.0, -1)
        dx, dy = ((beat * 5) % 3 - 1) * 0.045, ((beat * 3) % 3 - 1) * 0.05
        s.right(s.x + 0.085 + dx, s.y + 0.125 + dy - 0.03 * (1 - down), "point", -0.55)
        return
    if s.noun == "laptop":
        s.shadow(s.x, s.y + 0.17, 0.35, 0.06)
        things.laptop(s.pen.at(s.x, s.y, SIZE * 1.1), s.tint, 1.0)
        y = s.y + 0.105
    else:
        _monitor(s)
        s.shadow(s.x, s.y + 0.08, 0.38, 0.06)
        s.prop("keyboard", s.x, s.y + 0.02, 1.1)
        y = s.y + 0.10
    rest = (0.0,) * 4
    drift = 0.015 * math.sin(5 * s.t_s)
    s.left(
        s.x - 0.13 + drift,
        y + 0.015 * down * left_turn,
        "claw",
        0.35,
        None,
        hit if left_turn else rest,
    )
    s.right(
        s.x + 0.13 + drift,
        y + 0.015 * down * (not left_turn),
        "claw",
        -0.35,
        None,
        rest if left_turn else hit,
    )


def _monitor(s: Stage) -> None:
    p, x = s.pen, s.x
    p.slab(x - 0.05, 0.44, x + 0.05, 0.50, (60, 62, 70))
    p.disc(x, 0.50, 0.13, (60, 62, 70), 0.022)
    p.slab(x - 0.26, 0.12, x + 0.26, 0.45, (44, 46, 54), 0.012, (24, 24, 30), 0.004)
    p.slab(x - 0.24, 0.14, x + 0.24, 0.43, (232, 238, 244))
    typed = 6 + int(s.cycles)
    for row in range(6):
        letters = min(12, max(0, typed + 6 * 5 - 6 * row - 12 * (row // 2)))
        p.line(
            ((x - 0.20, 0.18 + 0.04 * row), (x - 0.20 + 0.03 * letters, 0.18 + 0.04 * row)),
            (96, 120, 160),
            0.010,
        )


def shake(s: Stage) -> None:
    dy = 0.085 * s.reach * s.swing
    x, y = s.x, s.y - 0.10 + dy
    s.shadow(s.x, s.y + 0.19, 0.15 - 0.03 * s.swing, 0.045, 50)
    if s.noun == "cloth":
        _shaken_cloth(s, x, y)
    elif s.noun == "box":
        s.carried("box", x, y + 0.02, 1.1, 0.06 * s.swing, 0)
        s.left(x - 0.20, y + 0.07, "open", 0.45)
        s.right(x + 0.20, y + 0.07, "open", -0.45)
    elif s.noun == "bag":
        s.carried("bag", x, y + 0.06, 1.15, 0.1 * s.swing, 0)
        s.left(x - 0.10, y - 0.055, "grip", 0.3)
        s.right(x + 0.10, y - 0.055, "grip", -0.3)
    else:
        thing = PROPS[s.noun]
        thing(s.pen.at(x + 0.25 * s.away, y + s.away, SIZE * 1.2, 0.3 + 0.12 * s.swing), s.tint)
        s.right(x + 0.045, y + 0.075, "grip", -0.55)
    if s.active:  # lines of motion
        for side in (-1, 1):
            s.pen.line(
                ((x + side * 0.27, y - 0.09), (x + side * 0.27, y - 0.09 - 0.5 * dy)),
                (255, 255, 255, 110),
                0.006,
            )


def _shaken_cloth(s: Stage, x: float, y: float) -> None:
    wave = s.swing
    top = [(x - 0.17 + 0.068 * k, y + 0.018 * math.sin(1.3 * k)) for k in range(6)]
    low = [
        (x - 0.19 + 0.076 * k, y + 0.25 + 0.05 * wave * math.sin(1.9 * k + 4 * wave))
        for k in range(6)
    ]
    shift = [(0.0, s.away)] * 6
    top = [(a + u, b + v) for (a, b), (u, v) in zip(top, shift, strict=True)]
    low = [(a + u, b + v) for (a, b), (u, v) in zip(low, shift, strict=True)]
    s.pen.poly([*top, *reversed(low)], s.tint, dark(s.tint, 0.4))
    for k in (1, 2, 3, 4):
        s.pen.line((top[k], low[k]), dark(s.tint, 0.2), 0.008)
    s.left(x - 0.175, y + 0.03, "pinch", 0.4)
    s.right(x + 0.175, y + 0.03, "pinch", -0.4)


def touch(s: Stage) -> None:
    away = strokes.tap(s.action, s.t_s)
    x, y = s.x - 0.08, s.y + 0.01
    s.shadow(x, y + 0.13, 0.14, 0.05)
    if s.noun == "plant":
        sway = 0.10 * (1 - away)
        pot = s.pen.at(x, y, SIZE * 1.25)
        PROPS["plant"](pot, s.tint)
        things.leaves(pot, s.tint, -sway)
        tip = (x + 0.12, y - 0.14)
    elif s.noun == "cloth":
        s.prop("cloth", x, y + 0.05, 1.3, 0.0, 1 - 0.06 * (1 - away))
        tip = (x + 0.06, y + 0.03)
    else:
        s.prop(s.noun, x, y, 1.35)
        tip = (x + 0.075, y - 0.05) if s.noun == "cup" else (x + 0.02, y - 0.02)
    # The palm follows a hand's length behind the fingertip.
    s.right(tip[0] + 0.115 + 0.06 * away, tip[1] + 0.125 + 0.07 * away, "point", -0.25)


def point(s: Stage) -> None:
    x, y = s.x - 0.16, s.y - 0.07
    s.shadow(x, y + 0.14, 0.15, 0.05)
    if s.noun == "laptop":
        things.laptop(s.pen.at(x, y + 0.06, SIZE), s.tint, 1.0)
    else:
        s.prop(s.noun, x, y, 1.15)
    bob = 0.03 * math.sin(7 * s.t_s) * s.progress
    reach = 0.10 * (1 - s.progress)
    s.right(x + 0.24 + reach, y + 0.14 + reach + bob, "point", -0.42)
