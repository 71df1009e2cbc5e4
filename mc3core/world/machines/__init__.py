"""Machines that stand in view, run or do not, and know nothing of the wearer's hands."""

from collections.abc import Callable

from mc3core.world.machines import house, shed
from mc3core.world.pen import Pen
from mc3core.world.plan import Machine

Draw = Callable[[Pen, float, bool], None]

_DRAWINGS: dict[str, Draw] = {
    "blender": house.blender,
    "kettle": house.kettle,
    "mixer": house.mixer,
    "printer": house.printer,
    "washer": house.washer,
    "dryer": house.dryer,
    "grinder": shed.grinder,
    "drill": shed.drill,
    "fan": shed.fan,
    "sprinkler": shed.sprinkler,
    "mower": shed.mower,
}


def draw_machine(pen: Pen, machine: Machine, t_s: float) -> None:
    """Draw a machine at its place at the back of the table."""
    x = 0.5 + 0.345 * machine.side
    pen.shadow(x, 0.515, 0.13, 0.028, 80)
    running = machine.level_db is not None
    _DRAWINGS[machine.kind](pen.at(x, 0.51, 1.12), t_s if running else 0.35, running)
