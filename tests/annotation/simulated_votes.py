"""Simulated answers with a known truth, for the tests of agreement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.ratings import CATEGORIES, Ratings

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    truth: NDArray[np.bool_]
    accuracy: NDArray[np.float64]
    ratings: Ratings


def names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number:06d}" for number in range(count))


def votes(
    clips: int,
    people: int = 30,
    each: int = 3,
    accuracy: float | NDArray[np.float64] = 0.9,
    base_rate: float = 0.536,
    unsure: float = 0.0,
    seed: int = 0,
) -> Votes:
    """`each` of `people` answer every clip, right with their accuracy, in random order."""
    draw = np.random.default_rng(seed)
    truth = draw.random(clips) < base_rate
    skill = np.broadcast_to(np.asarray(accuracy, np.float64), (people,))
    units = np.repeat(np.arange(clips), each)
    raters = np.argsort(draw.random((clips, people)), axis=1)[:, :each].ravel()
    right = draw.random(len(units)) < skill[raters]
    values = np.where(right, truth[units], ~truth[units]).astype(np.int64)
    values[draw.random(len(units)) < unsure] = 2
    ratings = Ratings(names("c", clips), names("p", people), CATEGORIES, units, raters, values)
    return Votes(truth, skill, ratings)


def from_grid(rows: Sequence[str], letters: str = "nyu") -> Ratings:
    """A clip a row, a person a column, "." a gap."""
    cells = [
        (unit, rater, letters.index(letter))
        for unit, row in enumerate(rows)
        for rater, letter in enumerate(row)
        if letter != "."
    ]
    units, raters, values = np.array(cells, np.int64).T
    categories = CATEGORIES if letters == "nyu" else tuple(letters)
    return Ratings(
        names("c", len(rows)), names("p", len(rows[0])), categories, units, raters, values
    )


# 40 clips, five people of accuracy .95 .9 .8 .85 .6, two to four answers a clip, a tenth unsure.
_ROWS = """
n..uy .nnn. .nn.n yy.yn y.n.. unun. y.yyn .nunu .nnnn yy... .unny .yynn y.yy. yy..y .unun u.n..
.ynnn nnnn. .n.nn ..nu. ..yy. yyy.. unn.y y.y.y y.yyn .n.n. ..ny. ...ny .nn.. nn..n ...yn y.n..
y.yyy .n.n. .n.u. y.y.. ..yy. yy.nn n.nu. .yynn
"""
GRID = _ROWS.split()
