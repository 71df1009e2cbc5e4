"""What people say about a clip, and what follows from it."""

from dataclasses import dataclass
from typing import Literal

Value = Literal["yes", "no", "unsure", "broken"]

VALUES: tuple[Value, ...] = ("yes", "no", "unsure", "broken")
_BY_NAME: dict[str, Value] = {value: value for value in VALUES}
FILLS_A_SLOT: frozenset[str] = frozenset({"yes", "no"})
# Why not: "does not sound" is visible AND audible denied, and these say which part of it.
REASONS = ("not_visible", "not_audible", "not_wearer", "narration_wrong")


def known_value(said: str) -> Value | None:
    """The value of this name; None where there is none."""
    return _BY_NAME.get(said)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's present word on one clip (undone answers are not judgements).

    `counted`: it fills one of the clip's slots. "Can't tell" and "broken" never do, nor does an
    answer that came after its place had been given to somebody else.
    """

    clip_id: str
    person: str
    value: Value
    counted: bool
    simulated: bool = False
    decision_ms: int | None = None
    plays: int = 0
    heard: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ground truth of one clip, as far as it is known.

    `needed` slots; `yes` and `no` fill them, `unsure` and `broken` do not. `label` is set as soon
    as more than half of the needed people agree, or by a lead: `adjudicated` is what was decided
    ("yes", "no" or "unusable"). `tie` is a complete clip that no majority decides; `closed` one
    that too many could not tell. `complete`: by vote, with every answer that is asked for.
    `holders` are looking at the clip now; `missing` counts the answers still asked for.
    """

    clip_id: str
    yes: int
    no: int
    unsure: int
    broken: int
    needed: int
    label: bool | None
    tie: bool
    complete: bool
    missing: int
    one_rater: bool = False
    surplus: int = 0
    holders: tuple[str, ...] = ()
    closed: bool = False
    adjudicated: str | None = None

    @property
    def unanimous(self) -> bool:
        return self.complete and min(self.yes, self.no) == 0

    @property
    def waits(self) -> bool:
        """For a lead to decide: no majority will."""
        return self.adjudicated is None and (self.tie or self.closed)
