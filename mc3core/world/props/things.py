"""Books, boxes, cloth, electronics: things of desk, bath and garden."""

from mc3core.world.pen import Colour, Pen, arc, dark, light, mix

SCREEN: Colour = (120, 170, 214)


def book(pen: Pen, tint: Colour) -> None:
    pen.poly(((-0.105, -0.125), (0.115, -0.125), (0.115, 0.14), (-0.105, 0.14)), dark(tint, 0.5))
    pen.poly(((-0.10, -0.122), (0.110, -0.122), (0.110, 0.132), (-0.10, 0.132)), (244, 238, 222))
    pen.poly(
        ((-0.11, -0.135), (0.10, -0.135), (0.10, 0.122), (-0.11, 0.122)), tint, dark(tint, 0.45)
    )
    pen.slab(-0.11, -0.135, -0.082, 0.122, dark(tint, 0.25))
    pen.slab(-0.052, -0.09, 0.072, -0.035, (246, 236, 206), 0.004)
    pen.line(((-0.035, -0.072), (0.055, -0.072)), dark(tint, 0.2), 0.007)
    pen.line(((-0.035, -0.053), (0.035, -0.053)), dark(tint, 0.2), 0.005)
    pen.disc(0.01, 0.045, 0.030, light(tint, 0.35))


def box(pen: Pen, tint: Colour) -> None:
    box_body(pen, tint)
    pen.poly(
        ((-0.15, -0.06), (0.15, -0.06), (0.125, -0.12), (-0.125, -0.12)),
        light(tint, 0.25),
        dark(tint, 0.4),
    )
    pen.poly(((-0.025, -0.06), (0.025, -0.06), (0.021, -0.12), (-0.021, -0.12)), light(tint, 0.5))


def box_body(pen: Pen, tint: Colour) -> None:
    pen.poly(((-0.15, -0.06), (0.15, -0.06), (0.145, 0.13), (-0.145, 0.13)), tint, dark(tint, 0.4))
    pen.poly(((0.05, -0.06), (0.15, -0.06), (0.145, 0.13), (0.05, 0.13)), (*dark(tint, 0.4), 60))
    pen.slab(-0.025, -0.06, 0.025, 0.03, light(tint, 0.4))
    pen.poly(((-0.105, 0.04), (-0.085, 0.015), (-0.065, 0.04)), dark(tint, 0.4))
    pen.slab(-0.092, 0.04, -0.078, 0.075, dark(tint, 0.4))


def phone(pen: Pen, tint: Colour) -> None:
    pen.slab(-0.060, -0.115, 0.060, 0.115, tint, 0.018, dark(tint, 0.5), 0.004)
    pen.slab(-0.050, -0.100, 0.050, 0.100, SCREEN, 0.008)
    pen.slab(-0.050, -0.100, 0.050, -0.045, light(SCREEN, 0.4), 0.006)
    for row in range(3):
        for column in range(3):
            x, y = -0.031 + 0.031 * column, -0.018 + 0.036 * row
            pen.slab(
                x - 0.010,
                y - 0.010,
                x + 0.010,
                y + 0.012,
                ((240, 120, 90), (250, 210, 90), (120, 200, 130))[(row + column) % 3],
                0.003,
            )


def paper(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.15, -0.10), (0.15, -0.10), (0.17, 0.11), (-0.17, 0.11)),
        (250, 248, 242),
        (170, 166, 160),
        0.004,
    )
    for y in (-0.065, -0.03, 0.005, 0.04, 0.075):
        k = 0.125 + y * 0.1
        pen.line(((-k, y), (k * 0.7, y)), (150, 160, 190), 0.004)


def cloth(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.13, -0.05), (-0.06, -0.075), (0.02, -0.058), (0.10, -0.078), (0.14, -0.02),
         (0.125, 0.05), (0.06, 0.078), (-0.01, 0.062), (-0.08, 0.082),
         (-0.14, 0.035)), tint, dark(tint, 0.4),
    )  # fmt: skip
    pen.line(((-0.10, -0.03), (-0.02, 0.0), (0.05, -0.03)), dark(tint, 0.22), 0.007)
    pen.line(((-0.06, 0.05), (0.02, 0.02), (0.10, 0.03)), dark(tint, 0.22), 0.007)
    for x in (-0.07, 0.0, 0.07):
        pen.line(((x - 0.014, -0.062), (x + 0.012, 0.068)), (*light(tint, 0.6), 150), 0.011)


def shoe(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.16, 0.07), (0.17, 0.07), (0.175, 0.045), (-0.165, 0.045)),
        (236, 230, 220),
        (120, 110, 100),
        0.004,
    )
    pen.poly(
        ((-0.16, 0.048), (-0.15, -0.085), (-0.06, -0.095), (-0.03, -0.04), (0.07, -0.015),
         (0.15, 0.005), (0.172, 0.048)),
        tint, dark(tint, 0.5),
    )  # fmt: skip
    pen.disc(-0.10, -0.088, 0.048, dark(tint, 0.6), 0.014)
    for k in range(4):
        x, y = -0.03 + 0.028 * k, -0.045 + 0.011 * k
        pen.line(((x - 0.012, y + 0.018), (x + 0.014, y - 0.006)), (246, 242, 232), 0.007)
    pen.glint(arc(0.11, 0.03, 0.04, 0.02, 3.6, 5.2, 5), 0.007)


