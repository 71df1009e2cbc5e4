"""Plates, pots, bottles and the tools of a kitchen."""

from mc3core.world.pen import Colour, Pen, arc, dark, light, mix

STEEL: Colour = (198, 204, 210)
GLASS: Colour = (206, 226, 232)
WOOD: Colour = (190, 142, 92)
PI = 3.14159265


def plate(pen: Pen, tint: Colour) -> None:
    pen.disc(0, 0.012, 0.155, dark(tint, 0.45), 0.084)
    pen.disc(0, 0, 0.155, tint, 0.082, dark(tint, 0.4), 0.003)
    pen.disc(0, 0.004, 0.105, dark(tint, 0.14), 0.054)
    pen.disc(0, 0.010, 0.098, light(tint, 0.3), 0.048)
    pen.glint(arc(0, 0, 0.135, 0.068, PI * 1.05, PI * 1.45), 0.007)


def cup(pen: Pen, tint: Colour) -> None:
    pen.line(arc(0.062, 0.0, 0.042, 0.036, -PI / 2, PI / 2), dark(tint, 0.45), 0.026)
    pen.line(arc(0.062, 0.0, 0.042, 0.036, -PI / 2, PI / 2), tint, 0.016)
    body = [
        (-0.066, -0.055),
        (0.066, -0.055),
        (0.052, 0.062),
        *arc(0, 0.062, 0.052, 0.02, 0, PI, 6),
    ]
    pen.poly(body, tint, dark(tint, 0.45))
    pen.poly(
        ((0.02, -0.055), (0.066, -0.055), (0.052, 0.062), (0.016, 0.08)), (*dark(tint, 0.4), 90)
    )
    pen.disc(0, -0.055, 0.066, light(tint, 0.35), 0.026, dark(tint, 0.45), 0.003)
    pen.disc(0, -0.051, 0.055, dark(tint, 0.55), 0.019)
    pen.glint(((-0.046, -0.026), (-0.038, 0.05)), 0.009)


def coffee(pen: Pen, swirl: float) -> None:
    """The surface of a full cup, seen in `cup`'s rim."""
    pen.disc(0, -0.051, 0.054, (74, 44, 26), 0.019)
    pen.line(arc(0, -0.051, 0.036, 0.012, swirl, swirl + 3.6), (168, 122, 80), 0.006)


def pan(pen: Pen, tint: Colour) -> None:
    pen.limb((0.15, 0.01), (0.33, 0.05), 0.020, 0.024, (52, 40, 36), (28, 22, 22))
    pen.disc(0, 0.018, 0.170, dark(tint, 0.6), 0.100)
    pen.disc(0, 0, 0.170, light(tint, 0.2), 0.098, dark(tint, 0.5), 0.003)
    pen.disc(0, 0.005, 0.150, dark(tint, 0.35), 0.082)
    pen.disc(-0.01, 0.014, 0.120, dark(tint, 0.15), 0.060)
    pen.glint(arc(0, 0.005, 0.138, 0.072, PI * 1.1, PI * 1.5), 0.008, 90)


def pot(pen: Pen, tint: Colour) -> None:
    for side in (-1, 1):
        pen.limb(
            (side * 0.15, -0.03), (side * 0.19, -0.03), 0.016, 0.016, (60, 54, 54), (34, 30, 32)
        )
    pen.poly(
        [(-0.15, -0.06), (0.15, -0.06), (0.14, 0.07), *arc(0, 0.07, 0.14, 0.055, 0, PI)],
        tint,
        dark(tint, 0.45),
    )
    pen.poly([(0.04, -0.06), (0.15, -0.06), (0.14, 0.07), (0.04, 0.12)], (*dark(tint, 0.45), 90))
    pen.disc(0, -0.06, 0.152, light(tint, 0.35), 0.062, dark(tint, 0.45), 0.003)
    pen.disc(0, -0.054, 0.136, dark(tint, 0.5), 0.050)
    pen.glint(((-0.115, -0.01), (-0.108, 0.07)), 0.014)


