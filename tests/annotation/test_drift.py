"""Stable people are left alone as often as stated; those who change are found."""

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.drift import Alarm, changes, courses, drift, rolling_mean, threshold
from annotation.ratings import Ratings
from tests.annotation.simulated_votes import from_grid, votes


def surplus_and_agreement(
    seed: int, answers: int, accuracy: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A stable person beside two others of the same accuracy."""
    draw = np.random.default_rng(seed)
    truth = draw.random(answers) < 0.536
    said = draw.random((answers, 3)) < np.where(truth, accuracy, 1 - accuracy)[:, None]
    others = said[:, 1:].mean(axis=1)
    decided = others != 0.5
    agrees = said[decided, 0] == (others[decided] == 1)
    return said[:, 0] - others, agrees.astype(np.float64)


@pytest.mark.parametrize("accuracy", [0.8, 0.9])
def test_false_alarms_come_as_seldom_as_stated(accuracy: float) -> None:
    """One in 4,000 answers asked for; 400 stable people of 3,000 answers measured."""
    every, people, answers = 4000, 400, 3000
    courses = [surplus_and_agreement(seed, answers, accuracy) for seed in range(people)]
    yes = sum(len(changes(one, ("more yes", "fewer yes"), every)) for one, _ in courses)
    less = sum(len(changes(one, (None, "less agreement"), every)) for _, one in courses)
    assert 0.6 < yes / (people * answers / every) < 1.5
    assert 0.5 < less / (sum(len(one) for _, one in courses) / every) < 1.5


def test_who_nearly_always_agrees_is_not_alarmed_by_a_slip() -> None:
    always = np.ones(2000)
    always[[700, 1500]] = 0
    assert changes(always, (None, "less agreement")) == []
    pairs = [surplus_and_agreement(seed, 3000, 0.98)[1] for seed in range(100)]
    every = sum(len(one) for one in pairs) / 20_000
    assert sum(len(changes(one, (None, "less agreement"))) for one in pairs) <= 1.5 * every


def drifted(people: int, who: int, at: int, yes: float, seed: int) -> tuple[Ratings, list[Alarm]]:
    """From clip `at` on, `who` turns that share of the own no into yes."""
    drawn = votes(at * 2, people=people, seed=seed)
    ratings, draw = drawn.ratings, np.random.default_rng(seed)
    turned = (ratings.raters == who) & (ratings.units >= at) & (ratings.values == 0)
    ratings.values[turned & (draw.random(len(ratings)) < yes)] = 1
    return ratings, list(drift(ratings, ratings.units.astype(np.float64)))


def test_a_person_who_begins_to_say_yes_is_found_and_when() -> None:
    found = 0
    for seed in range(10):
        ratings, alarms = drifted(10, 3, 4000, 0.3, seed)
        mine = [one for one in alarms if one.person == ratings.people[3]]
        up = [one for one in mine if one.kind == "more yes"]
        found += len(up) > 0
        if up:
            assert abs(ratings.units[up[0].since_row] - 4000) < 800
            assert ratings.units[up[0].row] > 4000
            assert up[0].after - up[0].before > 0.05
            assert up[0].answers < 400
            assert ratings.raters[up[0].row] == 3
    assert found >= 9


def test_a_person_who_begins_to_guess_loses_agreement() -> None:
    drawn = votes(6000, people=10, seed=3)
    ratings, draw = drawn.ratings, np.random.default_rng(0)
    tired = (ratings.raters == 5) & (ratings.units >= 3000)
    ratings.values[tired] = draw.integers(0, 2, int(tired.sum()))
    alarms = drift(ratings, ratings.units.astype(np.float64))
    # Those who share clips with the guesser disagree more too, later and less.
    falls = [one for one in alarms if one.kind == "less agreement"]
    first, most = (
        min(falls, key=lambda one: one.row),
        max(falls, key=lambda one: one.before - one.after),
    )
    assert first == most
    assert first.person == ratings.people[5]
    assert abs(ratings.units[first.since_row] - 3000) < 300


def test_courses_are_in_time_and_against_the_others_only() -> None:
    ratings = from_grid(["yny", "nn.", "y..", "uyy", "yyn"])
    times = np.arange(len(ratings))[::-1].astype(np.float64)
    first = courses(ratings, times)[0]
    assert ratings.units[first.rows].tolist() == [4, 1, 0]  # alone and unsure are not compared
    assert first.surplus.tolist() == [0.5, 0.0, 0.5]
    assert np.isnan(first.agrees[[0, 2]]).all()
    assert first.agrees[1] == 1.0


def test_the_threshold_is_siegmunds() -> None:
    """A one-sided CUSUM with slack .5 and height 4 runs 336 values (Hawkins and Olwell 1998)."""
    assert threshold(336, 0.5, np.zeros(1))[0] == pytest.approx(4.0, abs=0.01)
    assert (np.diff(threshold(20_000, 0.125, np.linspace(-1.5, 2, 8))) > 0).all()


def test_rolling_means_skip_what_is_missing() -> None:
    values = np.array([1.0, np.nan, 0.0, 1.0, 1.0])
    assert rolling_mean(values, 2) == pytest.approx([1, 1, 0, 0.5, 1])
    assert rolling_mean(values, 99) == pytest.approx([1, 1, 0.5, 2 / 3, 0.75])
    assert np.isnan(rolling_mean(np.array([np.nan]), 3)).all()