def plant(pen: Pen, tint: Colour) -> None:
    leaves(pen, tint, 0.0)
    pot = (196, 104, 66)
    pen.poly(((-0.085, 0.02), (0.085, 0.02), (0.062, 0.14), (-0.062, 0.14)), pot, dark(pot, 0.45))
    pen.poly(((0.02, 0.02), (0.085, 0.02), (0.062, 0.14), (0.015, 0.14)), (*dark(pot, 0.4), 80))
    pen.slab(-0.096, 0.0, 0.096, 0.036, light(pot, 0.12), 0.006, dark(pot, 0.45), 0.004)


def leaves(pen: Pen, tint: Colour, sway: float) -> None:
    """Seven leaves out of one pot, bent by `sway`."""
    for i, (angle, size) in enumerate(
        (
            (-1.05, 0.13),
            (1.05, 0.13),
            (-0.65, 0.16),
            (0.65, 0.16),
            (-0.25, 0.18),
            (0.28, 0.18),
            (0.02, 0.19),
        )
    ):
        leaf = pen.at(0, 0.01, 1, angle + sway * (0.6 + 0.1 * i))
        green = light(tint, 0.06 * (i % 3))
        leaf.poly(
            ((0, 0), (-0.034, -size * 0.5), (0, -size), (0.034, -size * 0.5)),
            green,
            dark(tint, 0.4),
            0.004,
        )
        leaf.line(((0, 0), (0, -size * 0.85)), light(tint, 0.35), 0.004)


def bag(pen: Pen, tint: Colour) -> None:
    pen.poly(
        ((-0.10, -0.12), (-0.05, -0.105), (0.0, -0.125), (0.05, -0.105), (0.10, -0.12),
         (0.115, 0.13), (-0.115, 0.13)),
        tint, dark(tint, 0.4),
    )  # fmt: skip
    pen.poly(((0.03, -0.115), (0.10, -0.12), (0.115, 0.13), (0.04, 0.13)), (*dark(tint, 0.35), 80))
    pen.line(((-0.06, -0.10), (-0.035, 0.0), (-0.06, 0.12)), (*dark(tint, 0.3), 150), 0.005)
    pen.slab(-0.055, 0.0, 0.055, 0.07, mix(tint, (90, 150, 90), 0.6), 0.01)
    pen.disc(0, 0.035, 0.020, (250, 246, 230), 0.018)


def keyboard(pen: Pen, tint: Colour) -> None:
    c = (58, 62, 70)
    pen.poly(((-0.25, -0.075), (0.25, -0.075), (0.28, 0.085), (-0.28, 0.085)), c, dark(c, 0.5))
    for row in range(4):
        y = -0.052 + 0.034 * row
        half = 0.232 + 0.010 * row
        for k in range(12):
            x = -half + (2 * half) * (k + 0.5) / 12
            wide = half / 12 * 0.80
            pen.slab(x - wide, y - 0.011, x + wide, y + 0.012, (206, 210, 216))
    pen.slab(-0.11, 0.062, 0.11, 0.080, (206, 210, 216))


def laptop(pen: Pen, tint: Colour, opening: float, glow: Colour = SCREEN) -> None:
    """A laptop whose lid is `opening` (0 shut, 1 upright) of the way up."""
    c = (176, 182, 190)
    pen.poly(((-0.20, -0.02), (0.20, -0.02), (0.245, 0.13), (-0.245, 0.13)), c, dark(c, 0.5))
    pen.poly(((-0.175, 0.0), (0.175, 0.0), (0.195, 0.066), (-0.195, 0.066)), (70, 74, 82))
    for row in (0.020, 0.044):
        for k in range(10):
            x = -0.165 + 0.0366 * k
            pen.slab(x - 0.012, row - 0.008, x + 0.012, row + 0.008, (130, 136, 146))
    pen.slab(-0.05, 0.082, 0.05, 0.118, dark(c, 0.15), 0.006)
    top = -0.02 + 0.15 - opening * 0.38
    wide = 0.20 + 0.045 * max(0.0, 1 - opening * 2)
    if top > -0.02:
        pen.poly(
            ((-0.20, -0.02), (0.20, -0.02), (wide, top), (-wide, top)), light(c, 0.15), dark(c, 0.5)
        )
        pen.disc(0, (top - 0.02) / 2, 0.018, dark(c, 0.2), 0.010)
        return
    pen.poly(
        ((-0.20, -0.02), (0.20, -0.02), (0.205, top), (-0.205, top)), (46, 48, 54), (24, 24, 28)
    )
    pad = min(0.014, (-0.02 - top) / 4)
    pen.poly(
        ((-0.186, -0.02 - pad), (0.186, -0.02 - pad), (0.190, top + pad), (-0.190, top + pad)), glow
    )
    if opening > 0.6:
        for k, share in enumerate((0.25, 0.42, 0.59, 0.76)):
            y = -0.02 + (top + 0.02) * share
            pen.line(((-0.15, y), (-0.15 + (0.2, 0.26, 0.15, 0.23)[k], y)), light(glow, 0.6), 0.012)
