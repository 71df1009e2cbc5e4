"""When and how an action moves. Hands and sounds both ask here: what is heard is what is seen."""

import math

from mc3core.world.plan import Action
from mc3core.world.vocabulary import VERBS

ENTER_S = 0.5  # the hands come into view this long before the action starts
TOUCHDOWN = {
    "put": 1.0,
    "close": 1.0,
    "open": 0.12,
    "turn": 0.5,
    "lift": 0.15,
    "hold": 0.3,
    "point": 0.5,
}


def smooth(x: float) -> float:
    """0 up to x = 0, 1 from x = 1, and a soft ramp between."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


def rate_hz(action: Action) -> float:
    """Strokes a second; force makes them faster."""
    return VERBS[action.verb].rate_hz * (0.85 + 0.3 * action.force)


def duration_s(action: Action) -> float:
    """How long an act done once takes."""
    return 0.75 - 0.3 * action.force


def active(action: Action, t_s: float) -> bool:
    return action.onset_s <= t_s <= action.end_s


def cycles(action: Action, t_s: float) -> float:
    """Strokes done so far (0 before the onset, frozen after the end)."""
    return (min(max(t_s, action.onset_s), action.end_s) - action.onset_s) * rate_hz(action)


def progress(action: Action, t_s: float) -> float:
    """How far an act done once has come, 0 to 1, softly started and stopped."""
    return smooth((t_s - action.onset_s) / duration_s(action))


def presence(action: Action, t_s: float) -> float:
    """How far the hands have come into view: 0 out of the picture, 1 at work."""
    enter = smooth((t_s - action.onset_s + ENTER_S) / (ENTER_S - 0.08))
    leave = smooth((t_s - action.end_s) / 0.2)
    return enter * (1 - leave)


def lift(action: Action, t_s: float) -> float:
    """Height of a tool that strikes: 0 at each contact, 1 between two."""
    return abs(math.cos(math.pi * cycles(action, t_s)))


def swing(action: Action, t_s: float) -> float:
    """Sideways place of a tool that strokes, -1 to 1."""
    return math.sin(2 * math.pi * cycles(action, t_s))


def contacts(action: Action) -> list[tuple[float, float]]:
    """Times (s) and strengths (0 to 1) at which something strikes something."""
    hz = rate_hz(action)
    if hz > 0:
        count = int((action.end_s - action.onset_s) * hz + 0.5)
        wobble = [0.75 + 0.25 * math.sin(action.seed % 97 + 2.4 * k) for k in range(count)]
        return [(action.onset_s + (k + 0.5) / hz, wobble[k]) for k in range(count)]
    if action.verb == "drop":
        return [
            (action.onset_s + FALL_S[0], 1.0),
            (action.onset_s + FALL_S[1], 0.4),
            (action.onset_s + FALL_S[2], 0.15),
        ]
    if action.verb == "touch":
        return [
            (action.onset_s + k * duration_s(action) * 0.55 + 0.15, 1.0 - 0.2 * k) for k in range(2)
        ]
    at = TOUCHDOWN.get(action.verb)
    return [] if at is None else [(action.onset_s + at * duration_s(action), 1.0)]


# Landing and two bounces of a thing let go, seconds after the onset.
FALL_S = (0.30, 0.52, 0.66)


def fall(action: Action, t_s: float) -> float:
    """Height of a dropped thing: 1 in the hand, 0 on the table, small bounces after."""
    s = t_s - action.onset_s
    release = 0.08
    if s < release:
        return 1.0
    if s < FALL_S[0]:
        return 1 - ((s - release) / (FALL_S[0] - release)) ** 2
    for start, stop, height in ((FALL_S[0], FALL_S[1], 0.14), (FALL_S[1], FALL_S[2], 0.05)):
        if s < stop:
            x = (s - start) / (stop - start)
            return height * 4 * x * (1 - x)
    return 0.0


def tap(action: Action, t_s: float) -> float:
    """How far a fingertip is from what it touches: 0 at contact, 1 away."""
    return min([1.0, *(min(1.0, abs(t_s - at) / 0.14) for at, _ in contacts(action))])
