"""How far people agree: the same answers on the same clips, beyond chance, each with its interval.

Every coefficient here is a function of a few sums over clips, so one pass over the distinct rows of
the count table gives them all, and one bootstrap gives all their intervals.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotation.estimates import (
    RESAMPLES,
    Estimate,
    Floats,
    distinct,
    estimate,
    resampled_sums,
)
from annotation.ratings import CATEGORIES, UNSURE, Ratings

Ints = NDArray[np.int64]
# "Can't tell" is an answer like the others, or no answer.
Unsure = Literal["category", "missing"]

# The columns of a clip's features, before those that are one a category.
RATED, PAIRED, UNANIMOUS, PAIRWISE, PAIRED_RATINGS, COINCIDENT = range(6)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`clips` have at least two of the `ratings`; every estimate's n is `clips`.

    `k_rater` is the reliability of `k` people together.
    """

    clips: int
    ratings: int
    unsure: Unsure
    unanimous: Estimate
    pairwise: Estimate
    fleiss_kappa: Estimate
    alpha: Estimate
    ac1: Estimate
    k: int
    k_rater: Estimate


def agreement(
    ratings: Ratings,
    *,
    unsure: Unsure = "missing",
    k: int = 3,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """All coefficients of the ratings, with 95 % percentile intervals over clips.

    The default leaves "can't tell" out, as the vote does. The same seed, the same intervals.
    """
    return of_table(counted(ratings, unsure), unsure=unsure, k=k, resamples=resamples, seed=seed)


def counted(ratings: Ratings, unsure: Unsure) -> Ints:
    """The count table (clips, categories), "can't tell" being its own column or none."""
    return answered(ratings.table(), ratings.categories, unsure)


def answered(table: Ints, categories: tuple[str, ...], unsure: Unsure) -> Ints:
    """A count table (clips, categories) without its column of "can't tell", where that is missing;
    of another question nothing is left out."""
    gone = [number for number, name in enumerate(categories) if name == CATEGORIES[UNSURE]]
    return np.delete(table, gone, axis=1) if unsure == "missing" else table


def of_table(
    table: Ints,
    *,
    unsure: Unsure = "category",
    k: int = 3,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """The same of a count table (clips, categories) of whatever categories."""
    rows, counts = distinct(table[table.any(axis=1)])
    columns = features(rows)
    sums = counts @ columns
    again = resampled_sums(columns, counts, resamples, seed)
    clips = int(sums[PAIRED])
    return Agreement(
        clips=clips,
        ratings=int(table.sum()),
        unsure=unsure,
        unanimous=estimate(float(unanimous(sums)), unanimous(again), clips),
        pairwise=estimate(float(pairwise(sums)), pairwise(again), clips),
        fleiss_kappa=estimate(float(fleiss_kappa(sums)), fleiss_kappa(again), clips),
        alpha=estimate(float(alpha(sums)), alpha(again), clips),
        ac1=estimate(float(ac1(sums)), ac1(again), clips),
        k=k,
        k_rater=estimate(float(k_rater(sums, k)), k_rater(again, k), clips),
    )


def features(rows: Ints) -> Floats:
    """What a clip of counts (n, c) adds to the sums: (n, 6 + 2c).

    Whether it is rated, rated twice, unanimous; its agreeing share of pairs; its ratings and its
    coincidences as alpha counts them; then each category's share of it, and its pairable ratings.
    """
    size = rows.sum(axis=1)
    paired = size >= 2
    pairs_of_one = (rows * (rows - 1)).sum(axis=1)  # ordered pairs of people who agree
    others = np.maximum(size - 1, 1)
    return np.column_stack(
        [
            size >= 1,
            paired,
            paired & (rows.max(axis=1, initial=0) == size),
            np.where(paired, pairs_of_one / (np.maximum(size, 1) * others), 0.0),
            np.where(paired, size, 0),
            np.where(paired, pairs_of_one / others, 0.0),
            rows / np.maximum(size, 1)[:, None],
            np.where(paired[:, None], rows, 0),
        ]
    ).astype(np.float64)


def unanimous(sums: Floats) -> Floats:
    """The share of clips on which all agree, of those with two ratings or more. sums (..., f)."""
    return _ratio(sums[..., UNANIMOUS], sums[..., PAIRED])


def pairwise(sums: Floats) -> Floats:
    """The mean over clips of the share of pairs of people who agree (Fleiss 1971, Eq. 3: P-bar)."""
    return _ratio(sums[..., PAIRWISE], sums[..., PAIRED])


def fleiss_kappa(sums: Floats) -> Floats:
    """Fleiss' kappa (1971), generalised to clips with different numbers of ratings.

    As Gwet (2014, section 2.4) has it: agreement is averaged over the clips with two ratings or
    more, a category's share is the mean over all rated clips of its share within the clip. Where
    all clips have the same number of ratings this is the classic coefficient.
    """
    by_chance = (_shares(sums) ** 2).sum(axis=-1)
    return _beyond(pairwise(sums), by_chance)


def ac1(sums: Floats) -> Floats:
    """Gwet's AC1 (2008, Eq. 9-11): chance agrees as often as people guess, however rare the yes.

    Gaps as in `fleiss_kappa`; q is the number of categories people could choose from, used or not.
    """
    shares = _shares(sums)
    by_chance = (shares * (1 - shares)).sum(axis=-1) / max(shares.shape[-1] - 1, 1)
    return _beyond(pairwise(sums), by_chance)


def alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha for nominal data with gaps (2011, "Computing ...", section D).

    1 - D_o / D_e from the coincidence matrix; clips with one rating have no pair and are left out.
    """
    categories = (sums.shape[-1] - COINCIDENT - 1) // 2
    margins, total = sums[..., -categories:], sums[..., PAIRED_RATINGS]
    observed = 1 - _ratio(sums[..., COINCIDENT], total)
    same = (margins * (margins - 1)).sum(axis=-1)
    expected = 1 - _ratio(same, total * (total - 1))
    return 1 - _ratio(observed, np.where(expected > 1e-12, expected, 0.0))


def k_rater(sums: Floats, k: int) -> Floats:
    """k-rater reliability (Wong and Paritosh, ACL 2022): of what k people together say.

    Their analytical form: Spearman-Brown, k r / (1 + (k - 1) r), on the reliability r of one
    person, here alpha, which for two categories is the intraclass correlation ICC(1). It is that of
    the share of votes, as a mean. Three votes a clip cannot tell that of the majority label itself:
    drawn, two majorities of three agree with kappa 0.89 for 0.84 here where all clips are equally
    hard (accuracy 0.90), but 0.79 for 0.88 where a fifth of the clips are even (the rest 0.97).
    """
    one = alpha(sums)
    return _ratio(k * one, 1 + (k - 1) * one)


def _shares(sums: Floats) -> Floats:
    """Each category's share, the mean over rated clips: (..., c)."""
    start = COINCIDENT + 1
    categories = (sums.shape[-1] - start) // 2
    return _ratio(sums[..., start : start + categories], sums[..., RATED, None])


def _beyond(observed: Floats, by_chance: Floats) -> Floats:
    """(observed - chance) / (1 - chance), NaN where chance alone is certain to agree."""
    room = 1 - by_chance
    return _ratio(observed - by_chance, np.where(room > 1e-12, room, 0.0))


def _ratio(above: Floats, below: Floats) -> Floats:
    """NaN where there is nothing below."""
    known = below != 0
    return np.where(known, above / np.where(known, below, 1.0), np.nan)
