"""What has to be passed before clips are given out: a choice of the lead."""

import json
from dataclasses import asdict, dataclass
from typing import Any

QUALIFICATION = "qualification"  # the key of the setting


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """`required` holds as soon as there are `questions` to ask."""

    required: bool = False
    questions: int = 40
    pass_share: float = 0.85

    def passes(self, correct: int, total: int) -> bool:
        return total > 0 and correct >= self.pass_share * total - 1e-9

    def fields(self) -> dict[str, Any]:
        return asdict(self)


def rule_of(chosen: str | None) -> QualificationRule:
    """The rule as it was chosen, its JSON; the default where nobody has chosen."""
    return QualificationRule() if chosen is None else QualificationRule(**json.loads(chosen))
