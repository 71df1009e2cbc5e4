"""Groups are what a mask gives; a person stands against the others only."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from annotation.agreement import agreement
from annotation.agreement_by import against_rest, agreement_by, cohen_kappas
from annotation.estimates import ONE_CATEGORY
from annotation.ratings import NO, UNSURE, YES, Ratings
from tests.annotation.simulated_votes import GRID, from_grid, votes


def by_hand(ratings: Ratings, person: int) -> tuple[list[int], list[int], int, int]:
    """Own answers, the rest's majority, ties, alone: a rating at a time."""
    own: list[int] = []
    others: list[int] = []
    ties = alone = 0
    rows = list(zip(ratings.units, ratings.raters, ratings.values, strict=True))
    for unit, rater, value in rows:
        if rater != person or value == UNSURE:
            continue
        rest = [v for u, r, v in rows if u == unit and r != person and v != UNSURE]
        if not rest:
            alone += 1
        elif rest.count(YES) == rest.count(NO):
            ties += 1
        else:
            own.append(int(value))
            others.append(int(rest.count(YES) > rest.count(NO)))
    return own, others, ties, alone


def test_each_person_against_the_others_as_counted_by_hand() -> None:
    ratings = from_grid(GRID)
    for person, found in enumerate(against_rest(ratings)):
        own, others, ties, alone = by_hand(ratings, person)
        mine = ratings.values[ratings.raters == person]
        assert found.person == ratings.people[person]
        assert (found.ties, found.alone, found.unsure) == (ties, alone, int((mine == 2).sum()))
        assert found.kappa.n == found.agrees.total == found.rest_yes.total == len(own)
        assert found.kappa.value == pytest.approx(cohen_kappa_score(own, others))
        assert (found.yes.yes, found.yes.total) == (int((mine == 1).sum()), int((mine < 2).sum()))
        assert found.rest_yes.yes == sum(others)
        assert found.answers == len(mine) == found.yes.total + found.unsure
        assert found.agrees.total + ties + alone == found.yes.total


def test_a_careless_person_stands_out() -> None:
    accuracy = np.full(30, 0.93)
    accuracy[11] = 0.65
    found = against_rest(votes(6000, accuracy=accuracy).ratings)
    highs = {one.person: one.kappa.high for one in found if one.kappa.high is not None}
    lows = {one.person: one.kappa.low for one in found if one.kappa.low is not None}
    careless = found[11].person
    assert highs[careless] < min(low for person, low in lows.items() if person != careless)


def test_groups_are_what_a_mask_gives() -> None:
    ratings = votes(900, unsure=0.05, seed=2).ratings
    verbs = [None if unit % 7 == 0 else f"verb {unit % 3}" for unit in ratings.units.tolist()]
    found = agreement_by(ratings, verbs, seed=3)
    assert list(found) == ["verb 0", "verb 1", "verb 2"]
    for verb, inside in found.items():
        mask = np.array([verb == one for one in verbs])
        assert inside == agreement(ratings.only(mask), seed=3)


def test_people_by_day_meet_the_clips_other_answers_of_any_day() -> None:
    ratings = votes(600, people=6, seed=4).ratings
    days = [f"day {row % 2}" for row in range(len(ratings))]
    whole = {one.person: one for one in against_rest(ratings)}
    parts = against_rest(ratings, days)
    assert [one.group for one in parts] == ["day 0"] * 6 + ["day 1"] * 6
    for person, one in whole.items():
        mine = [part for part in parts if part.person == person]
        assert sum(part.agrees.yes for part in mine) == one.agrees.yes
        assert sum(part.ties for part in mine) == one.ties


def test_a_group_or_person_without_ratings_is_not_there() -> None:
    ratings = votes(50, people=4).ratings
    none = ratings.only(np.zeros(len(ratings), np.bool_))
    assert against_rest(none) == ()
    assert agreement_by(none, []) == {}
    with pytest.raises(ValueError, match="name one a rating"):
        agreement_by(ratings, ["a"])


def test_kappas_of_many_tables_are_sklearns_and_undefined_where_both_say_one_thing() -> None:
    draw = np.random.default_rng(0)
    tables = draw.integers(0, 40, (50, 2, 2))
    for table, found in zip(tables, cohen_kappas(tables), strict=True):
        own = np.repeat([0, 0, 1, 1], table.ravel())
        others = np.repeat([0, 1, 0, 1], table.ravel())
        assert found.value == pytest.approx(cohen_kappa_score(own, others))
        assert found.low is not None
        assert found.high is not None
        assert found.value is not None
        assert found.low <= found.value <= found.high
    (only_yes,) = cohen_kappas(np.array([[[0, 0], [0, 9]]]))
    assert (only_yes.value, only_yes.note) == (None, ONE_CATEGORY)
