"""What leaves `db` about checks, examples and exams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from annotation.checks import SelfAgreement
from annotation.shares import Share
from db.records import ClipRecord

Label = Literal["yes", "no"]
UsedFor = Literal["worked", "exam"]
Outcome = Literal["upheld", "overturned", "retired"]


class QualityError(ValueError):
    """Something that cannot be done as things stand; the message says why."""


class UnknownError(QualityError):
    """There is no such thing, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class GoldRecord:
    """A gold clip in force; `right` of `total` scored answers agree with it."""

    id: int
    clip: ClipRecord
    label: str
    reason: str
    by: str | None
    created_at: datetime
    right: int
    total: int
    disputes: int


@dataclass(frozen=True, slots=True)
class DisputeRecord:
    """`gold_label` is what was disputed; `their_answer` the last one the person gave."""

    id: int
    clip: ClipRecord
    gold_label: str
    gold_reason: str
    person: str
    note: str
    their_answer: str | None
    created_at: datetime
    outcome: Outcome | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """A clip with its answer and the reason."""

    id: int
    clip: ClipRecord
    used_for: UsedFor
    label: str
    reason: str
    position: int


@dataclass(frozen=True, slots=True)
class GuidelineRecord:
    """One version of what annotators are told."""

    version: int
    text: str
    created_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an exam; `value` is None until it is answered."""

    example: int
    clip: ClipRecord
    value: str | None


@dataclass(frozen=True, slots=True)
class ExamRecord:
    """An attempt to qualify that goes on."""

    id: int
    pass_share: float
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question that was answered wrong, with the answer and the reason."""

    clip: ClipRecord
    yours: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExamResult:
    passed: bool
    correct: int
    total: int
    review: tuple[Reviewed, ...]


@dataclass(frozen=True, slots=True)
class ExamProgress:
    """`result` is None while questions are open."""

    answered: int
    total: int
    result: ExamResult | None


@dataclass(frozen=True, slots=True)
class PersonQuality:
    """A person's checks: gold since the last passed exam, repeats, and attempts to qualify."""

    person_id: int
    score: Share
    paused: bool
    repeats: SelfAgreement
    attempts: int
    passed: bool
