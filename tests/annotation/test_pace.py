"""Breaks are no work, days are those of the place, and an end is told with its interval."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from annotation.pace import days, forecast, pace, sessions


def at(zone: str, *when: int) -> float:
    return datetime(when[0], when[1], when[2], *when[3:], tzinfo=ZoneInfo(zone)).timestamp()


def workdays(first: date, counts: list[int], zone: str = "UTC") -> NDArray[np.float64]:
    """That many answers on each day, from nine o'clock, three seconds apart."""
    starts = [first + timedelta(days=number) for number in range(len(counts))]
    return np.concatenate(
        [
            at(zone, day.year, day.month, day.day, 9) + 3 * np.arange(count, dtype=np.float64)
            for day, count in zip(starts, counts, strict=True)
        ]
    )


def test_a_break_counts_nothing_and_a_first_answer_its_median() -> None:
    times = np.array([0.0, 4, 8, 14, 100, 103])  # gaps 4 4 6 | 86 | 3
    first, second = sessions(times)
    assert (first.start_s, first.end_s, first.answers, first.work_s) == (0, 14, 4, 4 + 14)
    assert (second.start_s, second.answers, second.work_s) == (100, 2, 4 + 3)
    assert len(sessions(times, idle_s=86)) == 1
    assert sessions(np.zeros(0)) == ()


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=60), st.floats(0.1, 1e4))
def test_every_answer_is_in_one_session_and_work_fits_in_time(
    times: list[float], idle_s: float
) -> None:
    found = sessions(np.array(times), idle_s)
    assert sum(one.answers for one in found) == len(times)
    assert all(one.work_s <= one.end_s - one.start_s + idle_s + 1e-6 for one in found)
    assert all(b.start_s - a.end_s > idle_s for a, b in pairwise(found))
    by_day = days(np.array(times), "Asia/Tokyo", idle_s)
    assert sum(one.work_s for one in by_day) == pytest.approx(sum(one.work_s for one in found))
    assert sum(one.answers for one in by_day) == len(times)
    assert sum(one.sessions for one in by_day) == len(found)


def test_days_are_those_of_the_zone() -> None:
    late = at("Europe/Berlin", 2026, 3, 3, 23, 59, 58)
    times = late + np.array([0.0, 1, 3])
    berlin, utc = days(times, "Europe/Berlin"), days(times, "UTC")
    assert [(one.day, one.answers, one.sessions) for one in berlin] == [
        (date(2026, 3, 3), 2, 1),
        (date(2026, 3, 4), 1, 0),
    ]
    assert [one.answers for one in utc] == [3]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # begins at one o'clock
    ],
)
def test_days_on_which_clocks_change_have_their_hours(zone: str, day: date, hours: int) -> None:
    noon = at(zone, day.year, day.month, day.day, 12)
    times = noon + 600 * np.arange(-300, 300, dtype=np.float64)
    found = {one.day: one.answers for one in days(times, zone)}
    expected = [datetime.fromtimestamp(time, ZoneInfo(zone)).date() for time in times.tolist()]
    assert found == {one: expected.count(one) for one in set(expected)}
    assert found[day] == hours * 6


def test_pace_is_answers_an_hour_of_work_with_an_interval() -> None:
    draw = np.random.default_rng(0)
    held = 0
    for seed in range(100):
        gaps = draw.lognormal(1.0, 0.4, 400)
        gaps[::50] = 900  # breaks
        truth = 3600 / float(np.exp(1.0 + 0.4**2 / 2))
        found = pace(np.cumsum(gaps), seed=seed)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert held >= 86
    assert pace(np.array([1.0])).value is None
    assert pace(np.array([1.0, 1000.0])).note
    (day,) = days(np.arange(0, 300, 3.0), "UTC")
    assert day.per_hour == pytest.approx(1200)


def test_an_even_pace_ends_on_the_day_it_must() -> None:
    today = date(2026, 5, 18)
    times = workdays(today - timedelta(days=14), [500] * 14)
    found = forecast(times, left=5000, today=today, zone="UTC")
    assert (found.days, found.per_day) == (14, 500)
    assert found.end == found.earliest == found.latest == today + timedelta(days=9)
    assert forecast(times, left=0, today=today, zone="UTC").end == today
    assert forecast(times, left=500, today=today, zone="UTC").end == today


def test_the_interval_holds_the_real_end_of_uneven_weeks() -> None:
    draw, today, held = np.random.default_rng(2), date(2026, 5, 18), 0
    for seed in range(100):
        counts = draw.negative_binomial(4, 4 / 404, 120)
        times = workdays(today - timedelta(days=14), counts[:14].tolist())
        found = forecast(times, left=8000, today=today, zone="UTC", seed=seed)
        needed = int(np.searchsorted(np.cumsum(counts[14:]), 8000))
        assert found.earliest is not None
        assert found.latest is not None
        held += found.earliest <= today + timedelta(days=needed) <= found.latest
    assert held >= 82


def test_today_and_days_off_are_seen_as_what_they_are() -> None:
    today = date(2026, 5, 18)
    times = workdays(today - timedelta(days=4), [100, 0, 0, 100, 7])
    found = forecast(times, left=1000, today=today, zone="UTC")
    assert (found.days, found.per_day) == (4, 50)
    assert found.end == today + timedelta(days=19)
    assert found.end is not None
    assert found.latest is None or found.latest > found.end


def test_nothing_done_foretells_nothing() -> None:
    today = date(2026, 5, 18)
    for times in (np.zeros(0), workdays(today, [50]), workdays(date(2026, 1, 1), [50])):
        found = forecast(times, left=10, today=today, zone="UTC")
        assert (found.end, found.earliest, found.latest, found.per_day) == (None, None, None, 0.0)
