"""What people have said so far, by clip."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from annotation.labels import Verdict
from db.engine import Database
from db.labelling import verdicts


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
    """The verdicts a page asks for many times a second, read anew once they are old."""

    def __init__(self, database: Database, keep_s: float = 1.0) -> None:
        self._database = database
        self._keep_s = keep_s
        self._read_at_s = float("-inf")
        self._known = Verdicts({})

    def latest(self) -> Verdicts:
        if time.monotonic() - self._read_at_s > self._keep_s:
            self._known = read_verdicts(self._database)
            self._read_at_s = time.monotonic()
        return self._known


def opinion(verdict: Verdict | None) -> str:
    """The one word that a chip and a colour show: sounds, silent, disagreement, unsure, broken,
    or unlabelled."""
    if verdict is None:
        return "unlabelled"
    if verdict.label is not None:
        return "sounds" if verdict.label else "silent"
    if verdict.tie or (verdict.yes and verdict.no):
        return "disagreement"
    if verdict.broken > verdict.unsure:
        return "broken"
    return "unsure" if verdict.unsure else "unlabelled"
