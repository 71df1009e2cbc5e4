"""Who answers how, and how certain each clip is: Dawid and Skene's observer error rates.

The majority vote stays the label; with three votes a clip this model hardly betters it. It tells
what a person's yes is worth, and which clips a lead should look at first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.ratings import NO, YES, Ratings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASSES = 2
# The least a probability may be, so that a logarithm exists.
TINY = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """`confusion` (people, 2, categories): how somebody answers clips that are no, and yes.

    `posterior` (clips,) is the probability of yes, the prior where nobody has answered; `prior`
    (2,) is the share of no and yes. `log_likelihood` is that of the ratings under these two.
    """

    prior: Floats
    confusion: Floats
    posterior: Floats
    iterations: int
    converged: bool
    log_likelihood: float


def dawid_skene(
    ratings: Ratings, *, most_iterations: int = 200, tolerance: float = 1e-5, pseudo: float = 0.01
) -> DawidSkene:
    """Fit by expectation maximisation (Dawid and Skene 1979, Eq. 2.3 to 2.5).

    Two true classes; "can't tell" is a third response, not a third class. It begins from each
    clip's share of yes, and has converged as soon as no clip's posterior moves by `tolerance`.
    `pseudo` answers stand in every cell of every confusion matrix beforehand: 0 is the paper's
    maximum likelihood, 0.01 says "unknown" of a class that somebody never met.
    """
    ratings.must_be_yes_or_no()
    clips, people, width = len(ratings.clips), len(ratings.people), len(ratings.categories)
    # The response of a rating, as one number: all that the model sees of it.
    cell = ratings.raters * width + ratings.values
    rated = np.bincount(ratings.units, minlength=clips) > 0
    yes = _first_guess(ratings)
    prior, confusion = np.full(CLASSES, 0.5), np.zeros((people, CLASSES, width))
    before, likelihood, iterations, converged = yes, 0.0, 0, not rated.any()
    while not converged and iterations < most_iterations:
        prior = np.array([1 - yes[rated].mean(), yes[rated].mean()]).clip(TINY)
        confusion = _confusion(yes[ratings.units], cell, people, width, pseudo)
        before, (yes, likelihood) = yes, _posterior(ratings.units, cell, clips, prior, confusion)
        iterations += 1
        converged = bool(np.abs(yes - before)[rated].max() < tolerance)
    yes[~rated] = prior[YES]
    return DawidSkene(prior, confusion, yes, iterations, converged, likelihood)


def rank_for_adjudication(posterior: Floats, table: Ints) -> Ints:
    """Clips by how little is certain, the least certain first: codes of rated clips.

    By the posterior's distance from one half; clips that the model cannot tell apart by the margin
    of the vote in the count table (clips, categories), then by code.
    """
    rated = np.flatnonzero(table.any(axis=1))
    # Rounded, for sums in another order differ in the last digits.
    distance = np.abs(posterior[rated] - 0.5).round(9)
    votes = np.maximum(table[rated, YES] + table[rated, NO], 1)
    margin = np.abs(table[rated, YES] - table[rated, NO]) / votes
    return rated[np.lexsort((rated, margin, distance))]


def _first_guess(ratings: Ratings) -> Floats:
    """Each clip's share of yes among yes and no; the share of all where nobody said either."""
    table = ratings.table()
    said = table[:, YES] + table[:, NO]
    overall = table[:, YES].sum() / max(int(said.sum()), 1)
    return np.where(said > 0, table[:, YES] / np.maximum(said, 1), overall)


def _confusion(yes: Floats, cell: Ints, people: int, width: int, pseudo: float) -> Floats:
    """The M step (Eq. 2.3): answers weighted by the class they were given to."""
    given = np.stack(
        [np.bincount(cell, weights=weight, minlength=people * width) for weight in (1 - yes, yes)]
    )
    given = given.reshape(CLASSES, people, width).transpose(1, 0, 2) + pseudo
    return np.maximum(given / np.maximum(given.sum(axis=2, keepdims=True), TINY), TINY)


def _posterior(
    units: Ints, cell: Ints, clips: int, prior: Floats, confusion: Floats
) -> tuple[Floats, float]:
    """The E step (Eq. 2.5): the probability of yes a clip, and the ratings' log likelihood."""
    told = np.log(confusion).transpose(1, 0, 2).reshape(CLASSES, -1)
    no, yes = (
        np.log(prior[kind]) + np.bincount(units, weights=told[kind][cell], minlength=clips)
        for kind in (NO, YES)
    )
    both = np.logaddexp(no, yes)
    # A clip without ratings adds the logarithm of one.
    return np.exp(yes - both), float(both.sum())
