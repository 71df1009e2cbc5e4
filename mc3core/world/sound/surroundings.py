"""What sounds beside the action: the room, machines, and events from elsewhere."""

from functools import lru_cache

import numpy as np

from mc3core.world.plan import TURN_S, Event, Segment
from mc3core.world.sound.motors import VOICES
from mc3core.world.sound.synth import (
    Wave,
    band,
    bins,
    concat_seed,
    crackle,
    lay,
    level,
    noise,
    shaped_noise,
    strike,
)

BLOCK_S = 1.5
OVERLAP_S = 0.3
MACHINE_S = 3.04
EVENT_S = 0.96
RESTLESS = 0.38

# Low and high edge (Hz) and tilt of each ambient, and how much it breathes.
_AMBIENTS: dict[str, tuple[float, float, float, float]] = {
    "room": (60, 6000, 0.6, 0.05),
    "street": (60, 4500, 0.6, 0.35),
    "fridge": (70, 4000, 0.7, 0.08),
    "wind": (150, 4000, 0.5, 0.55),
    "rain": (400, 7000, 0.3, 0.12),
    "hall": (120, 5500, 0.5, 0.15),
}


@lru_cache(16)
def ambient_block(kind: str, seed: int, index: int, rate: int) -> tuple[int, Wave]:
    """Stretch `index` of a video's ambient sound, fading over its neighbours at equal power."""
    low, high, tilt, breath = _AMBIENTS[kind]
    seconds = BLOCK_S + OVERLAP_S
    wave = noise(concat_seed(seed, [7, index]), seconds, rate, low, high, tilt)
    if breath:
        t = np.arange(len(wave), dtype=np.float32) / np.float32(rate) + np.float32(index * BLOCK_S)
        slow = np.sin(2.1 * t + seed % 7) + 0.6 * np.sin(5.3 * t + seed % 11)
        wave = wave * (1 + np.float32(breath) * slow.astype(np.float32) * np.float32(0.6))
    # Drops, leaves, a distant clatter: no place is only a hiss.
    rough = crackle(concat_seed(seed, [8, index]), seconds, rate, 9)
    wave *= 1 + np.float32(RESTLESS) * (np.minimum(rough, 6) - 1)
    ramp = round(OVERLAP_S * rate)
    angle = np.linspace(0, np.pi / 2, ramp, dtype=np.float32)
    wave[:ramp] *= np.sin(angle)
    wave[-ramp:] *= np.cos(angle)
    return round((index * BLOCK_S - OVERLAP_S) * rate), wave


@lru_cache(8)
def machine_voice(segment: Segment, rate: int) -> tuple[int, Wave]:
    """The running machine of a segment at an RMS of about 1, fading as the wearer turns."""
    assert segment.machine is not None
    model = VOICES[segment.machine.kind]
    seed = concat_seed(segment.seed, [11])
    rng = np.random.default_rng(seed)
    f = bins(MACHINE_S, rate)
    hiss = band(MACHINE_S, rate, model.low_hz, model.high_hz * 1.3, 0.1)
    gain = hiss * np.float32(model.noise / np.sqrt(np.sum(hiss**2)))
    pitch = model.pitch_hz * rng.uniform(0.9, 1.1)
    for k in range(1, model.overtones + 1):
        center = round(k * pitch * MACHINE_S)
        if center + 3 < len(f):
            gain[center - 2 : center + 3] += np.float32(
                k**-model.tilt * rng.uniform(0.5, 1.2) * 0.35
            )
    wave = shaped_noise(seed + 1, MACHINE_S, rate, gain)
    start_s = segment.start_s - TURN_S
    t = np.arange(len(wave), dtype=np.float32) / np.float32(rate)
    # Load comes and goes: an engine labours, ice meets the blades.
    load = 0.9 + 0.55 * np.sin(np.float32(rng.uniform(4, 8)) * t + np.float32(rng.uniform(0, 6)))
    wave *= load * (
        1 + np.float32(RESTLESS) * (np.minimum(crackle(seed + 2, MACHINE_S, rate, 12), 6) - 1)
    )
    beat = 1 + np.float32(model.depth) * np.sin(
        np.float32(2 * np.pi * model.beat_hz) * (t + np.float32(start_s))
    )
    end = np.float32(segment.end_s + TURN_S - start_s)
    fade = np.float32(2 * TURN_S)
    for k in range(int(MACHINE_S * model.knock_hz)):
        at = round((k + rng.uniform(0.3, 0.7)) / model.knock_hz * rate)
        lay(
            wave,
            strike(model.knock_on, seed % 2**31 + k % 3, rate),
            at,
            3.8 * model.knock * rng.uniform(0.5, 1),
        )
    wave *= beat * np.clip(t / fade, 0, 1) * np.clip((end - t) / fade, 0, 1)
    return round(start_s * rate), wave


@lru_cache(8)
def event_voice(event: Event, seed: int, rate: int) -> tuple[int, Wave]:
    """A short unrelated sound, its loudest 100 ms at an RMS of 1."""
    canvas = np.zeros(round(EVENT_S * rate), dtype=np.float32)
    rng = np.random.default_rng(concat_seed(seed, [13]))
    if event.kind == "dishes":
        for k in range(4):
            lay(
                canvas,
                strike(("ceramic", "glass")[k % 2], seed % 2**31 + k, rate),
                round((0.13 * k + rng.uniform(0, 0.08)) * rate),
                rng.uniform(0.4, 1),
            )
    elif event.kind == "steps":
        for k in range(2):
            lay(
                canvas, strike("cardboard", seed % 2**31 + k, rate), round((0.02 + 0.42 * k) * rate)
            )
    elif event.kind == "tick":
        for k in range(4):
            lay(
                canvas,
                strike("plastic", seed % 2**31 + k % 2, rate),
                round(0.22 * k * rate),
                0.7 + 0.3 * (k % 2),
            )
    else:
        for k in range(2):
            lay(
                canvas,
                _bark(rng.uniform(300, 520), concat_seed(seed, [17, k]), rate),
                round((0.01 + 0.38 * k) * rate),
            )
    return round(event.time_s * rate), level(canvas, rate)


def _bark(pitch_hz: float, seed: int, rate: int) -> Wave:
    seconds = 0.2
    t = np.arange(round(seconds * rate), dtype=np.float32) / np.float32(rate)
    bend = pitch_hz * (1 + 0.5 * np.sin(np.pi * t / seconds))
    phase = np.cumsum(2 * np.pi * bend / rate)
    tone = sum((np.sin(k * phase) / k**0.7 for k in range(1, 7)), np.zeros(len(t)))
    rough = 0.4 * noise(seed, seconds, rate, 500, 3000)
    return ((tone + rough) * np.sin(np.pi * t / seconds) ** 0.7).astype(np.float32)
