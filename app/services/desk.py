"""The desk of one studio: what the lead sees of batches, people and agreement, kept in memory."""

from dataclasses import dataclass
from typing import Any

from annotation.agreement import Unsure
from app.services.cards import card
from app.services.desk_agreement import AgreementView, agreement_views, uncertain
from app.services.desk_batches import BatchView, batch_views
from app.services.desk_people import PersonView, people_views
from app.services.desk_words import WordBook
from app.services.kept import Figures, Kept
from app.services.verdicts import VerdictBook
from db.adjudicating import decisions
from db.batches import all_batches
from db.choices import time_zone
from db.clips import clips_by_ids
from db.desk_rows import people_of_batches, verbs_of, withdrawn_clips
from db.engine import Database
from db.labelling import judgements, list_batches, verdicts
from db.people import list_people


@dataclass(frozen=True, slots=True)
class Queue:
    """Clips for a lead: `waiting` ones that no vote decides, then `split` ones, the least certain
    first, with the probability of yes that Dawid and Skene's model gives."""

    waiting: tuple[str, ...]
    split: dict[str, float]


class Desk:
    """Figures by what they are made from: the same answers are never counted twice."""

    def __init__(self, database: Database, book: VerdictBook) -> None:
        self._database = database
        self._verdicts = book
        self._words = WordBook(database)
        self._kept = Kept()

    def zone(self) -> str:
        with self._database.read() as session:
            return time_zone(session)

    def batches(self) -> list[BatchView]:
        words = self._words.latest()
        with self._database.read() as session:
            progress = list_batches(session)
            people = people_of_batches(session)
            zone = time_zone(session)
        return batch_views(progress, people, words, self._verdicts.latest().of, zone)

    def people(self) -> Figures[list[PersonView]]:
        words = self._words.latest()
        with self._database.read() as session:
            people = list_people(session)
        made_from = (words.state, tuple(people))
        return self._kept.get("people", made_from, lambda: people_views(words, people))

    def agreement(self) -> Figures[dict[Unsure, AgreementView]]:
        words = self._words.latest()
        with self._database.read() as session:
            batches = {one.id: one for one in all_batches(session)}
            zone = time_zone(session)
        made_from = (words.state, tuple(batches.values()), zone)

        def compute() -> dict[Unsure, AgreementView]:
            with self._database.read() as session:
                verbs = verbs_of(session)
            return agreement_views(words, batches, verbs, zone)

        return self._kept.get("agreement", made_from, compute)

    def queue(self) -> Figures[Queue]:
        """What to adjudicate: clips already decided or withdrawn are left out."""
        words, found = self._words.latest(), self._verdicts.latest().of
        # By the answers alone: a decision must not wait for the model to be fitted anew.
        answers = words.state[0]
        chances = self._kept.get("uncertain", answers, lambda: uncertain(words)).value
        with self._database.read() as session:
            gone = withdrawn_clips(session)

        def compute() -> Queue:
            open_ones = {
                clip_id: verdict
                for clip_id, verdict in found.items()
                if verdict.adjudicated is None and clip_id not in gone
            }
            split = {
                clip_id: chance
                for clip_id, chance in chances.items()
                if clip_id in open_ones
                and open_ones[clip_id].complete
                and not open_ones[clip_id].waits
            }
            waiting = sorted(clip_id for clip_id, verdict in open_ones.items() if verdict.waits)
            return Queue(tuple(waiting), split)

        return self._kept.get("queue", (words.state, len(gone)), compute)

    def clips(self, clip_ids: list[str]) -> list[dict[str, Any]]:
        """Cards with everybody's answer, reasons and what a lead decided."""
        with self._database.read() as session:
            rows = clips_by_ids(session, clip_ids)
            found = verdicts(session, list(rows))
            said = judgements(session, list(rows))
            decided = decisions(session, list(rows))
        told: list[dict[str, Any]] = []
        for clip_id in clip_ids:
            if clip_id not in rows:
                continue
            verdict, decision = found.get(clip_id), decided.get(clip_id)
            told.append(
                card(rows[clip_id], verdict)
                | {
                    "waits": bool(verdict and verdict.waits),
                    "closed": bool(verdict and verdict.closed),
                    "decision": None
                    if decision is None
                    else {
                        "label": decision.label,
                        "reason": decision.reason,
                        "by": decision.by,
                        "at": decision.at.isoformat(),
                    },
                    "answers": [
                        {
                            "person": one.person,
                            "simulated": one.simulated,
                            "value": one.value,
                            "counted": one.counted,
                            "reasons": one.reasons,
                            "plays": one.plays,
                            "heard": one.heard,
                            "decision_ms": one.decision_ms,
                        }
                        for one in said
                        if one.clip_id == clip_id
                    ],
                }
            )
        return told
