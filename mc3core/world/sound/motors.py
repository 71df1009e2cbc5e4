"""How each machine sounds while it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """A motor: hum and overtones (`pitch_hz`, `overtones`, falling by `tilt`), noise between
    `low_hz` and `high_hz` as loud as `noise`, beating `beat_hz` times a second by `depth`, and
    knocking `knock_hz` times a second on `knock_on`, `knock` times as loud (few only hum)."""

    pitch_hz: float
    overtones: int
    tilt: float
    noise: float
    low_hz: float
    high_hz: float
    beat_hz: float
    depth: float
    knock: float
    knock_hz: float
    knock_on: str


VOICES: dict[str, Voice] = {
    "blender": Voice(172, 14, 0.5, 0.9, 500, 5500, 11, 0.2, 1.6, 5.5, "glass"),
    "kettle": Voice(60, 3, 1.2, 2.2, 300, 2800, 5, 0.35, 1.3, 3.7, "metal"),
    "mixer": Voice(118, 12, 0.6, 0.7, 300, 3500, 4.5, 0.35, 1.8, 3.3, "metal"),
    "grinder": Voice(98, 16, 0.4, 1.4, 1500, 7500, 2.2, 0.25, 1.5, 2.3, "metal"),
    "drill": Voice(140, 14, 0.5, 0.8, 700, 5000, 7, 0.3, 1.8, 2.6, "wood"),
    "fan": Voice(52, 6, 1.0, 1.8, 80, 1800, 6.5, 0.3, 1.3, 2.3, "plastic"),
    "printer": Voice(230, 8, 0.8, 0.9, 900, 4800, 3.1, 0.8, 2.2, 4.6, "plastic"),
    "sprinkler": Voice(40, 2, 1.5, 2.0, 1800, 7600, 5.2, 0.85, 1.8, 5.2, "plastic"),
    "mower": Voice(84, 18, 0.45, 0.8, 200, 2600, 14, 0.35, 1.5, 6.1, "wood"),
    "washer": Voice(66, 8, 0.8, 1.4, 120, 1500, 1.3, 0.6, 2.0, 1.8, "cardboard"),
    "dryer": Voice(212, 6, 0.7, 2.0, 700, 6500, 9, 0.1, 1.0, 4.1, "paper"),
}
