"""The picture at a time: a pure function of the plan, at any size and any frame rate."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from mc3core.world.acts import ACTS
from mc3core.world.acts.stage import Stage
from mc3core.world.machines import draw_machine
from mc3core.world.pen import MARGIN, OVERSAMPLING, Box, Pen, canvas_side
from mc3core.world.plan import TURN_S, Segment, Video
from mc3core.world.scenes import station
from mc3core.world.strokes import smooth

Pixels = NDArray[np.uint8]
SENSOR_SIDE = 128  # up to this size a picture carries the noise of a small sensor
SENSOR_NOISE = 2.5
_GRAIN = 256
_MARK_SIDE = 32


@dataclass(frozen=True, slots=True)
class Marked:
    """Where something is in the picture: `box` is (x0, y0, x1, y1), 0 to 1 from the top left."""

    what: str
    box: Box


def picture(video: Video, t_s: float, side: int) -> Pixels:
    """What the camera sees at `t_s` seconds: (side, side, 3) uint8 RGB.

    A window rendered alone is the same, pixel by pixel, as inside its video.
    """
    t_s = round(t_s, 6)
    here = video.segment_at(t_s)
    dx, dy = _sway(video, t_s)
    canvas, blur = _turning(video, here, t_s, side)
    scale = side * OVERSAMPLING
    x = round(MARGIN * scale + dx * scale)
    y = round(MARGIN * scale + dy * scale)
    image = canvas.reduce(OVERSAMPLING, box=(x, y, x + scale, y + scale))
    if blur * side >= 1:
        image = image.filter(ImageFilter.BoxBlur((blur * side, 0)))
    image = image.point(_light(video.brightness, video.warmth))
    pixels = np.array(image, dtype=np.uint8)
    return _sensor(pixels, video.seed, t_s) if side <= SENSOR_SIDE else pixels


def boxes(video: Video, t_s: float) -> tuple[Marked, ...]:
    """What is in view at `t_s`: "action" (the things worked on), "hands", "machine"."""
    t_s = round(t_s, 6)
    marks: dict[str, Box] = {}
    image = Image.new("RGB", (canvas_side(_MARK_SIDE), canvas_side(_MARK_SIDE)))
    _draw(image, video, video.segment_at(t_s), t_s, marks)
    if "action" not in marks and "hands" in marks:  # hands that rub each other are the action
        marks["action"] = marks["hands"]
    scale, offset = image.width / (1 + 2 * MARGIN), MARGIN
    dx, dy = _sway(video, t_s)
    found: list[Marked] = []
    for what, (x0, y0, x1, y1) in marks.items():
        box = (
            x0 / scale - offset - dx,
            y0 / scale - offset - dy,
            x1 / scale - offset - dx,
            y1 / scale - offset - dy,
        )
        inside = tuple(min(1.0, max(0.0, v)) for v in box)
        if inside[2] > inside[0] and inside[3] > inside[1]:
            found.append(Marked(what, (inside[0], inside[1], inside[2], inside[3])))
    return tuple(found)


def _turning(video: Video, here: Segment, t_s: float, side: int) -> tuple[Image.Image, float]:
    """The drawn canvas, and how far (frame widths) the turn of the head smears it."""
    last = len(video.segments) - 1
    if t_s - here.start_s < TURN_S and here.index > 0:
        before, after, share = (
            video.segments[here.index - 1],
            here,
            0.5 + (t_s - here.start_s) / TURN_S / 2,
        )
    elif here.end_s - t_s < TURN_S and here.index < last:
        before, after, share = (
            here,
            video.segments[here.index + 1],
            0.5 - (here.end_s - t_s) / TURN_S / 2,
        )
    else:
        return _drawn(video, here, t_s, side), 0.0
    wide = canvas_side(side)
    shift = round(wide * smooth(share))
    canvas = Image.new("RGB", (wide, wide))
    canvas.paste(_drawn(video, before, t_s, side), (-shift, 0))
    canvas.paste(_drawn(video, after, t_s, side), (wide - shift, 0))
    return canvas, 0.16 * share * (1 - share)


def _drawn(video: Video, segment: Segment, t_s: float, side: int) -> Image.Image:
    image = station(segment, video.seed, side).copy()
    _draw(image, video, segment, t_s, None)
    return image


def _draw(
    image: Image.Image, video: Video, segment: Segment, t_s: float, marks: dict[str, Box] | None
) -> None:
    pen = Pen.on(image, marks)
    if segment.machine is not None:
        pen.tag = "machine"
        draw_machine(pen, segment.machine, t_s)
    if segment.shown is not None:
        pen.tag = "action"
        ACTS[segment.shown.verb](Stage.of(pen, segment.shown, video.wearer, t_s))


def _sway(video: Video, t_s: float) -> tuple[float, float]:
    """A head is never quite still (frame units, well inside the margin)."""
    a, b = video.seed % 628 / 100, video.seed % 911 / 145
    return (
        0.009 * math.sin(1.9 * t_s + a) + 0.004 * math.sin(5.3 * t_s + b),
        0.007 * math.sin(2.3 * t_s + b) + 0.004 * math.sin(4.7 * t_s + a),
    )


@lru_cache(8)
def _light(brightness: float, warmth: float) -> list[int]:
    """One table a channel: the light of the day."""
    gains = (brightness * (1 + 0.06 * warmth), brightness, brightness * (1 - 0.07 * warmth))
    return [min(255, round(v * gain)) for gain in gains for v in range(256)]


@lru_cache(1)
def _grain() -> NDArray[np.int16]:
    noise = np.random.default_rng(20240405).standard_normal((_GRAIN, _GRAIN, 3))
    return np.rint(noise * SENSOR_NOISE).astype(np.int16)


def _sensor(pixels: Pixels, seed: int, t_s: float) -> Pixels:
    """Sensor noise: a patch of one grain sheet, placed by video and absolute time."""
    side = len(pixels)
    place = (seed + round(t_s * 1e6) * 2654435761) % 2**32
    x, y = place % (_GRAIN - side), place // 65536 % (_GRAIN - side)
    noisy = pixels.astype(np.int16) + _grain()[y : y + side, x : x + side]
    return np.clip(noisy, 0, 255).astype(np.uint8)
