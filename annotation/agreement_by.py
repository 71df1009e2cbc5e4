"""Agreement by group (verb group, day, batch), and every person against the rest's majority."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.agreement import Agreement, Unsure, answered, of_table
from annotation.estimates import BLOCK, RESAMPLES, Estimate, Floats, estimate
from annotation.ratings import NO, YES, Ratings
from annotation.shares import Share, wilson

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AgainstRest:
    """One person (in one group) beside the majority of the others' "yes" and "no".

    `kappa` (Cohen 1960) and `agrees` are over the clips where the others have a majority; on `ties`
    the others are even, `alone` nobody else has said yes or no. `rest_yes` is the others' share of
    yes on those same clips: above or below the person's own, it tells a habit from harder clips.
    """

    person: str
    group: str | None
    answers: int
    unsure: int
    yes: Share
    rest_yes: Share
    agrees: Share
    kappa: Estimate
    ties: int
    alone: int


def agreement_by(
    ratings: Ratings,
    groups: Sequence[str | None],
    *,
    unsure: Unsure = "missing",
    k: int = 3,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Agreement]:
    """`agreement` within each group, in sorted order; `groups` names one a rating, (n,).

    None belongs to no group. Where a group cuts through a clip (a day), only the ratings within it
    meet; for days `against_rest` keeps the clip's other ratings.
    """
    names, codes = _coded(groups, len(ratings))
    inside = np.flatnonzero(codes >= 0)
    order = inside[np.argsort(codes[inside], kind="stable")]
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    width = len(ratings.categories)
    found: dict[str, Agreement] = {}
    for code, name in enumerate(names):
        rows = order[ends[code] : ends[code + 1]]
        # Units anew from 0: a table as tall as the group, not as the whole.
        units, place = np.unique(ratings.units[rows], return_inverse=True)
        cells = place * width + ratings.values[rows]
        table = np.bincount(cells, minlength=len(units) * width).reshape(len(units), width)
        table = answered(table, ratings.categories, unsure)
        found[name] = of_table(table, unsure=unsure, k=k, resamples=resamples, seed=seed)
    return found


def against_rest(
    ratings: Ratings,
    groups: Sequence[str | None] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[AgainstRest, ...]:
    """Every person, or every person in every group they rated in, beside the others' majority.

    Leave-one-out: a person's own answer is taken out of the clip's count first. The others' answers
    all count, whatever their group (their day). Sorted by group, then person.
    """
    names, codes = _coded(groups, len(ratings))
    people = len(ratings.people)
    said_yes_or_no = ratings.values <= YES
    cell = codes * people + ratings.raters  # one a person and group; below 0 without a group
    inside = codes >= 0
    size = max(len(names), 1) * people

    def counts(mask: NDArray[np.bool_]) -> Ints:
        return np.bincount(cell[mask & inside], minlength=size)

    lead, others = rest(ratings)
    decided = said_yes_or_no & (lead != 0)
    asked = counts(np.ones(len(ratings), np.bool_))
    # (cells, own answer, rest's majority)
    compared = np.bincount(
        cell[decided & inside] * 4
        + ratings.values[decided & inside] * 2
        + (lead > 0)[decided & inside],
        minlength=size * 4,
    ).reshape(size, 2, 2)
    yes, no = counts(ratings.values == YES), counts(ratings.values == NO)
    ties = counts(said_yes_or_no & (lead == 0) & (others > 0))
    alone = counts(said_yes_or_no & (others == 0))
    kappas = cohen_kappas(compared, resamples=resamples, seed=seed)
    return tuple(
        AgainstRest(
            person=ratings.people[number % people],
            group=names[number // people] if groups is not None else None,
            answers=int(asked[number]),
            unsure=int(asked[number] - yes[number] - no[number]),
            yes=wilson(int(yes[number]), int(yes[number] + no[number])),
            rest_yes=wilson(int(compared[number, :, 1].sum()), int(compared[number].sum())),
            agrees=wilson(int(np.trace(compared[number])), int(compared[number].sum())),
            kappa=kappas[number],
            ties=int(ties[number]),
            alone=int(alone[number]),
        )
        for number in np.flatnonzero(asked).tolist()
    )


def rest(ratings: Ratings) -> tuple[Ints, Ints]:
    """For each rating (n,): the others' yes minus no on the clip, and how many said either."""
    ratings.must_be_yes_or_no()
    table = ratings.table()
    yes, no = table[:, YES][ratings.units], table[:, NO][ratings.units]
    own_yes, own_no = ratings.values == YES, ratings.values == NO
    return (yes - own_yes) - (no - own_no), yes + no - own_yes - own_no


def cohen_kappas(
    tables: Ints, *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[Estimate, ...]:
    """Cohen's kappa (1960) of many 2 x 2 tables (m, 2, 2), with percentile intervals over clips.

    A clip stands once in a person's table, so drawing clips is drawing the four counts.
    """
    flat = tables.reshape(len(tables), 4)
    totals = flat.sum(axis=1)
    values = _kappa(flat.astype(np.float64))
    shares = np.where(totals[:, None] > 0, flat / np.maximum(totals, 1)[:, None], 0.25)
    draw = np.random.default_rng(seed)
    found: list[Estimate] = []
    step = max(1, BLOCK // max(4 * resamples, 1))
    for start in range(0, len(flat), step):
        some = slice(start, start + step)
        again = draw.multinomial(totals[some], shares[some], size=(resamples, len(flat[some])))
        found += [
            estimate(float(value), column, int(total))
            for value, column, total in zip(
                values[some], _kappa(again.astype(np.float64)).T, totals[some], strict=True
            )
        ]
    return tuple(found)


def _kappa(tables: Floats) -> Floats:
    """(..., 4) counts no-no, no-yes, yes-no, yes-yes to (...); NaN where one side has one answer
    and so has the other."""
    total = tables.sum(axis=-1)
    own, others = tables[..., 2] + tables[..., 3], tables[..., 1] + tables[..., 3]
    # Both sides over total squared: whole numbers, so that an undefined kappa is exactly 0 / 0.
    chance = own * others + (total - own) * (total - others)
    above = total * (tables[..., 0] + tables[..., 3]) - chance
    below = total * total - chance
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _coded(groups: Sequence[str | None] | None, length: int) -> tuple[tuple[str, ...], Ints]:
    """Sorted group names, and each rating's (n,), -1 for none."""
    if groups is None:
        return (), np.zeros(length, np.int64)
    if len(groups) != length:
        raise ValueError(f"{len(groups)} groups for {length} ratings: name one a rating")
    names = sorted({group for group in groups if group is not None})
    place: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    place[None] = -1
    return tuple(names), np.array([place[group] for group in groups], np.int64)
