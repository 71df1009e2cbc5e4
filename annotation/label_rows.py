"""One clip with everything that was said about it: what label files hold, whatever their format."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from annotation.labels import FILLS_A_SLOT, Verdict
from annotation.voting import majority

Status = Literal["complete", "tie", "adjudication", "open"]
Voices = Literal["all", "counted"]


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One person's present word, with how it was given.

    None where another tool's file does not say: `counted` then means "if a place is there".
    """

    person: str
    value: str
    kind: str = "human"
    counted: bool | None = None
    answered_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    decision_ms: int | None = None
    shown_at: datetime | None = None
    plays: int = 0
    heard: bool = False
    volume: float | None = None
    rate: float | None = None
    gain_db: float | None = None
    guideline_version: int | None = None
    studio_version: str | None = None
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a lead decided about a clip: yes, no or unusable."""

    label: str
    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A clip, its answers in the order they were given, and what follows from them.

    `needed` places, of which `waiting` still wait for somebody's answer (the others are filled, or
    no longer offered). `chosen`: how the batch's clips were picked. `voices`: whose answers a file
    shows. Times are seconds in the video.
    """

    clip_id: str
    video_uid: str
    annotation_uid: str
    source: str
    narration: str
    verb: str | None
    noun: str | None
    time_s: float
    start_s: float
    end_s: float
    video_s: float | None
    split: str
    batch: str | None
    chosen: str | None
    needed: int
    waiting: int
    answers: tuple[GivenAnswer, ...] = ()
    decision: Decision | None = None
    voices: Voices = "all"

    @property
    def shown(self) -> tuple[GivenAnswer, ...]:
        """The answers a file shows; counts and status are those of all of them."""
        if self.voices == "all":
            return self.answers
        return tuple(answer for answer in self.answers if answer.counted)

    @property
    def verdict(self) -> Verdict:
        """The majority of the answers that count."""
        return count(self.clip_id, self.answers, self.needed)


def count(clip_id: str, answers: tuple[GivenAnswer, ...], needed: int) -> Verdict:
    """The verdict of answers whose `counted` is known."""
    votes = [a for a in answers if a.value in FILLS_A_SLOT]
    counted = [a.value for a in votes if a.counted]
    others = [a.value for a in answers if a.value not in FILLS_A_SLOT]
    return majority(
        clip_id,
        yes=counted.count("yes"),
        no=counted.count("no"),
        unsure=others.count("unsure"),
        broken=others.count("broken"),
        needed=needed,
        surplus=len(votes) - len(counted),
    )


def status_of(row: LabelRow, verdict: Verdict) -> Status:
    """complete: decided by votes or by a lead. tie, adjudication: waits for a lead. open: waits for
    annotators."""
    if row.decision is not None:
        return "complete"
    if verdict.tie:
        return "tie"
    if verdict.closed:
        return "adjudication"
    decided = verdict.label is not None and row.waiting == 0
    return "complete" if verdict.complete or decided else "open"


def agreement_of(verdict: Verdict) -> float | None:
    """Share of the counted answers that agree with their majority; None where nothing counts."""
    votes = verdict.yes + verdict.no
    return max(verdict.yes, verdict.no) / votes if votes else None
