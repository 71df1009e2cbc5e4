"""Agreement against the libraries that define it, worked examples, and what must not matter."""

import csv
from pathlib import Path
from random import Random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_of_statsmodels

from annotation.agreement import Agreement, agreement, of_table
from annotation.estimates import NO_SPREAD, NOBODY, ONE_CATEGORY, Estimate, distinct
from annotation.ratings import Ratings, collect
from tests.annotation.simulated_votes import GRID, from_grid, votes

# Gwet, Handbook of Inter-Rater Reliability (2014), four raters, five categories, gaps; the figures
# are those that R's irrCAC prints for it (cac.raw4raters).
ROWS = "11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 ..3."
GWET = ROWS.split()

tables = st.lists(
    st.tuples(*[st.integers(0, 4)] * 3).filter(lambda row: sum(row) > 0), min_size=2, max_size=30
).map(lambda rows: np.array(rows, np.int64))


def value(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def figures(found: Agreement) -> list[float]:
    every = (found.unanimous, found.pairwise, found.fleiss_kappa, found.alpha, found.ac1)
    return [np.nan if one.value is None else one.value for one in every]


def grid(ratings: Ratings) -> NDArray[np.float64]:
    """(people, clips) with NaN gaps, as the oracle wants it."""
    cells = np.full((len(ratings.people), len(ratings.clips)), np.nan)
    cells[ratings.raters, ratings.units] = ratings.values
    return cells


def test_gwets_worked_example_with_gaps() -> None:
    found = agreement(from_grid(GWET, "12345"), resamples=0)
    assert found.clips == 11
    assert value(found.pairwise) == pytest.approx(0.8181818, abs=5e-8)
    assert value(found.ac1) == pytest.approx(0.77544, abs=5e-6)
    assert value(found.fleiss_kappa) == pytest.approx(0.76117, abs=5e-6)
    assert value(found.alpha) == pytest.approx(0.74342, abs=5e-6)


def test_cannot_tell_as_a_category_or_as_missing() -> None:
    """Frozen from Python's irrCAC 0.4.4, CAC(grid, categories=...).gwet() and .fleiss(); it cannot
    be a dependency, for it pins an older scipy and pandas."""
    ratings = from_grid(GRID)
    three, two = (
        agreement(ratings, unsure="category", resamples=0),
        agreement(ratings, unsure="missing", resamples=0),
    )
    assert value(three.ac1) == pytest.approx(0.387619912167)
    assert value(three.fleiss_kappa) == pytest.approx(0.258951368684)
    assert value(two.ac1) == pytest.approx(0.403944485026)
    assert value(two.fleiss_kappa) == pytest.approx(0.369884169884)
    cells = grid(ratings)
    for found in (three, two):
        expected = krippendorff.alpha(cells, level_of_measurement="nominal")
        assert value(found.alpha) == pytest.approx(expected)
        cells[cells == 2] = np.nan


@pytest.mark.parametrize("unsure", [0.0, 0.1])
def test_fleiss_is_statsmodels_where_all_clips_have_three(unsure: float) -> None:
    ratings = votes(2000, unsure=unsure, seed=3).ratings
    found = agreement(ratings, unsure="category", resamples=0)
    assert value(found.fleiss_kappa) == pytest.approx(fleiss_of_statsmodels(ratings.table()))


def test_alpha_is_krippendorffs_on_real_answers(shared_data: Path) -> None:
    """18 people naming kitchen sounds, 1 to 5 a sound."""
    file = shared_data / "kitchen20" / "human_answers.csv"
    if not file.is_file():
        pytest.skip("no answers about kitchen sounds")
    with file.open(encoding="utf-8", newline="") as lines:
        seen = {(row["index"], row["annotator"]): row["answer"] for row in csv.DictReader(lines)}
    heard = tuple(sorted(set(seen.values())))
    ratings, _ = collect([k[0] for k in seen], [k[1] for k in seen], list(seen.values()), heard)
    assert len(ratings.people) == 18
    found = of_table(ratings.table())
    expected = krippendorff.alpha(grid(ratings), level_of_measurement="nominal")
    assert value(found.alpha) == pytest.approx(expected)
    assert found.alpha.low is not None
    assert found.alpha.high is not None
    assert found.alpha.low < expected < found.alpha.high


def test_three_people_of_accuracy_90_reach_what_probability_says() -> None:
    """Base rate .536: kappa .64, 73.0 % unanimous, the majority right on 97.2 %."""
    drawn = votes(200_000, accuracy=0.9, seed=1)
    found, table = agreement(drawn.ratings), drawn.ratings.table()
    assert value(found.unanimous) == pytest.approx(0.9**3 + 0.1**3, abs=0.003)
    assert value(found.fleiss_kappa) == pytest.approx(0.64, abs=0.005)
    assert ((table[:, 1] > table[:, 0]) == drawn.truth).mean() == pytest.approx(0.972, abs=0.002)
    assert value(found.k_rater) == pytest.approx(3 * 0.6388 / (1 + 2 * 0.6388), abs=0.005)


def test_k_rater_is_what_two_means_of_three_correlate() -> None:
    """Wong and Paritosh's empirical form: collect twice, compare; here with a fifth even clips."""
    draw = np.random.default_rng(0)
    clips = 60_000
    yes = np.where(draw.random(clips) < 0.2, 0.5, np.where(draw.random(clips) < 0.5, 0.97, 0.03))
    once, again = (draw.binomial(3, yes) for _ in range(2))
    found = of_table(np.column_stack([3 - once, once]), resamples=0)
    assert value(found.k_rater) == pytest.approx(np.corrcoef(once, again)[0, 1], abs=0.01)
    # The majority labels themselves are less reliable than that, as the docstring warns.
    labels = np.corrcoef(once >= 2, again >= 2)[0, 1]
    assert labels == pytest.approx(0.79, abs=0.02)
    assert labels < value(found.k_rater) - 0.05


def test_perfect_agreement_is_one_and_says_that_resampling_sees_no_spread() -> None:
    found = of_table(np.array([[3, 0], [0, 3]] * 10))
    assert figures(found) == pytest.approx([1.0] * 5)
    assert value(found.k_rater) == 1.0
    assert (found.alpha.low, found.alpha.high, found.alpha.note) == (1.0, 1.0, NO_SPREAD)


def test_chance_is_zero_and_systematic_disagreement_below() -> None:
    draw = np.random.default_rng(5)
    yes = draw.binomial(3, 0.5, 40_000)
    found = of_table(np.column_stack([3 - yes, yes]), resamples=0)
    assert figures(found)[2:] == pytest.approx([0, 0, 0], abs=0.01)
    assert value(of_table(np.array([[1, 1]] * 50), resamples=0).fleiss_kappa) == -1.0


def test_what_cannot_be_computed_is_none_and_says_why() -> None:
    one_category = of_table(np.array([[3, 0]] * 20))
    assert one_category.fleiss_kappa == Estimate(None, None, None, 20, ONE_CATEGORY)
    assert one_category.alpha.value is one_category.k_rater.value is None
    assert value(one_category.unanimous) == value(one_category.ac1) == 1.0
    for table in (np.zeros((0, 2), np.int64), np.array([[1, 0], [0, 1]]), np.array([[2, 1]])):
        found = of_table(table)
        assert found.alpha == Estimate(None, None, None, found.clips, NOBODY)
        assert found.unanimous.value is None


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    kappa = 0.6388  # accuracy .9, base rate .536
    held = 0
    for seed in range(200):
        found = agreement(votes(300, seed=seed).ratings, resamples=400).fleiss_kappa
        assert found.low is not None
        assert found.high is not None
        held += found.low <= kappa <= found.high
    assert 180 <= held <= 199  # 95 % of 200, within three standard errors


def test_drawing_counts_is_drawing_clips() -> None:
    """The multinomial bootstrap against one that draws rows, on the same table."""
    table = votes(400, unsure=0.05, seed=9).ratings.table()
    draw = np.random.default_rng(0)
    rows = [
        value(of_table(table[draw.integers(0, 400, 400)], resamples=0).alpha) for _ in range(1000)
    ]
    found = of_table(table).alpha
    assert [found.low, found.high] == pytest.approx(np.quantile(rows, [0.025, 0.975]), abs=0.012)


def test_the_same_seed_gives_the_same_intervals() -> None:
    ratings = votes(500).ratings
    assert agreement(ratings, seed=4) == agreement(ratings, seed=4)
    assert agreement(ratings, seed=4) != agreement(ratings, seed=5)


@given(tables, st.randoms(use_true_random=False), st.permutations([0, 1, 2]))
@settings(max_examples=60, deadline=None)
def test_order_of_clips_and_names_of_categories_do_not_matter(
    table: NDArray[np.int64], random: Random, renamed: list[int]
) -> None:
    rows = list(range(len(table)))
    random.shuffle(rows)
    before = figures(of_table(table, resamples=0))
    after = figures(of_table(table[rows][:, renamed], resamples=0))
    assert before == pytest.approx(after, nan_ok=True)


@given(st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_who_is_who_does_not_matter(order: list[int]) -> None:
    ratings = from_grid(GRID)
    swapped = from_grid(["".join(row[place] for place in order) for row in GRID])
    assert agreement(ratings) == agreement(swapped)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_alpha_is_krippendorffs_on_any_table(table: NDArray[np.int64]) -> None:
    found = of_table(table, resamples=0).alpha
    pairable = table[table.sum(axis=1) >= 2]
    if found.value is None:
        assert len(pairable) < 2 or (pairable.any(axis=0)).sum() < 2
    else:
        expected = krippendorff.alpha(value_counts=table, level_of_measurement="nominal")
        assert found.value == pytest.approx(expected)


def test_distinct_rows_are_numpys_also_where_they_do_not_fit_a_number() -> None:
    draw = np.random.default_rng(0)
    for width, top in ((3, 4), (40, 9)):
        table = draw.integers(0, top, (200, width))
        rows, counts = distinct(table)
        expected, number = np.unique(table, axis=0, return_counts=True)
        order = np.lexsort(rows.T[::-1])
        assert (rows[order] == expected).all()
        assert (counts[order] == number).all()
