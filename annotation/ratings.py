"""Everything people answered, as integer codes: what every statistic of agreement is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NO, YES, UNSURE = 0, 1, 2
CATEGORIES = ("no", "yes", "unsure")
# Words that are no opinion: a broken clip says nothing about the action.
NO_OPINION = frozenset({"broken"})


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """n ratings in long form: a clip that somebody did not answer has no row, so gaps are natural.

    `units`, `raters` and `values` are (n,) codes into `clips`, `people` and `categories`. Names are
    in sorted order, whatever the order of the rows; categories are in the order given.
    """

    clips: tuple[str, ...]
    people: tuple[str, ...]
    categories: tuple[str, ...]
    units: Ints
    raters: Ints
    values: Ints

    def __len__(self) -> int:
        return len(self.units)

    def table(self) -> Ints:
        """How often each category was chosen for each clip: (clips, categories)."""
        shape = (len(self.clips), len(self.categories))
        cells = self.units * shape[1] + self.values
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    def must_be_yes_or_no(self) -> None:
        """Refuse other questions, where a statistic is about yes and no."""
        if self.categories[:2] != CATEGORIES[:2]:
            raise ValueError(f"categories are {self.categories}: expected no and yes first")

    def only(self, mask: Mask) -> "Ratings":
        """The rows of a mask (n,): of a batch, a verb group, a day, a person, ...

        Codes and names stay, so that tables and posteriors of parts have the rows of the whole; a
        clip without a rating is a row of zeros and counts nowhere.
        """
        return replace(
            self, units=self.units[mask], raters=self.raters[mask], values=self.values[mask]
        )


def collect(
    clips: Sequence[str],
    people: Sequence[str],
    values: Sequence[str],
    categories: tuple[str, ...] = CATEGORIES,
    no_opinion: frozenset[str] = NO_OPINION,
) -> tuple[Ratings, Ints]:
    """Ratings of parallel columns, and which rows of the columns they are, (n,).

    Rows whose value is no opinion are left out; the second result carries other columns (days,
    batches, verb groups) along: `days[rows]`. One person counts once a clip: repeated answers
    would agree with themselves, so they are refused.
    """
    code = {value: number for number, value in enumerate(categories)}
    code.update(dict.fromkeys(no_opinion - code.keys(), -1))
    try:
        coded = np.array([code[value] for value in _plain(values)], np.int64)
    except KeyError as unknown:
        raise ValueError(f"unknown value {unknown}: expected one of {', '.join(code)}") from None
    if not len(clips) == len(people) == len(coded):
        raise ValueError(f"{len(clips)} clips, {len(people)} people, {len(coded)} values: unequal")
    rows = np.flatnonzero(coded >= 0)
    clip_names, units = _codes(clips, rows)
    person_names, raters = _codes(people, rows)
    _refuse_repeats(units, raters, clip_names, person_names)
    return Ratings(clip_names, person_names, categories, units, raters, coded[rows]), rows


def _plain(column: Sequence[str]) -> list[str]:
    return [str(word) for word in column]


def _codes(column: Sequence[str], rows: Ints) -> tuple[tuple[str, ...], Ints]:
    """Sorted names and each row's place among them; a dict is ten times faster than sorting."""
    plain = _plain(column)
    chosen = plain if len(rows) == len(plain) else [plain[row] for row in rows.tolist()]
    names = sorted(set(chosen))
    place = {name: number for number, name in enumerate(names)}
    return tuple(names), np.array([place[name] for name in chosen], np.int64)


def _refuse_repeats(
    units: Ints, raters: Ints, clips: tuple[str, ...], people: tuple[str, ...]
) -> None:
    pairs = np.sort(units * len(people) + raters)
    again = np.flatnonzero(pairs[1:] == pairs[:-1])
    if len(again):
        unit, rater = divmod(int(pairs[again[0]]), len(people))
        raise ValueError(
            f"{people[rater]} answered clip {clips[unit]} more than once "
            f"({len(again)} such answers): keep one answer a person and clip"
        )
