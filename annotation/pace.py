"""Time worked, pace, and when a batch will be done.

The rule: a gap between two answers of a person counts as work up to `idle_s`; a longer one is a
break and counts nothing. The first answer of a session took time too, before anybody could see it:
it counts as the person's median working gap. So n answers have n working times, and short sessions
do not look faster than long ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from annotation.estimates import RESAMPLES, Estimate, estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

IDLE_S = 60.0
HOUR_S = 3600.0
# Whole weeks, so that days off weigh as often as they come.
RECENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Session:
    """Answers without a break; `start_s` and `end_s` are those of its first and last answer."""

    start_s: float
    end_s: float
    answers: int
    work_s: float


@dataclass(frozen=True, slots=True)
class Day:
    """What was answered on one calendar day of the zone. `per_hour` is answers an hour of work,
    None where no working gap has been seen."""

    day: date
    answers: int
    work_s: float
    sessions: int
    per_hour: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`per_day` are answers a calendar day of the recent `days`, days off included.

    `end` is the day on which `left` answers will have been given, `earliest` and `latest` its 95 %
    interval; None where it may never end at this pace.
    """

    left: int
    days: int
    per_day: float
    end: date | None
    earliest: date | None
    latest: date | None


def sessions(times_s: Floats, idle_s: float = IDLE_S) -> tuple[Session, ...]:
    """One person's sessions, from the times of the answers (n,), seconds since 1970, any order."""
    times = np.sort(times_s)
    if not len(times):
        return ()
    work, opens = _work(times, idle_s)
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(times)) - 1
    worked = np.add.reduceat(work, starts)
    return tuple(
        Session(float(times[first]), float(times[last]), int(last - first + 1), float(spent))
        for first, last, spent in zip(starts, ends, worked, strict=True)
    )


def days(times_s: Floats, zone: str, idle_s: float = IDLE_S) -> tuple[Day, ...]:
    """One person's days with answers in an IANA zone ("Europe/Berlin"), in order.

    A working time belongs to the day of the answer it led to, a session to the day it began.
    """
    times = np.sort(times_s)
    if not len(times):
        return ()
    work, opens = _work(times, idle_s)
    calendar, code = _calendar(times, zone)
    size = len(calendar)
    answers, begun, spent = (
        np.bincount(code, weights=weight, minlength=size)
        for weight in (np.ones(len(times)), opens.astype(np.float64), work)
    )
    return tuple(
        Day(
            day=calendar[number],
            answers=int(answers[number]),
            work_s=float(spent[number]),
            sessions=int(begun[number]),
            per_hour=_per_hour(answers[number], spent[number]),
        )
        for number in np.flatnonzero(answers).tolist()
    )


def pace(
    times_s: Floats, idle_s: float = IDLE_S, *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """One person's answers an hour of work, with a 95 % interval over working gaps.

    Gaps are drawn again in runs of about the square root of their number (a moving block bootstrap,
    Kuensch 1989), for slow and fast minutes come in runs. n counts the gaps.
    """
    gaps = np.diff(np.sort(times_s))
    gaps = gaps[gaps <= idle_s]
    n = len(gaps)
    if n < 2 or not gaps.sum():
        return Estimate(None, None, None, n, "fewer than two answers without a break")
    run = math.isqrt(n)
    sums = np.concatenate([[0.0], np.cumsum(gaps)])
    starts = np.random.default_rng(seed).integers(0, n - run + 1, size=(resamples, -(-n // run)))
    means = (sums[starts + run] - sums[starts]).mean(axis=1) / run
    with np.errstate(divide="ignore"):
        return estimate(HOUR_S / float(gaps.mean()), HOUR_S / means, n)


def forecast(
    times_s: Floats,
    left: int,
    today: date,
    zone: str,
    recent: int = RECENT_DAYS,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Forecast:
    """When `left` answers will have been given, from the pace of everybody's `times_s` (n,).

    The pace is that of the `recent` calendar days before `today` (which is not over), or of as many
    as there are since the first answer; today's answers are already out of `left` and say nothing.
    The interval draws those days again, and adds what the days to come will differ from their mean:
    by renewal theory (Cox 1962, 3.3) the days needed are about normal, their variance
    var left / mean^3.
    """
    counts = _recent_counts(times_s, today, zone, recent)
    if left <= 0:
        return Forecast(0, len(counts), float(counts.mean()) if len(counts) else 0, *[today] * 3)
    if not counts.any():
        return Forecast(left, len(counts), 0.0, None, None, None)
    draw = np.random.default_rng(seed)
    drawn = draw.choice(counts, size=(resamples, len(counts)))
    means = np.where(drawn.any(axis=1), drawn.mean(axis=1), np.nan)
    needed = left / means
    needed += draw.normal(size=resamples) * np.sqrt(drawn.var(axis=1) * needed / means**2)
    # Sorted by hand: days that never end are the last ones.
    ordered = np.sort(np.nan_to_num(np.maximum(needed, 0.0), nan=np.inf))
    low, high = ordered[int(0.025 * resamples)], ordered[math.ceil(0.975 * resamples) - 1]
    return Forecast(
        left=left,
        days=len(counts),
        per_day=float(counts.mean()),
        end=_after(today, left / float(counts.mean())),
        earliest=_after(today, float(low)),
        latest=_after(today, float(high)),
    )


def _work(times: Floats, idle_s: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The working time that led to each sorted answer (n,), and whether it opens a session."""
    gaps = np.diff(times)
    opens = np.concatenate([[True], gaps > idle_s])
    working = gaps[gaps <= idle_s]
    typical = float(np.median(working)) if len(working) else 0.0
    return np.where(opens, typical, np.concatenate([[0.0], gaps])), opens


def _calendar(times: Floats, zone: str) -> tuple[Sequence[date], Ints]:
    """The days of the zone from the first to the last of sorted times, and each time's place.

    By the instants at which days begin, not by adding an offset: days of 23 and 25 hours, and those
    that begin at one o'clock, come out right.
    """
    place = ZoneInfo(zone)
    first, last = (datetime.fromtimestamp(float(times[end]), place).date() for end in (0, -1))
    calendar = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins = [datetime(day.year, day.month, day.day, tzinfo=place).timestamp() for day in calendar]
    return calendar, np.searchsorted(np.array(begins), times, side="right") - 1


def _recent_counts(times_s: Floats, today: date, zone: str, recent: int) -> Floats:
    """Answers on each of the last `recent` days before today, since the first answer: (days,)."""
    if not len(times_s):
        return np.zeros(0)
    calendar, code = _calendar(np.sort(times_s), zone)
    counts = np.bincount(code, minlength=len(calendar))
    by_day = dict(zip(calendar, counts.tolist(), strict=True))
    back = min(recent, max((today - calendar[0]).days, 0))
    past = [today - timedelta(days=number) for number in range(back, 0, -1)]
    return np.array([by_day.get(day, 0) for day in past], np.float64)


def _after(today: date, needed_days: float) -> date | None:
    """The day that many working days' worth from the start of today; None beyond the calendar."""
    if not needed_days < (date.max - today).days:
        return None
    return today + timedelta(days=math.ceil(needed_days) - 1 if needed_days > 1 else 0)


def _per_hour(answers: float, work_s: float) -> float | None:
    return float(answers / work_s * HOUR_S) if work_s > 0 else None
