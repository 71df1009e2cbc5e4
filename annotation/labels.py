"""What people say about a clip, and what follows from it."""

from dataclasses import dataclass
from typing import Literal

Value = Literal["yes", "no", "unsure", "broken"]

VALUES: tuple[Value, ...] = ("yes", "no", "unsure", "broken")
FILLS_A_SLOT: frozenset[str] = frozenset({"yes", "no"})


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ground truth of one clip, as far as it is known.

    `needed` slots; `yes` and `no` fill them, `unsure` and `broken` do not. `label` is set as soon
    as more than half of the needed people agree; `tie` is a complete clip that nobody decides.
    `holders` are looking at the clip now; `missing` counts the slots not yet filled, theirs too.
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

    @property
    def unanimous(self) -> bool:
        return self.complete and min(self.yes, self.no) == 0
