"""Everybody's words and working times in memory: read once, then only what is new."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db.desk_rows import Word, key_presses, words
from db.engine import Database
from db.labelling import newest, touched_since

# Above this many new rows one query over all of them is quicker.
MANY = 20_000
Floats = NDArray[np.float64]
State = tuple[int, int, int]


@dataclass(frozen=True)
class Words:
    """`of` holds the words by clip, `times_s` each person's answers, seconds since 1970, sorted;
    `state` is the point of the database they were read at."""

    state: State = (0, 0, 0)
    of: Mapping[str, tuple[Word, ...]] = field(default_factory=dict[str, tuple[Word, ...]])
    times_s: Mapping[int, Floats] = field(default_factory=dict[int, Floats])

    @property
    def all(self) -> list[Word]:
        return [word for said in self.of.values() for word in said]


class WordBook:
    """The words a desk asks for many times a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()  # the first reading is long: one is enough
        self._known = Words()
        self._last_press = 0

    def latest(self) -> Words:
        with self._lock, self._database.read() as session:
            state = newest(session)
            if state == self._known.state:
                return self._known
            many = sum(state) - sum(self._known.state) > MANY
            touched = None if many else touched_since(session, self._known.state)
            fresh = words(session, touched)
            presses = key_presses(session, self._last_press)
        kept = {} if touched is None else dict(self._known.of)
        for clip_id in touched or ():
            kept.pop(clip_id, None)
        by_clip: dict[str, list[Word]] = {}
        for word in fresh:
            by_clip.setdefault(word.clip_id, []).append(word)
        kept |= {clip_id: tuple(said) for clip_id, said in by_clip.items()}
        times = dict(self._known.times_s)
        new: dict[int, list[float]] = {}
        for press in presses:
            new.setdefault(press.person_id, []).append(press.at.timestamp())
        for person, more in new.items():
            times[person] = worked_at(np.concatenate([times.get(person, np.zeros(0)), more]))
        if presses:
            self._last_press = presses[-1].id
        self._known = Words(state, kept, times)
        return self._known


def worked_at(times_s: Floats) -> Floats:
    """Sorted times at which somebody pressed a key. Several answers of one instant came from a
    file, and are no work."""
    times, counts = np.unique(times_s, return_counts=True)
    return times[counts == 1]
