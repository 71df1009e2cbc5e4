"""What people have said so far, by clip."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from annotation.labels import Verdict
from db.engine import Database
from db.labelling import newest, touched_since, verdicts

# Above this many new rows one query over all of them is quicker.
MANY = 2000


@dataclass(frozen=True)
class Verdicts:
    """The verdict of every clip that anybody was asked about."""

    of: Mapping[str, Verdict]

    @cached_property
    def judged(self) -> dict[str, bool]:
        """Majority label of the clips that have one."""
        return {clip_id: v.label for clip_id, v in self.of.items() if v.label is not None}

    @cached_property
    def one_rater(self) -> bool:
        """Whether a single person decided any of these labels."""
        return any(v.one_rater for v in self.of.values() if v.label is not None)


def read_verdicts(database: Database) -> Verdicts:
    """Every verdict as it stands now."""
    with database.read() as session:
        return Verdicts(verdicts(session))


class VerdictBook:
    """The verdicts a page asks for many times a second: after the first time only those of clips
    that somebody has said something about since. Who is looking at a clip is not kept up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()  # the first reading is long: one is enough
        self._read_up_to = (0, 0, 0)
        self._known = Verdicts({})

    def latest(self) -> Verdicts:
        with self._lock, self._database.read() as session:
            up_to = newest(session)
            if up_to != self._read_up_to:
                many = sum(up_to) - sum(self._read_up_to) > MANY
                changed = None if many else touched_since(session, self._read_up_to)
                self._known = Verdicts({**self._known.of, **verdicts(session, changed)})
                self._read_up_to = up_to
            return self._known


def opinion(verdict: Verdict | None) -> str:
    """The one word that a chip and a colour show: sounds, silent, disagreement, unsure, broken,
    or unlabelled."""
    if verdict is None:
        return "unlabelled"
    if verdict.label is not None:
        return "sounds" if verdict.label else "silent"
    if verdict.adjudicated is not None:
        return "broken"
    if verdict.tie or (verdict.yes and verdict.no):
        return "disagreement"
    if verdict.broken > verdict.unsure:
        return "broken"
    return "unsure" if verdict.unsure else "unlabelled"
