"""What actions sound like, from the very strokes that the hands make."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mc3core.world import strokes
from mc3core.world.plan import Action
from mc3core.world.sound.synth import Wave, bubbles, concat_seed, crackle, lay, level, noise, strike
from mc3core.world.vocabulary import MATERIALS, mechanism

LEAD_S = 0.08
SPAN_S = 2.16  # from LEAD_S before the onset to past the longest action and its ringing
_FADE_S = 0.04


@dataclass(frozen=True, slots=True)
class Bench:
    """One action to be voiced: its times and what it is made of."""

    action: Action
    rate: int

    @property
    def material(self) -> str:
        return MATERIALS[self.action.noun]

    @property
    def t_s(self) -> Wave:
        """Seconds since the onset of every sample, (samples,)."""
        return np.arange(round(SPAN_S * self.rate), dtype=np.float32) / np.float32(
            self.rate
        ) - np.float32(LEAD_S)

    def seed(self, part: int) -> int:
        return concat_seed(self.action.seed, [part])

    def going(self) -> Wave:
        """1 while the action goes on, softly switched."""
        t = self.t_s
        end = np.float32(self.action.end_s - self.action.onset_s)
        return np.clip(t / _FADE_S, 0, 1) * np.clip((end - t) / _FADE_S + 1, 0, 1)

    def speed(self) -> Wave:
        """How fast the hand goes, 0 to 1: of a stroke to and fro, or of an act done once."""
        hz = strokes.rate_hz(self.action)
        if hz > 0:
            return np.abs(np.cos(np.float32(2 * np.pi * hz) * self.t_s)) * self.going()
        x = np.clip(self.t_s / np.float32(strokes.duration_s(self.action)), 0, 1)
        return 4 * x * (1 - x)

    def noise(self, part: int, low_hz: float, high_hz: float, tilt: float = 0.0) -> Wave:
        return noise(self.seed(part), SPAN_S, self.rate, low_hz, high_hz, tilt)

    def strikes(self, material: str, part: int, share: float = 1.0, halves: bool = False) -> Wave:
        """A blow at each contact (`halves`: at both ends of each stroke)."""
        canvas = np.zeros(round(SPAN_S * self.rate), dtype=np.float32)
        blow = strike(material, self.seed(part), self.rate)
        for at_s, strength in strokes.contacts(self.action):
            at = round((at_s - self.action.onset_s + LEAD_S) * self.rate)
            lay(canvas, blow, at, share * strength)
            if halves:
                lay(
                    canvas,
                    blow,
                    at + round(0.5 * self.rate / strokes.rate_hz(self.action)),
                    share * strength * 0.8,
                )
        return canvas

    def bursts(self, seconds: float, halves: bool = False) -> Wave:
        """An envelope that jumps up at each contact and decays within `seconds`."""
        canvas = np.zeros(round(SPAN_S * self.rate), dtype=np.float32)
        t = np.arange(round(4 * seconds * self.rate), dtype=np.float32) / np.float32(self.rate)
        burst = np.exp(t / np.float32(-seconds)) * np.minimum(1, t / np.float32(0.003))
        for at_s, strength in strokes.contacts(self.action):
            at = round((at_s - self.action.onset_s + LEAD_S) * self.rate)
            lay(canvas, burst, at, strength)
            if halves:
                lay(
                    canvas,
                    burst,
                    at + round(0.5 * self.rate / strokes.rate_hz(self.action)),
                    strength * 0.8,
                )
        return canvas

    def rough(self, part: int, per_s: float) -> Wave:
        return crackle(self.seed(part), SPAN_S, self.rate, per_s)

    def bubbles(self, part: int, per_s: float, low_hz: float, high_hz: float) -> Wave:
        return bubbles(self.seed(part), SPAN_S, self.rate, per_s, low_hz, high_hz) * self.going()


def _impact(b: Bench) -> Wave:
    if b.action.verb == "hammer":
        return b.strikes("metal", 1, 0.8) + b.strikes("wood", 2)
    return b.strikes(b.material, 1) + b.strikes("wood", 2, 0.6)


def _chop(b: Bench) -> Wave:
    crunch = b.noise(3, 1200, 6500) * b.bursts(0.022) * b.rough(4, 500)
    return 0.8 * b.strikes("wood", 1) + 0.9 * b.strikes("food", 2) + 0.5 * crunch


def _snip(b: Bench) -> Wave:
    return b.noise(1, 2500, 7800) * b.bursts(0.035) + 0.4 * b.strikes("metal", 2)


def _water(b: Bench) -> Wave:
    stream = b.noise(1, 350, 5200, 0.25) * b.going() * (0.8 + 0.2 * b.rough(2, 60))
    scrub = b.noise(3, 900, 6000) * b.speed() ** 2
    return stream + 0.5 * scrub + 0.9 * b.bubbles(4, 45, 500, 1900)


def _pour(b: Bench) -> Wave:
    stream = b.noise(1, 500, 4200, 0.3) * b.going()
    thick = 0.5 if b.action.noun == "oil" else 1.0
    return 0.5 * thick * stream + 1.3 * b.bubbles(2, 70, 350 * thick + 100, 1500)


def _grains(b: Bench) -> Wave:
    return b.noise(1, 2200, 7600) * b.rough(2, 700) * b.going()


def _stir(b: Bench) -> Wave:
    swish = b.noise(1, 250, 1600, 0.5) * b.speed()
    clink = {"coffee": "ceramic", "egg": "ceramic", "soup": "metal", "paint": "wood"}[b.action.noun]
    return 0.35 * swish + 0.8 * b.strikes(clink, 2, halves=True) + 0.35 * b.bubbles(3, 22, 300, 900)


def _scrape(b: Bench) -> Wave:
    low, high = {
        "glass": (1400, 5200),
        "metal": (1600, 7000),
        "ceramic": (1500, 6000),
        "wood": (700, 5200),
        "leather": (400, 3200),
    }.get(b.material, (350, 2600))
    rub = b.noise(1, low, high) * b.speed() * (0.6 + 0.4 * b.rough(2, 250))
    if b.material != "glass":
        return rub
    sweep = 900 + 260 * b.speed()
    squeak = np.sin(np.cumsum(2 * np.pi * sweep / b.rate)).astype(np.float32)
    return rub + 0.7 * squeak * b.speed() ** 3


def _saw(b: Bench) -> Wave:
    low, high = (1300, 7600) if b.material == "metal" else (500, 5000)
    hz = strokes.rate_hz(b.action)
    teeth = 0.6 + 0.4 * np.sin(
        np.float32(95 * 0.5 / hz * 2) * np.sin(np.float32(2 * np.pi * hz) * b.t_s) * 3
    )
    return (
        b.noise(1, low, high, 0.2)
        * b.speed() ** 1.5
        * teeth.astype(np.float32)
        * (0.5 + 0.5 * b.rough(2, 400))
    )


def _click(b: Bench) -> Wave:
    keys = b.strikes("glass" if b.action.noun == "phone" else "plastic", 1)
    return keys + 0.6 * b.noise(2, 1800, 7000) * b.bursts(0.008)


def _rattle(b: Bench) -> Wave:
    if b.action.noun == "bottle":
        slosh = b.noise(1, 250, 1500, 0.4) * b.bursts(0.06, halves=True)
        return slosh + 0.8 * b.bubbles(2, 40, 300, 1100)
    if b.action.noun == "bag":
        return b.noise(1, 1500, 7000) * b.bursts(0.06, halves=True) * b.rough(2, 300)
    inside = b.noise(1, 1800, 7500) * b.bursts(0.035, halves=True) * b.rough(2, 420)
    return inside + 0.6 * b.strikes(b.material, 3, halves=True)


def _rustle(b: Bench) -> Wave:
    low = 1800 if b.material in ("paper", "leaf") else 500
    return b.noise(1, low, 7200 if low > 1000 else 3500) * b.speed() * b.rough(2, 160)


def _slide(b: Bench) -> Wave:
    low, high = {"wood": (180, 1600), "cardboard": (500, 3800), "plastic": (400, 2600)}.get(
        b.material, (300, 2500)
    )
    glide = b.noise(1, low, high, 0.3) * b.speed() * (0.7 + 0.3 * b.rough(2, 120))
    hard = 1.6 if b.action.verb == "close" else 0.7
    return 0.7 * glide + hard * b.strikes(b.material, 3)


def _tap(b: Bench) -> Wave:
    return b.strikes(b.material, 1) + 0.5 * b.noise(2, 900, 5000) * b.bursts(0.012)


def _handle(b: Bench) -> Wave:
    grip = b.noise(1, 400, 3200, 0.3) * b.speed() * b.rough(2, 90)
    return 0.6 * grip + b.strikes(b.material, 3)


def _peel(b: Bench) -> Wave:
    hz = strokes.rate_hz(b.action)
    forward = np.maximum(0, np.sin(np.float32(2 * np.pi * hz) * b.t_s)).astype(np.float32)
    return b.noise(1, 1500, 6800) * forward * b.going() * (0.4 + 0.6 * b.rough(2, 600))


def _turn(b: Bench) -> Wave:
    canvas = np.zeros(round(SPAN_S * b.rate), dtype=np.float32)
    tick = strike("metal" if b.action.noun in ("key", "screw") else "plastic", b.seed(1), b.rate)
    length = strokes.duration_s(b.action)
    for k in range(5):
        lay(canvas, tick, round((LEAD_S + length * (0.15 + 0.16 * k)) * b.rate), 0.5 + 0.12 * k)
    grind = b.noise(2, 500, 3600) * b.speed() * b.rough(3, 140)
    return canvas + 0.5 * grind


def _squelch(b: Bench) -> Wave:
    press = b.speed() ** 2
    return b.noise(1, 90, 700, 0.3) * press + 0.6 * b.bubbles(2, 30, 180, 520) * press


_VOICES: dict[str, Callable[[Bench], Wave]] = {
    "impact": _impact,
    "chop": _chop,
    "snip": _snip,
    "water": _water,
    "pour": _pour,
    "grains": _grains,
    "stir": _stir,
    "scrape": _scrape,
    "saw": _saw,
    "click": _click,
    "rattle": _rattle,
    "rustle": _rustle,
    "slide": _slide,
    "tap": _tap,
    "handle": _handle,
    "peel": _peel,
    "turn": _turn,
    "squelch": _squelch,
}


@lru_cache(16)
def voice(action: Action, rate: int) -> tuple[int, Wave]:
    """First sample (counted from the start of the video) and the whole sound of an action,
    its loudest 100 ms at an RMS of 1."""
    wave = _VOICES[mechanism(action.verb, action.noun)](Bench(action, rate))
    fade = round(_FADE_S * rate)
    wave[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return round((action.onset_s - LEAD_S) * rate), level(wave.astype(np.float32, copy=False), rate)