def bowl(pen: Pen, tint: Colour) -> None:
    pen.poly(
        [(-0.14, -0.04), (0.14, -0.04), *arc(0, -0.04, 0.14, 0.13, 0, PI, 12)],
        tint,
        dark(tint, 0.4),
    )
    pen.poly(
        [(0.14, -0.04), *arc(0, -0.04, 0.14, 0.13, 0, PI / 2, 6), (0.05, -0.04)],
        (*dark(tint, 0.45), 80),
    )
    pen.disc(0, -0.04, 0.142, light(tint, 0.3), 0.060, dark(tint, 0.4), 0.003)
    pen.disc(0, -0.034, 0.126, dark(tint, 0.35), 0.048)


def filling(pen: Pen, rx: float, ry: float, y: float, colour: Colour, swirl: float) -> None:
    """Something stirred in a vessel: a surface with a swirl that turns."""
    pen.disc(0, y, rx, colour, ry)
    for k in range(3):
        a = swirl + k * 2.1
        pen.line(arc(0, y, rx * 0.72, ry * 0.72, a, a + 1.3, 6), light(colour, 0.35), 0.007)
        pen.line(arc(0, y, rx * 0.40, ry * 0.40, a + 1.0, a + 2.2, 5), dark(colour, 0.2), 0.006)


def glass(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.052, -0.09), (0.052, -0.09), (0.040, 0.085), (-0.040, 0.085)),
        (*GLASS, 110),
        (*dark(GLASS, 0.35), 220),
        0.004,
    )
    pen.disc(0, -0.09, 0.052, (*light(GLASS, 0.4), 120), 0.018, dark(GLASS, 0.35), 0.003)
    pen.glint(((-0.032, -0.06), (-0.026, 0.06)), 0.008, 170)


def bottle(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.048, -0.04), (-0.018, -0.10), (-0.018, -0.135), (0.018, -0.135), (0.018, -0.10),
         (0.048, -0.04), (0.048, 0.12), (0.036, 0.135), (-0.036, 0.135),
         (-0.048, 0.12)), tint, dark(tint, 0.45),
    )  # fmt: skip
    pen.poly(
        ((0.016, -0.1), (0.048, -0.04), (0.048, 0.12), (0.036, 0.135), (0.016, 0.135)),
        (*dark(tint, 0.4), 90),
    )
    pen.slab(-0.024, -0.158, 0.024, -0.128, (236, 232, 224), 0.006, (120, 116, 112), 0.003)
    pen.slab(-0.048, 0.005, 0.048, 0.075, (244, 240, 228), 0, dark(tint, 0.3), 0.003)
    pen.disc(0, 0.04, 0.020, mix(tint, (230, 90, 70), 0.5))
    pen.glint(((-0.034, -0.03), (-0.034, 0.12)), 0.009)


def jar(pen: Pen, tint: Colour) -> None:
    jar_glass(pen, tint)
    lid(pen.at(0, -0.095), tint)


def jar_glass(pen: Pen, tint: Colour) -> None:
    pen.slab(-0.075, -0.085, 0.075, 0.105, (*GLASS, 150), 0.024, dark(GLASS, 0.45), 0.005)
    pen.slab(-0.066, -0.030, 0.066, 0.096, mix(tint, (120, 50, 30), 0.25), 0.022)
    pen.disc(0, -0.030, 0.066, light(tint, 0.25), 0.016)
    pen.slab(-0.045, 0.01, 0.045, 0.07, (246, 240, 226), 0.006, dark(tint, 0.2), 0.003)
    pen.glint(((-0.056, -0.06), (-0.056, 0.08)), 0.009, 170)


def lid(pen: Pen, tint: Colour) -> None:
    pen.slab(
        -0.078, -0.018, 0.078, 0.022, mix(tint, (220, 190, 90), 0.6), 0.008, dark(tint, 0.5), 0.004
    )
    pen.disc(0, -0.018, 0.078, mix(tint, (244, 222, 140), 0.75), 0.020, dark(tint, 0.5), 0.003)


