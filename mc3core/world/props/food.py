"""Vegetables, bread and dough, whole and in slices."""

from mc3core.world.pen import Colour, Pen, arc, dark, light

PI = 3.14159265
FLESH: dict[str, Colour] = {
    "carrot": (242, 150, 60),
    "onion": (246, 236, 222),
    "potato": (244, 226, 160),
    "bread": (244, 222, 178),
    "orange": (252, 178, 60),
}
SKIN: dict[str, Colour] = {
    "carrot": (226, 116, 40),
    "onion": (196, 120, 60),
    "potato": (182, 138, 86),
    "bread": (190, 124, 62),
    "orange": (240, 140, 30),
}


def carrot(pen: Pen, tint: Colour) -> None:
    c = SKIN["carrot"]
    for dx, dy in ((-0.06, -0.03), (-0.075, 0.0), (-0.06, 0.03)):
        pen.limb((-0.125, 0), (-0.125 + dx, dy), 0.010, 0.006, (86, 150, 60), (50, 100, 40), 0.003)
    pen.poly(
        (
            (-0.13, -0.032),
            (0.02, -0.026),
            (0.15, -0.004),
            (0.15, 0.006),
            (0.02, 0.030),
            (-0.13, 0.034),
        ),
        c,
        dark(c, 0.4),
    )
    pen.disc(-0.128, 0, 0.014, c, 0.033)
    for x in (-0.09, -0.04, 0.02, 0.08):
        pen.line(((x, -0.018), (x + 0.01, 0.0)), dark(c, 0.25), 0.004)
    pen.glint(((-0.11, -0.016), (0.08, -0.010)), 0.008)


def onion(pen: Pen, tint: Colour) -> None:
    c = SKIN["onion"]
    pen.limb((0.0, -0.06), (0.012, -0.11), 0.014, 0.004, dark(c, 0.15), dark(c, 0.5), 0.003)
    pen.disc(0, 0, 0.085, c, 0.074, dark(c, 0.5), 0.005)
    for k in (-0.055, -0.02, 0.02, 0.055):
        pen.line(((k * 0.25, -0.07), (k, 0.0), (k * 0.5, 0.068)), (*dark(c, 0.35), 150), 0.004)
    pen.glint(arc(0, 0, 0.06, 0.05, PI * 1.05, PI * 1.4), 0.010)


def potato(pen: Pen, tint: Colour) -> None:
    c = SKIN["potato"]
    pen.disc(0, 0, 0.10, c, 0.070, dark(c, 0.45), 0.005)
    pen.disc(0.02, 0.016, 0.07, (*dark(c, 0.2), 80), 0.044)
    for x, y in ((-0.05, -0.02), (0.03, -0.03), (0.0, 0.03), (0.06, 0.02), (-0.06, 0.025)):
        pen.disc(x, y, 0.007, dark(c, 0.35), 0.005)
    pen.glint(arc(0, 0, 0.07, 0.045, PI * 1.1, PI * 1.4), 0.009, 80)


def bread(pen: Pen, tint: Colour) -> None:
    c = SKIN["bread"]
    pen.limb((-0.10, 0), (0.10, 0), 0.068, 0.068, c, dark(c, 0.45), 0.005)
    pen.limb((-0.10, -0.016), (0.10, -0.016), 0.044, 0.044, light(c, 0.2))
    for x in (-0.09, -0.03, 0.03, 0.09):
        pen.line(((x - 0.02, -0.040), (x + 0.02, 0.020)), light(c, 0.6), 0.012)


def orange(pen: Pen, tint: Colour) -> None:
    c = SKIN["orange"]
    pen.disc(0, 0, 0.080, c, 0.078, dark(c, 0.4), 0.005)
    pen.disc(0.022, 0.022, 0.05, (*dark(c, 0.25), 70))
    pen.disc(-0.005, -0.05, 0.010, (90, 130, 50))
    pen.glint(arc(0, 0, 0.055, 0.055, PI * 1.05, PI * 1.4), 0.011)


def slice_of(pen: Pen, noun: str) -> None:
    """One slice lying down."""
    wide, high = {"carrot": (0.030, 0.024), "onion": (0.062, 0.050), "bread": (0.052, 0.062)}.get(
        noun, (0.055, 0.046)
    )
    pen.disc(0, 0.008, wide, dark(SKIN[noun], 0.4), high)
    pen.disc(0, 0, wide, FLESH[noun], high, SKIN[noun], 0.006)
    if noun in ("onion", "orange"):
        for k in (0.72, 0.45):
            pen.disc(0, 0, wide * k, FLESH[noun], high * k, dark(FLESH[noun], 0.2), 0.003)
    if noun == "carrot":
        pen.disc(0, 0, wide * 0.4, light(SKIN[noun], 0.2), high * 0.4)


def peel_strip(pen: Pen, noun: str, turn: float) -> None:
    """A curl of peel."""
    pen.line(arc(0, 0, 0.035, 0.020, turn, turn + 3.6, 8), dark(SKIN[noun], 0.3), 0.016)
    pen.line(arc(0, 0, 0.035, 0.020, turn, turn + 3.6, 8), SKIN[noun], 0.010)
