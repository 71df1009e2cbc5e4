"""A small drawing language in frame units: (0, 0) top left, (1, 1) bottom right, any pixel size.

Everything is drawn twice as large as it is shown and averaged down, which is the anti-aliasing.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Paint = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
OVERSAMPLING = 2
MARGIN = 0.05  # drawn beyond each edge, so that the camera may sway


@lru_cache(4096)
def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def dark(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (24, 18, 28), share)


def light(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (255, 252, 244), share)


@lru_cache(64)
def _circle(steps: int) -> tuple[Point, ...]:
    return tuple(
        (math.cos(2 * math.pi * i / steps), math.sin(2 * math.pi * i / steps)) for i in range(steps)
    )


def canvas_side(side: int) -> int:
    """Pixels of the drawing surface for a picture of `side` pixels (margins included)."""
    return round(side * OVERSAMPLING * (1 + 2 * MARGIN) / 2) * 2


class Pen:
    """Draws on an RGB image; `at` moves, turns and scales what comes after.

    Where `marks` is given, the extent of what is drawn while `tag` is set is gathered there, in
    frame units: that is where boxes come from.
    """

    __slots__ = ("_affine", "_draw", "_scale", "_upright", "marks", "tag")

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        affine: Affine,
        marks: dict[str, Box] | None = None,
        tag: str = "",
    ):
        self._draw = draw
        self._affine = affine
        self._scale = math.sqrt(abs(affine[0] * affine[3] - affine[1] * affine[2]))
        self._upright = affine[1] == 0 and affine[2] == 0
        self.marks = marks
        self.tag = tag

    @staticmethod
    def on(image: Image.Image, marks: dict[str, Box] | None = None) -> "Pen":
        """A pen for a whole canvas (`canvas_side`), margins included."""
        scale = image.width / (1 + 2 * MARGIN)
        offset = MARGIN * scale
        return Pen(ImageDraw.Draw(image, "RGBA"), (scale, 0.0, 0.0, scale, offset, offset), marks)

    def at(
        self, x: float, y: float, scale: float = 1.0, angle: float = 0.0, squash: float = 1.0
    ) -> "Pen":
        """A pen whose origin is (x, y), turned by `angle` (clockwise, radians); a negative
        `scale` mirrors left and right, `squash` scales the vertical before turning."""
        a, b, c, d, e, f = self._affine
        sx, sy = scale, abs(scale) * squash
        if angle == 0.0:
            p, q, r, s = sx, 0.0, 0.0, sy
        else:
            cos, sin = math.cos(angle), math.sin(angle)
            p, q, r, s = cos * sx, sin * sx, -sin * sy, cos * sy
        affine = (
            a * p + c * q,
            b * p + d * q,
            a * r + c * s,
            b * r + d * s,
            a * x + c * y + e,
            b * x + d * y + f,
        )
        return Pen(self._draw, affine, self.marks, self.tag)

    def _place(self, points: Sequence[Point]) -> list[float]:
        a, b, c, d, e, f = self._affine
        if self._upright:
            flat = [v for x, y in points for v in (a * x + e, d * y + f)]
        else:
            flat = [v for x, y in points for v in (a * x + c * y + e, b * x + d * y + f)]
        if self.marks is not None and self.tag:
            self._mark(flat)
        return flat

    def _mark(self, flat: list[float]) -> None:
        assert self.marks is not None
        xs, ys = flat[::2], flat[1::2]
        new = (min(xs), min(ys), max(xs), max(ys))
        old = self.marks.get(self.tag, new)
        self.marks[self.tag] = (
            min(old[0], new[0]), min(old[1], new[1]), max(old[2], new[2]), max(old[3], new[3]),
        )  # fmt: skip

    def _width(self, width: float) -> int:
        return max(1, round(width * self._scale))

    def poly(
        self, points: Sequence[Point], fill: Paint, edge: Paint | None = None, width: float = 0.005
    ) -> None:
        """A filled polygon, with an outline where `edge` is given."""
        flat = self._place(points)
        self._draw.polygon(flat, fill=fill)
        if edge is not None:
            self._draw.line([*flat, *flat[:2]], fill=edge, width=self._width(width))

    def line(
        self, points: Sequence[Point], fill: Paint, width: float = 0.006, round_ends: bool = False
    ) -> None:
        flat = self._place(points)
        w = self._width(width)
        self._draw.line(flat, fill=fill, width=w)
        if round_ends and w > 2:
            for i in (*range(0, len(flat), 2),):
                x, y, r = flat[i], flat[i + 1], w / 2
                self._draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def disc(
        self, x: float, y: float, rx: float, fill: Paint, ry: float | None = None,
        edge: Paint | None = None, width: float = 0.005,
    ) -> None:  # fmt: skip
        """A filled ellipse (a circle without `ry`)."""
        ry = rx if ry is None else ry
        if not self._upright:
            steps = 20 if rx * self._scale > 12 else 12
            self.poly([(x + rx * u, y + ry * v) for u, v in _circle(steps)], fill, edge, width)
            return
        x0, y0, x1, y1 = self._place(((x - rx, y - ry), (x + rx, y + ry)))
        box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if edge is not None:
            w = self._width(width)
            self._draw.ellipse((box[0] - w, box[1] - w, box[2] + w, box[3] + w), fill=edge)
        self._draw.ellipse(box, fill=fill)

    def slab(
        self, x0: float, y0: float, x1: float, y1: float, fill: Paint, r: float = 0.0,
        edge: Paint | None = None, width: float = 0.005,
    ) -> None:  # fmt: skip
        """A rectangle with corners rounded by `r`."""
        if r <= 0:
            self.poly(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), fill, edge, width)
            return
        k = 0.293 * r
        self.poly(
            (
                (x0 + r, y0), (x1 - r, y0), (x1 - k, y0 + k), (x1, y0 + r),
                (x1, y1 - r), (x1 - k, y1 - k), (x1 - r, y1), (x0 + r, y1),
                (x0 + k, y1 - k), (x0, y1 - r), (x0, y0 + r), (x0 + k, y0 + k),
            ),
            fill, edge, width,
        )  # fmt: skip

    def limb(
        self,
        p: Point,
        q: Point,
        rp: float,
        rq: float,
        fill: Paint,
        edge: Paint | None = None,
        width: float = 0.004,
    ) -> None:
        """A tapered stroke with round ends: a finger, an arm, a handle."""
        if edge is not None:
            self.limb(p, q, rp + width, rq + width, edge)
        dx, dy = q[0] - p[0], q[1] - p[1]
        n = math.hypot(dx, dy) or 1.0
        nx, ny = -dy / n, dx / n
        self.poly(
            ((p[0] + nx * rp, p[1] + ny * rp), (q[0] + nx * rq, q[1] + ny * rq),
             (q[0] - nx * rq, q[1] - ny * rq), (p[0] - nx * rp, p[1] - ny * rp)),
            fill,
        )  # fmt: skip
        self._dot(p, rp, fill)
        self._dot(q, rq, fill)

    def _dot(self, p: Point, r: float, fill: Paint) -> None:
        a, b, c, d, e, f = self._affine
        x, y, r = a * p[0] + c * p[1] + e, b * p[0] + d * p[1] + f, r * self._scale
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: int = 60) -> None:
        """A soft dark patch under a thing."""
        for grow in (1.25, 1.0, 0.75):
            self.disc(x, y, rx * grow, (20, 14, 24, strength // 3), ry * grow)

    def glint(self, points: Sequence[Point], width: float = 0.006, strength: int = 120) -> None:
        """A highlight along a line."""
        self.line(points, (255, 255, 255, strength), width)


def arc(
    x: float, y: float, rx: float, ry: float, start: float, stop: float, steps: int = 10
) -> list[Point]:
    """Points on an ellipse from angle `start` to `stop` (radians, clockwise from the right)."""
    angles = [start + (stop - start) * i / steps for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]
