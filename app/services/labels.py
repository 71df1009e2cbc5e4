"""What people said, in numbers: thin until the page Desk comes."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from db.engine import Database
from db.labelling import judgements, list_batches, verdicts
from db.people import list_people


@dataclass(frozen=True, slots=True)
class PersonCount:
    """One person's present answers, by value."""

    name: str
    kind: str
    yes: int
    no: int
    unsure: int
    broken: int

    @property
    def answers(self) -> int:
        return self.yes + self.no + self.unsure + self.broken


@dataclass(frozen=True, slots=True)
class LabelStats:
    """Counts over all clips that are in a batch or have an answer.

    `complete`: all slots filled. `unanimous_share`: of the complete clips with two votes or more,
    those where all agree; None where there is none.
    """

    clips: int
    complete: int
    sounding: int
    silent: int
    ties: int
    one_rater: int
    answers: int
    unanimous: int
    unanimous_share: float | None
    people: tuple[PersonCount, ...]
    batches: tuple[tuple[str, int, int], ...]

    def to_json(self) -> dict[str, Any]:
        people = [{**asdict(person), "answers": person.answers} for person in self.people]
        batches = [{"name": n, "complete": c, "clips": t} for n, c, t in self.batches]
        return {**asdict(self), "people": people, "batches": batches}

    def lines(self) -> list[str]:
        share = "–" if self.unanimous_share is None else f"{self.unanimous_share:.1%}"
        raters = f", {self.one_rater} of them by one rater" if self.one_rater else ""
        return [
            f"{self.complete} of {self.clips} clips have all their answers "
            f"({self.answers} answers{raters})",
            f"sounds {self.sounding} · does not {self.silent} · ties {self.ties}",
            f"unanimous {share} ({self.unanimous} clips)",
            *(f"batch {name}: {done} of {total} clips" for name, done, total in self.batches),
            *(
                f"{p.name}{' (simulated)' if p.kind == 'simulated' else ''}: {p.answers} answers, "
                f"yes {p.yes}, no {p.no}, can't tell {p.unsure}, broken {p.broken}"
                for p in self.people
            ),
        ]


def label_stats(database: Database) -> LabelStats:
    """Read the labels and count."""
    with database.read() as session:
        found = list(verdicts(session).values())
        said = judgements(session)
        batches = list_batches(session)
        people = list_people(session)
    complete = [verdict for verdict in found if verdict.complete]
    compared = [verdict for verdict in complete if verdict.yes + verdict.no >= 2]
    unanimous = sum(1 for verdict in compared if verdict.unanimous)
    by_person = Counter((row.person, row.value) for row in said)
    return LabelStats(
        clips=len(found),
        complete=len(complete),
        sounding=sum(1 for verdict in found if verdict.label is True),
        silent=sum(1 for verdict in found if verdict.label is False),
        ties=sum(1 for verdict in found if verdict.tie),
        one_rater=sum(1 for verdict in complete if verdict.one_rater),
        answers=len(said),
        unanimous=unanimous,
        unanimous_share=unanimous / len(compared) if compared else None,
        people=tuple(
            PersonCount(
                person.name,
                person.kind,
                *(by_person[person.name, value] for value in ("yes", "no", "unsure", "broken")),
            )
            for person in people
        ),
        batches=tuple((b.batch.name, b.complete, b.clips) for b in batches),
    )
