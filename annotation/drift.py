"""Who changes: an alarm when a person's answers move away from what they were before.

Two courses a person, both free of which clips came when: the person's yes minus the others' share
of yes on the same clip, and whether the person agrees with the others' majority. A change of the
others moves both too, less: with three people a clip, yes by half as far and the other way. So read
the alarms of all people together; who changed is who changed first and most.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotation.agreement_by import rest
from annotation.ratings import YES, Ratings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["more yes", "fewer yes", "less agreement"]

FALSE_ALARM_EVERY = 20_000
# Standard deviations to be found soonest: about ten points of yes, or of agreement.
SHIFT = 0.25
# Answers before a mean and a deviation of one's own are worth comparing with.
WARM_UP = 100
# A person who has hardly ever disagreed yet is given this deviation, so that one slip is no alarm.
LEAST_DEVIATION = 0.2


@dataclass(frozen=True, slots=True)
class Alarm:
    """`row` of the ratings set it off; the change seems to have begun at `since_row`.

    `before` and `after` are means of the course up to `since_row`, and from there to `row`: of yes
    minus the others' share, or of agreement. `answers` is how many it took.
    """

    person: str
    kind: Kind
    row: int
    since_row: int
    before: float
    after: float
    answers: int


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One person's answers in time, those that can be compared: all arrays are (m,).

    `rows` are rows of the ratings, `surplus` the yes (0 or 1) minus the others' share of yes on the
    clip, `agrees` 1 or 0, NaN where the others are even.
    """

    person: str
    rows: Ints
    surplus: Floats
    agrees: Floats


def courses(ratings: Ratings, times: Floats) -> tuple[Course, ...]:
    """Every person's course by `times` (n,), one a rating, in whatever unit; ties by row."""
    lead, others = rest(ratings)
    share = (others + lead) / np.maximum(2 * others, 1)
    said_yes = (ratings.values == YES).astype(np.float64)
    agrees = np.where(lead == 0, np.nan, said_yes == (lead > 0))
    comparable = np.flatnonzero((ratings.values <= YES) & (others > 0))
    order = comparable[np.lexsort((times[comparable], ratings.raters[comparable]))]
    ends = np.searchsorted(ratings.raters[order], np.arange(len(ratings.people) + 1))
    mine = [order[ends[code] : ends[code + 1]] for code in range(len(ratings.people))]
    return tuple(
        Course(person, rows, said_yes[rows] - share[rows], agrees[rows])
        for person, rows in zip(ratings.people, mine, strict=True)
    )


def drift(
    ratings: Ratings,
    times: Floats,
    *,
    false_alarm_every: int = FALSE_ALARM_EVERY,
    shift: float = SHIFT,
) -> tuple[Alarm, ...]:
    """All alarms, by person and time. A stable person sets off one in `false_alarm_every` answers
    for yes, and one in as many for agreement, on average (see `changes`)."""
    found: list[Alarm] = []
    for course in courses(ratings, times):
        told = ~np.isnan(course.agrees)
        watched: tuple[tuple[Ints, Floats, tuple[Kind | None, Kind | None]], ...] = (
            (course.rows, course.surplus, ("more yes", "fewer yes")),
            (course.rows[told], course.agrees[told], (None, "less agreement")),
        )
        mine: list[Alarm] = []
        for rows, values, kinds in watched:
            for change in changes(values, kinds, false_alarm_every, shift):
                kind, start, since, at = change
                mine.append(
                    Alarm(
                        person=course.person,
                        kind=kind,
                        row=int(rows[at]),
                        since_row=int(rows[since]),
                        before=float(values[start:since].mean()),
                        after=float(values[since : at + 1].mean()),
                        answers=at + 1 - since,
                    )
                )
        found += sorted(mine, key=lambda alarm: (times[alarm.row], alarm.kind))
    return tuple(found)


