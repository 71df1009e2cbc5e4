"""Checks by simulation: how often they come, who is paused and how soon, in memory."""

import numpy as np
import pytest

from annotation.checks import (
    ENOUGH,
    FIRST_WITHOUT,
    GOLD_SHARE,
    GOLD_SHARE_LATER,
    REPEAT_SHARE,
    SCORED,
    gold_share,
    kind_of,
    kinds,
    must_pause,
    pick,
    pick_evenly,
    self_agreement,
)
from annotation.shares import wilson


def scored_when_paused(accuracy: float, answers: int, seed: int) -> int | None:
    """After how many scored gold answers somebody of this accuracy is paused; None: never."""
    right = np.random.default_rng(seed).random(answers) < accuracy
    for n, total in enumerate(np.cumsum(right), 1):
        if must_pause(wilson(int(total), n)):
            return n
    return None


@pytest.mark.parametrize("share", [GOLD_SHARE, GOLD_SHARE_LATER])
def test_over_thousands_of_items_the_shares_are_kept(share: float) -> None:
    n = 20_000
    found = [kind for who in (1, 2) for kind in kinds(who, FIRST_WITHOUT, n // 2, share)]
    for kind, wanted in (("gold", share), ("repeat", REPEAT_SHARE)):
        three_sigma = 3 * (wanted * (1 - wanted) / n) ** 0.5
        assert abs(found.count(kind) / n - wanted) < three_sigma


def test_a_share_that_falls_only_takes_checks_away() -> None:
    often = {n for n in range(5_000) if kind_of(7, n, GOLD_SHARE) == "gold"}
    later = {n for n in range(5_000) if kind_of(7, n, GOLD_SHARE_LATER) == "gold"}
    assert later < often


def test_the_same_question_gets_the_same_answer_and_people_differ() -> None:
    assert kinds(3, 100, 50, GOLD_SHARE) == kinds(3, 100, 50, GOLD_SHARE)
    assert kinds(3, 100, 50, GOLD_SHARE)[10:] == kinds(3, 110, 40, GOLD_SHARE)
    assert kinds(3, 0, 500, GOLD_SHARE) != kinds(4, 0, 500, GOLD_SHARE)
    assert pick(9, 3, 5) == pick(9, 3, 5) < 9


def test_the_first_items_are_never_checks() -> None:
    assert {kind for who in range(200) for kind in kinds(who, 0, FIRST_WITHOUT, 0.9)} == {"main"}


def test_gold_gets_rarer_for_who_is_surely_good() -> None:
    assert gold_share(wilson(0, 0)) == GOLD_SHARE
    assert gold_share(wilson(ENOUGH - 1, ENOUGH - 1)) == GOLD_SHARE
    assert gold_share(wilson(22, 22)) == GOLD_SHARE_LATER  # Wilson's lower bound: .851
    assert gold_share(wilson(21, 21)) == GOLD_SHARE
    assert gold_share(wilson(40, 44)) == GOLD_SHARE


def test_nobody_is_paused_before_there_is_enough_to_say() -> None:
    assert not must_pause(wilson(0, 0))
    assert not must_pause(wilson(0, ENOUGH - 1))
    assert must_pause(wilson(0, ENOUGH))
    assert must_pause(wilson(12, 20)) and not must_pause(wilson(13, 20))


def test_who_is_right_six_times_in_ten_is_paused_soon_after_twenty() -> None:
    paused = [scored_when_paused(0.6, 300, seed) for seed in range(300)]
    found = sorted(n for n in paused if n is not None)
    assert len(found) == len(paused)
    assert found[0] >= ENOUGH
    assert found[len(found) // 2] <= 1.5 * ENOUGH
    assert found[int(0.9 * len(found))] <= 4 * ENOUGH


def test_who_is_right_nineteen_times_in_twenty_is_hardly_ever_paused() -> None:
    assert not any(scored_when_paused(0.95, 1_000, seed) for seed in range(300))


def test_who_stands_at_the_border_is_rarely_paused_at_any_one_look() -> None:
    rng = np.random.default_rng(0)
    looks = rng.binomial(40, 0.8, 4_000)
    assert np.mean([must_pause(wilson(int(right), 40)) for right in looks]) < 0.05


def test_only_two_words_that_decide_are_compared() -> None:
    pairs = [("yes", "yes"), ("no", "no"), ("no", "yes"), ("unsure", "yes"), ("yes", "broken")]
    found = self_agreement(pairs)
    assert (found.same, found.total) == (2, 3)
    assert self_agreement([]).total == 0


def test_yes_and_no_come_alike_whatever_the_pool_holds() -> None:
    labels = ["yes"] * 90 + ["no"] * 10
    picked = [pick_evenly(labels, 1, n) for n in range(2000)]
    assert np.mean([labels[place] == "yes" for place in picked]) == pytest.approx(0.5, abs=0.04)
    assert len(set(picked)) > 90 and picked == [pick_evenly(labels, 1, n) for n in range(2000)]
    assert pick_evenly(["no"], 1, 0) == 0


def test_who_gets_careless_is_noticed_whatever_they_earned_before() -> None:
    def late(before: int) -> int:
        draw = np.random.default_rng(before)
        right = list(draw.random(before) < 0.95) + list(draw.random(1000) < 0.55)
        for n in range(before, len(right)):
            newest = right[max(n - SCORED, 0) : n]
            if must_pause(wilson(int(np.sum(newest)), len(newest))):
                return n - before
        raise AssertionError("never paused")

    assert max(late(before) for before in (100, 400, 1500)) <= 90
