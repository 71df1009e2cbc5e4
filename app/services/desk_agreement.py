"""Agreement as the desk shows it: all, over time, by verb, by batch; chosen clips beside the rest.

Headline figures are made of batches whose clips nobody picked by hand, and, where a batch stops
early, of its random share that everybody was asked about: votes that were collected because the
first ones disagreed would make people look worse than they are.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from annotation.agreement import Agreement, Unsure, agreement
from annotation.agreement_by import agreement_by
from annotation.assignment import asks_all
from annotation.ratings import Ratings, collect
from app.services.desk_words import Words
from db.desk_rows import Word
from db.records import BatchRecord

VERBS_SHOWN = 40
OTHER_VERBS = "other verbs"
NO_VERB = "no verb found"
WAYS: tuple[Unsure, ...] = ("missing", "category")


@dataclass(frozen=True, slots=True)
class Rated:
    """The words that agreement is measured on, with the ratings made of them; row by row."""

    ratings: Ratings
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """One way of counting "can't tell"."""

    all: Agreement
    picked: Agreement
    by_day: dict[str, Agreement]
    by_verb: dict[str, Agreement]
    by_batch: dict[str, Agreement]

    def to_json(self) -> dict[str, Any]:
        return {
            "all": asdict(self.all),
            "picked": asdict(self.picked),
            "by_day": _rows(self.by_day),
            "by_verb": _rows(self.by_verb, lambda one: (-one[1].clips, one[0])),
            "by_batch": _rows(self.by_batch),
        }


def rated(words: Sequence[Word]) -> Rated:
    """The ratings of some words; what is no opinion is left out."""
    ratings, rows = collect(
        [word.clip_id for word in words],
        [str(word.person_id) for word in words],
        [word.value for word in words],
    )
    return Rated(ratings, tuple(words[row] for row in rows.tolist()))


def measured(words: Words, batches: Mapping[int, BatchRecord]) -> tuple[list[Word], list[Word]]:
    """Words for the headline, and those on clips that somebody picked. Surplus counts in neither:
    it came after its place was given on."""
    headline: list[Word] = []
    picked: list[Word] = []
    for clip_id, said in words.of.items():
        for word in said:
            batch = batches.get(word.batch_id)
            if batch is None or not (word.counted or word.value == "unsure"):
                continue
            if batch.early_stop and not asks_all(clip_id, batch.order_seed, batch.full_share):
                continue
            (picked if batch.chosen == "selection" else headline).append(word)
    return headline, picked


def agreement_views(
    words: Words,
    batches: Mapping[int, BatchRecord],
    verbs: Mapping[str, str | None],
    zone: str,
) -> dict[Unsure, AgreementView]:
    """All of it, both ways."""
    headline, picked = measured(words, batches)
    rated_all, rated_picked = rated(headline), rated(picked)
    days = days_of(rated_all.words, zone)
    verb_of = verb_groups(rated_all.words, verbs)
    together = rated([*headline, *picked])
    names = [batches[word.batch_id].name for word in together.words]
    return {
        way: AgreementView(
            all=agreement(rated_all.ratings, unsure=way),
            picked=agreement(rated_picked.ratings, unsure=way),
            by_day=agreement_by(rated_all.ratings, days, unsure=way),
            by_verb=agreement_by(rated_all.ratings, verb_of, unsure=way),
            by_batch=agreement_by(together.ratings, names, unsure=way),
        )
        for way in WAYS
    }


def days_of(words: Sequence[Word], zone: str) -> list[str]:
    """The day of each word's clip in the zone: that of its first word, so that a day holds whole
    clips and not the halves that were answered on it."""
    place = ZoneInfo(zone)
    first: dict[str, datetime] = {}
    for word in words:
        if word.clip_id not in first or word.at < first[word.clip_id]:
            first[word.clip_id] = word.at
    told = {clip_id: at.astimezone(place).date().isoformat() for clip_id, at in first.items()}
    return [told[word.clip_id] for word in words]


def verb_groups(words: Sequence[Word], verbs: Mapping[str, str | None]) -> list[str]:
    """The verb of each word's clip; those beyond the most frequent ones are one group."""
    named = [verbs.get(word.clip_id) or NO_VERB for word in words]
    often = {verb for verb, _ in Counter(named).most_common(VERBS_SHOWN)}
    return [verb if verb in often else OTHER_VERBS for verb in named]


def uncertain(words: Words) -> dict[str, float]:
    """Clips whose counted votes differ, by the probability of yes that Dawid and Skene's model
    gives them: the least certain first."""
    from annotation.dawid_skene import dawid_skene, rank_for_adjudication

    said = rated([word for word in words.all if word.counted or word.value == "unsure"])
    if not len(said.ratings):
        return {}
    posterior = dawid_skene(said.ratings).posterior
    table = said.ratings.table()
    split = (table[:, 0] > 0) & (table[:, 1] > 0)
    order = rank_for_adjudication(posterior, np.where(split[:, None], table, 0))
    return {said.ratings.clips[unit]: float(posterior[unit]) for unit in order.tolist()}


def _rows(
    groups: Mapping[str, Agreement],
    order: Callable[[tuple[str, Agreement]], Any] = lambda one: one[0],
) -> list[dict[str, Any]]:
    return [{"name": name, **asdict(found)} for name, found in sorted(groups.items(), key=order)]
