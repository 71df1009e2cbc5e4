"""Rooms behind the work: a wall, a surface to work on, and what stands about."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from mc3core.world.dice import Dice
from mc3core.world.pen import MARGIN, Colour, Pen, canvas_side, dark, light, mix
from mc3core.world.plan import Segment
from mc3core.world.props import PLAIN, PROPS, TINTS
from mc3core.world.scenes import outdoors, rooms
from mc3core.world.vocabulary import Place

HORIZON = 0.44
_WALLS: dict[Place, Callable[[Pen, Dice, Dice, float], None]] = {
    "kitchen": rooms.kitchen,
    "workshop": rooms.workshop,
    "desk": rooms.study,
    "bath": rooms.bath,
    "garden": outdoors.garden,
}
_TOPS: dict[Place, tuple[Colour, ...]] = {
    "kitchen": ((172, 166, 158), (190, 150, 108), (120, 124, 132), (206, 198, 186)),
    "workshop": ((170, 128, 84), (150, 116, 82), (186, 148, 100)),
    "desk": ((196, 152, 104), (150, 104, 72), (214, 190, 158), (110, 86, 72)),
    "bath": ((226, 224, 220), (198, 206, 206), (208, 190, 170)),
    "garden": ((158, 122, 86), (176, 144, 104), (134, 128, 120)),
}
_CLUTTER: dict[Place, tuple[str, ...]] = {
    "kitchen": ("cup", "bottle", "jar", "bowl", "onion", "orange", "bread", "plant", "pot"),
    "workshop": ("box", "hammer", "jar", "screwdriver", "bottle", "phone", "bucket"),
    "desk": ("book", "cup", "phone", "plant", "box", "key", "bottle"),
    "bath": ("bottle", "cloth", "jar", "plant", "cup"),
    "garden": ("plant", "bucket", "bag", "bottle", "orange", "box"),
}
# Verbs that bring furniture of their own, before which nothing may stand.
_OWN_FURNITURE = {
    ("open", "drawer"),
    ("close", "drawer"),
    ("open", "door"),
    ("close", "door"),
    ("wipe", "window"),
    ("type", "keyboard"),
}


@lru_cache(4)
def station(segment: Segment, style_seed: int, side: int) -> Image.Image:
    """The still background of one station, margins included: do not draw on it, copy it.

    `style_seed` is the video's: one room keeps its colours through a video, while every station
    shows another part of it.
    """
    image = Image.new("RGB", (canvas_side(side), canvas_side(side)))
    pen = Pen.on(image)
    style, dice = Dice("room", style_seed, segment.place), Dice("station", segment.seed)
    _WALLS[segment.place](pen, style, dice, HORIZON)
    _table(pen, style, segment.place)
    _texture(image, segment.seed)
    _stand_about(pen, dice, segment)
    return image


def _table(pen: Pen, style: Dice, place: Place) -> None:
    top = style.pick(_TOPS[place])
    low, high = 1 + MARGIN, HORIZON
    steps = 22
    for k in range(steps):
        y = high + (low - high) * k / steps
        pen.poly(
            ((-MARGIN, y), (low, y), (low, y + 0.04), (-MARGIN, y + 0.04)),
            mix(dark(top, 0.22), light(top, 0.16), k / steps),
        )
    wooden = place in ("workshop", "garden") or (
        place in ("desk", "kitchen") and top[0] - top[2] > 30
    )
    if wooden:  # boards run away from the wearer
        for k in range(-9, 10):
            pen.line(((0.5 + 0.13 * k, high), (0.5 + 0.32 * k, low)), (*dark(top, 0.4), 110), 0.004)
    pen.poly(
        (
            (-MARGIN, high - 0.012),
            (low, high - 0.012),
            (low, high + 0.006),
            (-MARGIN, high + 0.006),
        ),
        light(top, 0.3),
    )
    pen.poly(
        ((-MARGIN, high + 0.006), (low, high + 0.006), (low, high + 0.03), (-MARGIN, high + 0.03)),
        (20, 14, 20, 60),
    )
    pen.poly(
        ((0.05, 0.5), (0.45, 0.5), (0.20, low), (-MARGIN, low), (-MARGIN, 0.8)), (255, 250, 235, 16)
    )


def _texture(image: Image.Image, seed: int) -> None:
    """Faint blotches, from a lattice so that they look alike at every size."""
    lattice = np.random.default_rng(seed).integers(0, 256, (72, 72), dtype=np.uint8)
    blotches = Image.fromarray(lattice).resize(image.size, Image.Resampling.BICUBIC)
    image.paste((28, 22, 20), mask=blotches.point([max(0, v - 128) // 13 for v in range(256)]))
    image.paste((255, 250, 240), mask=blotches.point([max(0, 128 - v) // 13 for v in range(256)]))


def _stand_about(pen: Pen, dice: Dice, segment: Segment) -> None:
    """Two or three things at the back of the table, which nobody uses now."""
    shown = segment.shown
    if shown is not None and (shown.verb, shown.noun) in _OWN_FURNITURE:
        return
    sides = [-1, 1] if segment.machine is None else [-segment.machine.side]
    names = dice.shuffled(_CLUTTER[segment.place])
    for side in sides:
        for k in range(2):
            name = names.pop()
            x = 0.5 + side * (0.43 - 0.15 * k) + dice.between(-0.02, 0.02)
            y = HORIZON + 0.005 + 0.03 * k
            pen.shadow(x, y + 0.075, 0.085, 0.018, 70)
            PROPS[name](pen.at(x, y, 0.78), dice.pick(TINTS.get(name, PLAIN)))
