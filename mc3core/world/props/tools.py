"""Tools, and what they work on. A tool's handle is at the origin, its working end upwards."""

from mc3core.world.pen import Colour, Pen, arc, dark, light

STEEL: Colour = (176, 182, 190)
ASH: Colour = (206, 160, 104)


def hammer(pen: Pen, tint: Colour) -> None:
    pen.limb((0, 0.07), (0, -0.20), 0.017, 0.013, ASH, dark(ASH, 0.5), 0.004)
    pen.slab(-0.072, -0.245, 0.050, -0.185, (94, 98, 106), 0.008, (44, 46, 52), 0.004)
    pen.slab(-0.092, -0.255, -0.066, -0.175, (112, 116, 124), 0.006, (44, 46, 52), 0.004)
    pen.poly(((0.05, -0.24), (0.095, -0.215), (0.05, -0.19)), (94, 98, 106), (44, 46, 52), 0.004)
    pen.glint(((-0.06, -0.232), (0.04, -0.232)), 0.007)


def saw(pen: Pen, tint: Colour) -> None:
    """Handle at the origin, blade to the left, teeth down."""
    teeth = [(-0.06 - 0.018 * i, 0.045 - 0.0014 * i + (0.012 if i % 2 else 0.0)) for i in range(19)]
    pen.poly(
        [(-0.05, -0.045), (-0.385, -0.015), *reversed(teeth), (-0.05, 0.045)],
        STEEL,
        dark(STEEL, 0.5),
        0.004,
    )
    pen.glint(((-0.08, -0.025), (-0.36, -0.003)), 0.006)
    c = (196, 92, 50)
    pen.slab(-0.065, -0.062, 0.060, 0.062, c, 0.022, dark(c, 0.5), 0.005)
    pen.slab(-0.030, -0.026, 0.028, 0.030, dark(c, 0.6), 0.016)


def scissors(pen: Pen, tint: Colour, opening: float = 0.3) -> None:
    c = (220, 84, 60)
    for side in (-1, 1):
        blade = pen.at(0, -0.02, side, opening * side)
        blade.poly(((-0.004, -0.17), (0.016, -0.01), (-0.012, 0.0)), STEEL, dark(STEEL, 0.5), 0.003)
        blade.disc(-0.024, 0.06, 0.030, c, 0.042, dark(c, 0.4), 0.003)
        blade.disc(-0.024, 0.06, 0.015, (90, 80, 80), 0.026)
    pen.disc(0, -0.02, 0.008, (70, 74, 80))


def peeler(pen: Pen, tint: Colour) -> None:
    c = (70, 130, 90)
    pen.limb((0, 0.08), (0, -0.02), 0.018, 0.014, c, dark(c, 0.5), 0.004)
    pen.line(((0, -0.03), (-0.036, -0.06), (-0.036, -0.115)), STEEL, 0.010)
    pen.line(((0, -0.03), (0.036, -0.06), (0.036, -0.115)), STEEL, 0.010)
    pen.slab(-0.042, -0.12, 0.042, -0.102, light(STEEL, 0.4), 0, dark(STEEL, 0.5), 0.003)


def screwdriver(pen: Pen, tint: Colour) -> None:
    pen.limb((0, -0.02), (0, -0.155), 0.008, 0.007, STEEL, dark(STEEL, 0.5), 0.003)
    c = (232, 176, 50)
    pen.limb((0, 0.07), (0, -0.02), 0.026, 0.020, c, dark(c, 0.5), 0.004)
    pen.line(((-0.008, 0.06), (-0.006, -0.01)), dark(c, 0.4), 0.006)


def nail(pen: Pen, tint: Colour) -> None:
    pen.limb((0, -0.05), (0, 0.05), 0.008, 0.005, STEEL, dark(STEEL, 0.5), 0.003)
    pen.disc(0, -0.055, 0.024, light(STEEL, 0.2), 0.010, dark(STEEL, 0.6), 0.003)


def chisel(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.018, 0.0), (0.018, 0.0), (0.018, 0.09), (-0.018, 0.10)), STEEL, dark(STEEL, 0.5), 0.004
    )
    c = (206, 96, 50)
    pen.limb((0, -0.085), (0, -0.01), 0.026, 0.020, c, dark(c, 0.5), 0.004)
    pen.disc(0, -0.105, 0.026, STEEL, 0.010)


