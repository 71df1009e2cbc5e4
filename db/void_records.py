"""What a void is asked, does and did; and the list of all voids."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from annotation.labels import Verdict
from db.label_tables import Void
from db.person_tables import Person

# Of `Void.criteria`: what was asked and came of it; which answers they were stands in the second.
LONGEST_FIRST_LINE = 2000


@dataclass(frozen=True, slots=True)
class VoidCriteria:
    """Which answers: those that meet everything that is given. `until` itself is outside."""

    person_id: int | None = None
    batch_id: int | None = None
    guideline_version: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def any(self) -> bool:
        return any(getattr(self, name) is not None for name in self.__slots__)

    def to_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name in self.__slots__
            if (value := getattr(self, name)) is not None
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A clip whose verdict is another one afterwards, in the words of `standing`."""

    clip_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VoidPreview:
    """`before` and `after` count the touched clips by where they stand; `changes` are those that
    stand elsewhere afterwards."""

    answers: int
    clips: int
    before: dict[str, int]
    after: dict[str, int]
    changes: tuple[Change, ...]

    @property
    def changed(self) -> int:
        return len(self.changes)

    @classmethod
    def of(cls, answers: int, pairs: Mapping[str, tuple[Verdict, Verdict]]) -> "VoidPreview":
        told = {clip_id: (standing(a), standing(b)) for clip_id, (a, b) in pairs.items()}
        return cls(
            answers,
            len(pairs),
            dict(Counter(before for before, _ in told.values())),
            dict(Counter(after for _, after in told.values())),
            tuple(Change(clip_id, a, b) for clip_id, (a, b) in told.items() if a != b),
        )


@dataclass(frozen=True, slots=True)
class VoidUndone:
    """`restored` answers on `clips` clips; `anew` had been answered again and stay as they are."""

    restored: int
    anew: int
    clips: int


@dataclass(frozen=True, slots=True)
class VoidRecord:
    """One void: what was asked, how many answers it took back, and whether it was undone."""

    id: int
    at: datetime
    by: str | None
    reason: str
    asked: dict[str, Any]
    again: bool
    answers: int
    changed: int
    undone_at: datetime | None
    undone_by: str | None


def standing(verdict: Verdict) -> str:
    """Where a clip stands, in one word."""
    if verdict.label is not None:
        return "sounds" if verdict.label else "silent"
    if verdict.adjudicated is not None:
        return "unusable"
    return "waits" if verdict.waits else "open"


def list_voids(session: Session) -> list[VoidRecord]:
    """Every void, the newest first."""
    lead, other = aliased(Person), aliased(Person)
    first_line = func.substr(Void.criteria, 1, LONGEST_FIRST_LINE)
    query = (
        select(Void.id, Void.at, lead.name, Void.reason, first_line, Void.undone_at, other.name)
        .outerjoin(lead, lead.id == Void.by_id)
        .outerjoin(other, other.id == Void.undone_by)
        .order_by(Void.id.desc())
    )
    found: list[VoidRecord] = []
    for number, at, by, reason, line, undone_at, undone_by in session.execute(query):
        told: dict[str, Any] = json.loads(line.splitlines()[0])
        found.append(
            VoidRecord(number, at, by, reason, **told, undone_at=undone_at, undone_by=undone_by)
        )
    return found
