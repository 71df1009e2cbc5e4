"""The model finds who answers how, and which clips are open."""

import numpy as np
import pytest

from annotation.dawid_skene import dawid_skene, rank_for_adjudication
from annotation.ratings import UNSURE
from tests.annotation.simulated_votes import GRID, from_grid, votes

# crowd-kit 1.4.2, DawidSkene(n_iter=1500, tol=-1) on the yes and no of GRID: each clip's
# probability of yes, and how often each person says yes to a yes and to a no.
CROWD_KIT = """
0 0 0 1 .644972 0 1 0 0 1 .052452 1 1 1 .261453 .214991 1 0 0 .214991
1 1 0 1 1 0 1 .171023 0 0 1 .644972 1 0 0 1 1 1 0 1
"""
SAYS_YES_TO_YES = [1, 1, 0.731683, 0.680608, 0.28067]
SAYS_YES_TO_NO = [0.150753, 0, 0, 0, 0.443511]


def test_the_papers_maximum_likelihood_is_crowd_kits() -> None:
    ratings = from_grid(GRID)
    ratings = ratings.only(ratings.values != UNSURE)
    found = dawid_skene(ratings, pseudo=0.0, tolerance=1e-12, most_iterations=5000)
    expected = [float(number) for number in CROWD_KIT.split()]
    assert found.posterior == pytest.approx(expected, abs=2e-5)
    assert found.prior[1] == pytest.approx(0.505121, abs=1e-5)
    assert found.confusion[:, 1, 1] == pytest.approx(SAYS_YES_TO_YES, abs=2e-5)
    assert found.confusion[:, 0, 1] == pytest.approx(SAYS_YES_TO_NO, abs=2e-5)


def test_it_finds_simulated_error_rates_and_the_base_rate() -> None:
    accuracy = np.linspace(0.7, 0.97, 12)
    drawn = votes(30_000, people=12, accuracy=accuracy, seed=5)
    found = dawid_skene(drawn.ratings)
    assert found.converged
    for kind in (0, 1):
        assert found.confusion[:, kind, kind] == pytest.approx(accuracy, abs=0.025)
    assert found.confusion.sum(axis=2) == pytest.approx(np.ones((12, 2)))
    assert found.prior[1] == pytest.approx(0.536, abs=0.01)
    table = drawn.ratings.table()
    by_vote = ((table[:, 1] > table[:, 0]) == drawn.truth).mean()
    assert ((found.posterior > 0.5) == drawn.truth).mean() >= by_vote
    # A posterior means what it says.
    for low, high in ((0.05, 0.3), (0.7, 0.95)):
        some = (found.posterior > low) & (found.posterior < high)
        assert drawn.truth[some].mean() == pytest.approx(found.posterior[some].mean(), abs=0.06)


def test_cannot_tell_is_heard_as_a_response() -> None:
    """Whoever is unsure only of clips that do not sound says something by it."""
    drawn = votes(4000, people=8, accuracy=0.85, seed=6)
    values = drawn.ratings.values.copy()
    quiet = ~drawn.truth[drawn.ratings.units] & (drawn.ratings.raters == 0)
    values[quiet & (np.random.default_rng(0).random(len(values)) < 0.5)] = UNSURE
    ratings = drawn.ratings.only(np.ones(len(values), np.bool_))
    found = dawid_skene(
        type(ratings)(
            ratings.clips,
            ratings.people,
            ratings.categories,
            ratings.units,
            ratings.raters,
            values,
        )
    )
    assert found.confusion[0, 0, UNSURE] == pytest.approx(0.5, abs=0.06)
    assert found.confusion[0, 1, UNSURE] < 0.03
    assert np.isfinite(found.posterior).all()


def test_another_question_than_yes_or_no_is_refused() -> None:
    with pytest.raises(ValueError, match="expected no and yes first"):
        dawid_skene(from_grid(["ab", "ba"], "ab"))


def test_likelihood_never_falls() -> None:
    ratings = votes(500, people=6, accuracy=0.8, unsure=0.1, seed=7).ratings
    steps = [
        dawid_skene(ratings, pseudo=0.0, most_iterations=count, tolerance=0).log_likelihood
        for count in range(1, 40)
    ]
    assert (np.diff(steps) > -1e-9).all()


def test_clips_without_answers_have_the_prior_and_are_not_ranked() -> None:
    ratings = votes(300, seed=8).ratings
    part = ratings.only(ratings.units >= 100)
    found = dawid_skene(part)
    assert (found.posterior[:100] == found.prior[1]).all()
    ranked = rank_for_adjudication(found.posterior, part.table())
    assert sorted(ranked.tolist()) == list(range(100, 300))
    nothing = dawid_skene(ratings.only(np.zeros(len(ratings), np.bool_)))
    assert nothing.converged
    assert (nothing.posterior == 0.5).all()


def test_the_least_certain_come_first_and_even_ones_by_their_vote() -> None:
    posterior = np.array([0.99, 0.5, 0.4, 0.6, 0.5])
    table = np.array([[0, 3, 0], [0, 0, 2], [2, 1, 0], [1, 1, 0], [1, 2, 0]])
    assert rank_for_adjudication(posterior, table).tolist() == [1, 4, 3, 2, 0]


def test_adjudicating_the_first_clips_mends_most() -> None:
    drawn = votes(3000, people=10, accuracy=np.linspace(0.75, 0.95, 10), seed=9)
    found = dawid_skene(drawn.ratings)
    ranked = rank_for_adjudication(found.posterior, drawn.ratings.table())
    wrong = (found.posterior > 0.5) != drawn.truth
    assert wrong[ranked[:600]].sum() > 0.5 * wrong.sum()