def stake(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.032, -0.12), (0.032, -0.12), (0.030, 0.10), (0, 0.14), (-0.030, 0.10)),
        ASH,
        dark(ASH, 0.5),
        0.005,
    )
    pen.disc(0, -0.12, 0.032, light(ASH, 0.4), 0.013, dark(ASH, 0.4), 0.003)
    pen.line(((-0.006, -0.10), (-0.002, 0.09)), dark(ASH, 0.2), 0.005)


def plank(pen: Pen, tint: Colour) -> None:
    pen.poly(((-0.27, 0.045), (0.27, 0.045), (0.27, 0.075), (-0.27, 0.075)), dark(tint, 0.4))
    pen.poly(((-0.25, -0.055), (0.25, -0.055), (0.27, 0.05), (-0.27, 0.05)), tint, dark(tint, 0.45))
    for y, wave in ((-0.03, 0.008), (0.0, -0.006), (0.028, 0.006)):
        pen.line(
            ((-0.25, y), (-0.1, y + wave), (0.08, y - wave), (0.255, y)),
            (*dark(tint, 0.3), 160),
            0.004,
        )


def pipe(pen: Pen, tint: Colour) -> None:
    c = (178, 122, 84)
    pen.limb((-0.26, 0), (0.26, 0), 0.034, 0.034, c, dark(c, 0.5), 0.005)
    pen.limb((-0.26, -0.012), (0.26, -0.012), 0.010, 0.010, light(c, 0.5))
    pen.disc(-0.265, 0, 0.016, dark(c, 0.7), 0.030)


def branch(pen: Pen, tint: Colour) -> None:
    c = (122, 88, 58)
    for x, dx, dy in ((-0.12, -0.06, -0.10), (0.12, 0.07, -0.09), (0.2, 0.06, 0.06)):
        pen.limb((x, 0), (x + dx, dy), 0.012, 0.006, c, dark(c, 0.5), 0.004)
        for k in (0.7, 1.1):
            pen.disc(x + dx * k + 0.015, dy * k, 0.026, (96, 150, 66), 0.015, (54, 96, 40), 0.003)
    pen.limb((-0.27, 0.01), (0.26, -0.008), 0.032, 0.022, c, dark(c, 0.5), 0.005)
    pen.line(((-0.24, 0.0), (-0.05, -0.008), (0.2, -0.010)), light(c, 0.25), 0.006)


def key(pen: Pen, tint: Colour) -> None:
    c = (222, 180, 70)
    pen.limb((0, 0.0), (0, -0.11), 0.010, 0.010, c, dark(c, 0.5), 0.004)
    for y in (-0.105, -0.08):
        pen.slab(0.0, y, 0.032, y + 0.014, c, 0, dark(c, 0.5), 0.002)
    pen.disc(0, 0.03, 0.036, c, 0.036, dark(c, 0.5), 0.004)
    pen.disc(0, 0.036, 0.014, dark(c, 0.7))


def sponge(pen: Pen, tint: Colour) -> None:
    pen.slab(-0.062, -0.035, 0.062, 0.040, (246, 206, 80), 0.018, (170, 130, 40), 0.004)
    pen.slab(-0.062, 0.018, 0.062, 0.042, (92, 150, 96), 0.010)
    for x, y in ((-0.03, -0.01), (0.0, -0.02), (0.03, -0.005), (-0.01, 0.006)):
        pen.disc(x, y, 0.006, (206, 160, 50))


def vise(pen: Pen, x: float, y: float) -> None:
    """What holds the work on a bench."""
    c = (84, 104, 124)
    pen.slab(x - 0.05, y - 0.08, x + 0.05, y + 0.09, c, 0.012, dark(c, 0.5), 0.005)
    pen.slab(x - 0.05, y - 0.08, x - 0.015, y + 0.09, light(c, 0.2), 0.010)
    pen.line(arc(x, y + 0.09, 0.045, 0.02, 0, 3.14159), (60, 62, 68), 0.010)