def changes(
    values: Floats,
    kinds: tuple[Kind | None, Kind | None],
    false_alarm_every: int = FALSE_ALARM_EVERY,
    shift: float = SHIFT,
) -> list[tuple[Kind, int, int, int]]:
    """Changes of the mean of a course (m,): (kind, start of the compared past, since, at).

    A self-starting CUSUM (Hawkins 1987): each value is set against the mean and deviation of all
    before it, so that no past needs to be declared good, then Page's cumulative sum (1954) with
    slack shift / 2. `kinds` name a rise and a fall; None watches that side not. After an alarm the
    past begins anew. The threshold follows from the false alarm rate, see `threshold`.
    """
    both: tuple[tuple[float, Kind | None], ...] = ((1.0, kinds[0]), (-1.0, kinds[1]))
    sides: list[tuple[float, Kind]] = [(sign, kind) for sign, kind in both if kind is not None]
    found: list[tuple[Kind, int, int, int]] = []
    start = 0
    while len(values) - start > WARM_UP:
        scores, skewness = standardised(values[start:])
        first: tuple[int, int, Kind] | None = None
        for sign, kind in sides:
            walk = np.concatenate([[0.0], np.cumsum(sign * scores - shift / 2)])
            lowest = np.minimum.accumulate(walk)
            height = threshold(false_alarm_every * len(sides), shift / 2, sign * skewness)
            over = np.flatnonzero(walk[1:] - lowest[1:] > height) + 1
            if len(over) and (first is None or over[0] - 1 < first[0]):
                since = int(np.flatnonzero(walk[: over[0]] == lowest[over[0]])[-1])
                first = (int(over[0]) - 1, since, kind)
        if first is None:
            break
        at, since, kind = first
        found.append((kind, start, start + since, start + at))
        start += at + 1
    return found


def standardised(values: Floats) -> tuple[Floats, Floats]:
    """Each value (m,) against the mean and deviation of those before it, and their skewness.

    Hawkins (1987), Eq. 2: sqrt((n - 1) / n) (x_n - mean_(n-1)) / s_(n-1); 0 in the warm-up.
    """
    past = np.arange(1, len(values))
    mean, square, cube = (np.cumsum(values**power)[:-1] / past for power in (1, 2, 3))
    variance = np.maximum(square - mean**2, 0.0)
    deviation = np.maximum(np.sqrt(variance * past / np.maximum(past - 1, 1)), LEAST_DEVIATION)
    scores, skewness = np.zeros(len(values)), np.zeros(len(values))
    scores[1:] = (values[1:] - mean) / deviation * np.sqrt(past / (past + 1))
    scores[:WARM_UP] = 0.0
    skewness[1:] = (cube - 3 * mean * square + 2 * mean**3) / deviation**3
    return scores, skewness


def threshold(run_length: float, slack: float, skewness: Floats) -> Floats:
    """The height that a stable one-sided CUSUM passes once in `run_length` values on average.

    Siegmund's approximation (1985, Eq. 2.51), (e^(tb) - tb - 1) / (t slack), b = height + 1.166,
    where t solves t / 2 + skewness t^2 / 6 = slack (t = 2 slack without skewness): rare slips of
    somebody who nearly always agrees pile up more easily than even ones.
    """
    skew = np.clip(skewness, -2.0, 4.0) / 3
    tilt = 2 * slack * 2 / (1 + np.sqrt(np.maximum(1 + 8 * skew * slack, 0.1)))
    exponent = np.full_like(tilt, 1.0)
    for _ in range(50):  # a contraction, for run lengths worth having
        exponent = np.log(run_length * tilt * slack + exponent + 1)
    return np.maximum(exponent / tilt - 1.166, 0.0)


def rolling_mean(values: Floats, width: int) -> Floats:
    """The mean of the last `width` values up to each (m,), NaN skipped; fewer at the start."""
    known = ~np.isnan(values)
    sums = np.cumsum(np.where(known, values, 0.0))
    counts = np.cumsum(known).astype(np.float64)
    sums[width:] -= sums[:-width].copy()
    counts[width:] -= counts[:-width].copy()
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