def carton(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.058, -0.07), (0.058, -0.07), (0.058, 0.13), (-0.058, 0.13)),
        (246, 246, 244),
        (120, 130, 150),
    )
    pen.poly(
        ((-0.058, -0.07), (-0.03, -0.13), (0.03, -0.13), (0.058, -0.07)),
        (214, 222, 236),
        (120, 130, 150),
    )
    pen.slab(-0.058, 0.02, 0.058, 0.09, (70, 120, 190))
    pen.disc(0, 0.055, 0.024, (250, 250, 250))
    pen.slab(0.028, -0.07, 0.058, 0.13, (40, 60, 90, 50))


def bucket(pen: Pen, tint: Colour) -> None:
    pen.line(arc(0, -0.07, 0.155, 0.16, PI, 2 * PI, 14), (90, 92, 98), 0.007)
    pen.poly(
        ((-0.155, -0.07), (0.155, -0.07), (0.115, 0.12), (-0.115, 0.12)), tint, dark(tint, 0.45)
    )
    pen.disc(0, 0.12, 0.115, tint, 0.035)
    pen.poly(((0.05, -0.07), (0.155, -0.07), (0.115, 0.12), (0.04, 0.15)), (*dark(tint, 0.45), 90))
    pen.disc(0, -0.07, 0.157, light(tint, 0.3), 0.062, dark(tint, 0.45), 0.003)
    pen.disc(0, -0.064, 0.140, dark(tint, 0.5), 0.050)


def spoon(pen: Pen, tint: Colour) -> None:
    pen.limb((0, 0.10), (0, -0.06), 0.012, 0.008, STEEL, dark(STEEL, 0.5), 0.003)
    pen.disc(0, -0.10, 0.032, STEEL, 0.046, dark(STEEL, 0.5), 0.003)
    pen.disc(-0.004, -0.10, 0.020, light(STEEL, 0.5), 0.030)


def ladle(pen: Pen, tint: Colour) -> None:
    """A wooden spoon: its bowl at the origin, the handle upwards and to the right."""
    pen.limb((0.0, 0.0), (0.10, -0.20), 0.013, 0.012, WOOD, dark(WOOD, 0.5), 0.003)
    pen.disc(0, 0, 0.034, light(WOOD, 0.15), 0.024, dark(WOOD, 0.5), 0.003)


def knife(pen: Pen, tint: Colour) -> None:
    """Handle at the origin, blade to the left, its edge down."""
    pen.poly(
        ((-0.035, -0.026), (-0.24, -0.026), (-0.275, 0.018), (-0.262, 0.030), (-0.035, 0.030)),
        STEEL,
        dark(STEEL, 0.55),
        0.004,
    )
    pen.poly(((-0.04, 0.008), (-0.268, 0.010), (-0.262, 0.030), (-0.035, 0.030)), light(STEEL, 0.6))
    pen.limb((-0.028, 0.0), (0.09, 0.004), 0.022, 0.024, tint, dark(tint, 0.5), 0.004)
    for x in (-0.01, 0.03, 0.07):
        pen.disc(x, 0.002, 0.006, STEEL)


def board(pen: Pen, tint: Colour) -> None:
    pen.poly(((-0.24, -0.075), (0.24, -0.075), (0.29, 0.115), (-0.29, 0.115)), dark(WOOD, 0.45))
    pen.poly(
        ((-0.24, -0.09), (0.24, -0.09), (0.29, 0.095), (-0.29, 0.095)),
        light(WOOD, 0.3),
        dark(WOOD, 0.4),
    )
    for y in (-0.045, 0.0, 0.05):
        k = 0.24 + (y + 0.09) * 0.27
        pen.line(((-k + 0.03, y), (k - 0.03, y + 0.004)), (*dark(WOOD, 0.2), 90), 0.004)
