"""How a running machine trembles."""

import math


def shake(t_s: float, running: bool, hz: float, size: float) -> float:
    """Offset at `t_s` of something that swings `hz` times a second by `size` (0 when off)."""
    return size * math.sin(2 * math.pi * hz * t_s) if running else 0.0
