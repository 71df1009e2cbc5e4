"""Named stems of any stretch of a video, and their mix: pure functions of plan and sample."""

import math
from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np

from mc3core.world.plan import TURN_S, Segment, Video
from mc3core.world.sound.actions import voice
from mc3core.world.sound.surroundings import (
    BLOCK_S,
    OVERLAP_S,
    ambient_block,
    event_voice,
    machine_voice,
)
from mc3core.world.sound.synth import Wave, amplitude, lay

Stem = Literal["action", "machine", "ambient", "offscreen", "event"]
STEMS: tuple[Stem, ...] = get_args(Stem)
DUTY = 0.3  # a gain control follows the mean: sounds that come and go count this much
_REACH_S = 1.0  # how far a sound may ring beyond its segment


def stem(video: Video, name: Stem, start_s: float, end_s: float, rate: int) -> Wave:
    """One stem of [start_s, end_s): (samples,) float32, relative to an ambient RMS of 1.

    `action`: what the hands in view do; `offscreen`: what others, or the wearer out of view, do;
    `machine`: the machine in view; `ambient`; `event`: unrelated sounds from elsewhere. Each sound
    is made whole from its own seed and cut, so a window alone equals the same samples of its video.
    """
    first = round(start_s * rate)
    canvas = np.zeros(round(end_s * rate) - first, dtype=np.float32)
    if name == "ambient":
        last = first + len(canvas)
        for index in range(
            int(first / rate / BLOCK_S), int((last / rate + OVERLAP_S) / BLOCK_S) + 1
        ):
            at, wave = ambient_block(video.ambient, video.seed, index, rate)
            lay(canvas, wave, at - first)
        return canvas
    for segment in _near(video, start_s, end_s):
        sound = _sound(segment, name, rate)
        if sound is not None:
            at, wave, size = sound
            lay(canvas, wave, at - first, size)
    return canvas


def mix(video: Video, start_s: float, end_s: float, rate: int) -> Wave:
    """What the microphone hears: the sum of the stems times the recorder's gain, within [-1, 1]."""
    total = stem(video, "ambient", start_s, end_s, rate)
    for name in STEMS:
        if name != "ambient" and any(
            _level_db(s, name) is not None for s in _near(video, start_s, end_s)
        ):
            total += stem(video, name, start_s, end_s, rate)
    return np.clip(total * gain(video, start_s, end_s, rate), -1, 1)


def gain(video: Video, start_s: float, end_s: float, rate: int) -> Wave:
    """The recorder's automatic gain (amplitude a sample): planned from the planned levels, the same
    all through a window, gliding while the wearer turns."""
    first = round(start_s * rate)
    t = (first + np.arange(round(end_s * rate) - first)) / rate
    points: list[tuple[float, float]] = []
    for segment in _near(video, start_s, end_s):
        level_db = _gain_db(segment)
        points += [(segment.start_s + TURN_S, level_db), (segment.end_s - TURN_S, level_db)]
    times, levels = zip(*points, strict=True)
    return (10 ** (np.interp(t, times, levels) / 20)).astype(np.float32)


def pcm(wave: Wave) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """16-bit samples."""
    return np.rint(wave * 32767).astype(np.int16)


def _near(video: Video, start_s: float, end_s: float) -> Iterator[Segment]:
    return (
        s for s in video.segments if s.start_s - _REACH_S < end_s and s.end_s + _REACH_S > start_s
    )


def _level_db(segment: Segment, name: Stem) -> float | None:
    """Level of a stem in this segment, or None where it is silent."""
    if name == "action":
        heard = segment.shown_sound
        if heard is None or not heard.below_rest:
            return None if heard is None else heard.level_db
        return _rest_db(segment) - heard.level_db
    if name == "machine":
        return None if segment.machine is None else segment.machine.level_db
    if name == "offscreen":
        return segment.unseen_db
    return None if segment.event is None else segment.event.level_db


def _rest_db(segment: Segment) -> float:
    """Level of everything but the action in view."""
    levels = [
        0.0,
        *(
            db
            for name in ("machine", "offscreen", "event")
            if (db := _level_db(segment, name)) is not None
        ),
    ]
    return 10 * math.log10(sum(10 ** (db / 10) for db in levels))


def _gain_db(segment: Segment) -> float:
    duty: dict[Stem, float] = {"action": DUTY, "offscreen": DUTY, "event": DUTY / 2, "machine": 1.0}
    levels: dict[Stem, float | None] = {name: _level_db(segment, name) for name in duty}
    power = 1.0 + sum(duty[n] * 10 ** (db / 10) for n, db in levels.items() if db is not None)
    return segment.loudness_db - 10 * math.log10(power)


def _sound(segment: Segment, name: Stem, rate: int) -> tuple[int, Wave, float] | None:
    level_db = _level_db(segment, name)
    if level_db is None:
        return None
    size = amplitude(level_db)
    if name == "action" and segment.shown is not None:
        return *voice(segment.shown, rate), size
    if name == "offscreen" and segment.unseen is not None:
        return *voice(segment.unseen, rate), size
    if name == "machine":
        return *machine_voice(segment, rate), size
    if name == "event" and segment.event is not None:
        return *event_voice(segment.event, segment.seed, rate), size
    return None
