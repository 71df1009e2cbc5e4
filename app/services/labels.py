"""What people said, in numbers: what the desk shows, as lines and as one object."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from annotation.agreement import Agreement
from annotation.estimates import Estimate
from annotation.shares import Share
from app.services.desk import Desk
from app.services.desk_agreement import AgreementView
from app.services.desk_batches import BatchView
from app.services.desk_people import PersonView
from app.services.verdicts import VerdictBook
from db.engine import Database
from db.labelling import judgements
from db.people import list_people

VALUES = ("yes", "no", "unsure", "broken")
# A figure of the desk, and whether it is told as a share.
MEASURES = (
    ("unanimous", "all agree", True),
    ("fleiss_kappa", "Fleiss' kappa", False),
    ("alpha", "Krippendorff's alpha", False),
    ("ac1", "Gwet's AC1", False),
    ("k_rater", "reliability of the mean of {k} votes", False),
)


@dataclass(frozen=True, slots=True)
class PersonCount:
    """One person's present answers by value, and what the desk shows of them; `view` is None for
    somebody who never answered."""

    name: str
    kind: str
    yes: int
    no: int
    unsure: int
    broken: int
    view: PersonView | None = None

    @property
    def answers(self) -> int:
        return self.yes + self.no + self.unsure + self.broken

    def to_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("name", "kind", *VALUES, "answers")}
        view = self.view
        if view is None:
            return told
        desk = view.to_json()
        kept = ("pace", "minutes", "sessions", "last_at")
        told |= {name: desk["work"][name] for name in kept} | {"pressed": view.work.answers}
        kappa = None if view.against is None else asdict(view.against.kappa)
        return told | {"yes_share": desk["yes"], "kappa": kappa, "alarms": desk["alarms"]}

    def line(self) -> str:
        simulated = " (simulated)" if self.kind == "simulated" else ""
        said = (
            f"{self.name}{simulated}: {self.answers} answers, "
            f"yes {self.yes}, no {self.no}, can't tell {self.unsure}, broken {self.broken}"
        )
        if self.view is None:
            return said
        work, against = self.view.work, self.view.against
        parts = [said, f"yes-rate {_share(self.view.yes)}"]
        if against is not None:
            parts.append(f"kappa against the rest {_estimate(against.kappa)}")
        if work.pace.value is not None:
            parts.append(f"answers an hour {_estimate(work.pace, digits=0)}")
            parts.append(f"{work.minutes:.0f} min worked")
        parts += [f"drift: {alarm['kind']} since {alarm['since'][:10]}" for alarm in self._alarms]
        return " · ".join(parts)

    @property
    def _alarms(self) -> tuple[dict[str, Any], ...]:
        return () if self.view is None else self.view.alarms


@dataclass(frozen=True, slots=True)
class LabelStats:
    """Counts over all clips that are in a batch or have an answer.

    `complete`: all answers that are asked for are there. `unanimous_share`: of the complete clips
    with two votes or more, those where all agree; None where there is none. `agreement` leaves
    "can't tell" out.
    """

    clips: int
    complete: int
    sounding: int
    silent: int
    ties: int
    waiting: int
    one_rater: int
    answers: int
    unanimous: int
    unanimous_share: float | None
    agreement: AgreementView
    people: tuple[PersonCount, ...]
    batches: tuple[BatchView, ...]

    def to_json(self) -> dict[str, Any]:
        told = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in ("agreement", "people", "batches")
        }
        agreement = self.agreement.to_json()
        return told | {
            "agreement": agreement.pop("all"),
            "agreement_of_picked": agreement.pop("picked"),
            "agreement_by": {name.removeprefix("by_"): rows for name, rows in agreement.items()},
            "people": [person.to_json() for person in self.people],
            "batches": [
                {
                    "name": one.progress.batch.name,
                    "complete": one.progress.complete,
                    "clips": one.progress.clips,
                    "state": one.progress.batch.state,
                    "chosen": one.progress.batch.chosen,
                    "answers": one.progress.filled,
                    "slots": one.progress.slots,
                    "waiting": one.waiting,
                    "forecast": one.to_json()["forecast"],
                }
                for one in self.batches
            ],
        }

    def lines(self) -> list[str]:
        share = "–" if self.unanimous_share is None else f"{self.unanimous_share:.1%}"
        raters = f", {self.one_rater} of them by one rater" if self.one_rater else ""
        picked = self.agreement.picked
        return [
            f"{self.complete} of {self.clips} clips have all their answers "
            f"({self.answers} answers{raters})",
            f"sounds {self.sounding} · does not {self.silent} · ties {self.ties} · "
            f"waiting for a lead {self.waiting}",
            f"unanimous {share} ({self.unanimous} clips)",
            *_agreement_lines("agreement", self.agreement.all),
            *(_agreement_lines("on picked clips", picked) if picked.ratings else []),
            *(_batch_line(one) for one in self.batches),
            *(person.line() for person in self.people),
        ]


def label_stats(database: Database) -> LabelStats:
    """Read the labels and count, as the desk does."""
    book = VerdictBook(database)
    desk = Desk(database, book)
    views = {view.id: view for view in desk.people().value}
    batches = desk.batches()
    agreement = desk.agreement().value["missing"]
    with database.read() as session:
        said = judgements(session)
        people = list_people(session)
    found = list(book.latest().of.values())
    complete = [verdict for verdict in found if verdict.complete]
    compared = [verdict for verdict in complete if verdict.yes + verdict.no >= 2]
    unanimous = sum(verdict.unanimous for verdict in compared)
    by_person = Counter((row.person, row.value) for row in said)
    return LabelStats(
        clips=len(found),
        complete=len(complete),
        sounding=sum(verdict.label is True for verdict in found),
        silent=sum(verdict.label is False for verdict in found),
        ties=sum(verdict.tie for verdict in found),
        waiting=sum(verdict.waits for verdict in found),
        one_rater=sum(verdict.one_rater for verdict in complete),
        answers=len(said),
        unanimous=unanimous,
        unanimous_share=unanimous / len(compared) if compared else None,
        agreement=agreement,
        people=tuple(
            PersonCount(
                person.name,
                person.kind,
                *(by_person[person.name, value] for value in VALUES),
                view=views.get(person.id),
            )
            for person in people
        ),
        batches=tuple(reversed(batches)),
    )


def _agreement_lines(title: str, found: Agreement) -> list[str]:
    if not found.clips:
        return [f"{title}: no clip has answers of two people yet"]
    told = [f"{title}, {found.ratings} answers on {found.clips} clips with two or more:"]
    for name, words, share in MEASURES:
        value = _estimate(getattr(found, name), share=share)
        told.append(f"  {words.format(k=found.k)} {value}")
    return told


def _batch_line(one: BatchView) -> str:
    progress, batch = one.progress, one.progress.batch
    parts = [f"batch {batch.name}: {progress.complete} of {progress.clips} clips"]
    if batch.state != "open":
        parts.append(batch.state)
    if batch.chosen == "selection":
        parts.append("picked clips")
    if one.waiting:
        parts.append(f"{one.waiting} waiting for a lead")
    if one.forecast is not None and one.forecast.end is not None and one.forecast.left:
        ends = (one.forecast.earliest, one.forecast.latest)
        span = ", ".join("open" if end is None else end.isoformat() for end in ends)
        parts.append(f"done about {one.forecast.end.isoformat()} [{span}]")
    return " · ".join(parts)


def _estimate(one: Estimate, *, share: bool = False, digits: int = 2) -> str:
    """A value, its interval and n; or why there is none."""
    if one.value is None:
        return f"– ({one.note}, n {one.n})" if one.note else f"– (n {one.n})"

    def told(value: float) -> str:
        return f"{value:.1%}" if share else f"{value:.{digits}f}"

    within = ""
    if one.low is not None and one.high is not None:
        within = f" [{told(one.low)}, {told(one.high)}]"
    return f"{told(one.value)}{within} n {one.n}" + (f" ({one.note})" if one.note else "")


def _share(one: Share) -> str:
    return _estimate(Estimate(one.share, one.low, one.high, one.total), share=True)
