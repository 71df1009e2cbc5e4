"""Batches as the desk shows them: progress, what waits, and when they will be done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from annotation.assignment import ranks
from annotation.labels import Verdict
from annotation.pace import Forecast, forecast
from app.services.desk_words import Words
from db.batch_clips import Candidates
from db.columns import utc_now
from db.records import BatchProgress, Chosen, ClipFilter


@dataclass(frozen=True, slots=True)
class BatchView:
    """`waiting` clips wait for a lead. `forecast` is None where nobody is asked."""

    progress: BatchProgress
    waiting: int
    people: tuple[int, ...]
    forecast: Forecast | None

    def to_json(self) -> dict[str, Any]:
        progress, batch = self.progress, self.progress.batch
        left = progress.slots - progress.filled
        return {
            **asdict(batch),
            "created_at": batch.created_at.isoformat(),
            "deadline": None if batch.deadline is None else batch.deadline.isoformat(),
            "people": self.people,
            "clips": progress.clips,
            "complete": progress.complete,
            "slots": progress.slots,
            "filled": progress.filled,
            "held": progress.held,
            "looked_at": progress.looked_at,
            "open": left - progress.held,
            "waiting": self.waiting,
            "forecast": None if self.forecast is None else _forecast_json(self.forecast),
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """What a new batch would hold: `clips` of `candidates`, and how many of each stratum."""

    clips: tuple[str, ...]
    strata: dict[str, str]
    chosen: Chosen
    candidates: Candidates
    sizes: dict[str, int] = field(default_factory=dict[str, int])

    def to_json(self) -> dict[str, Any]:
        found = self.candidates
        return {
            "clips": len(self.clips),
            "found": found.found,
            "in_batches": found.in_batches,
            "unplayable": found.unplayable,
            "free": len(found.free),
            "chosen": self.chosen,
            "strata": dict(Counter(self.sizes).most_common(40)),
            "strata_in_all": len(self.sizes),
        }


def select_clips(
    found: Candidates,
    *,
    n: int | None,
    seed: int,
    stratified: bool,
    filtered: bool,
    picked: bool,
) -> Selection:
    """A seeded random part of what is free, of each stratum its share; everything without `n`.

    `chosen` says how: picked by hand or by a score, by a rule (a filter), or at random of all.
    """
    strata = found.free if stratified else {}
    order = ranks(found.free, strata, seed)
    clips = sorted(found.free, key=lambda clip_id: (order[clip_id], clip_id))
    clips = clips[: len(clips) if n is None else n]
    chosen: Chosen = "selection" if picked else "stratum" if filtered else "random"
    kept = {clip_id: strata[clip_id] or "none" for clip_id in clips} if stratified else {}
    return Selection(tuple(clips), kept, chosen, found, dict(Counter(kept.values())))


def is_filtered(where: ClipFilter) -> bool:
    return where != ClipFilter()


def batch_views(
    progress: Sequence[BatchProgress],
    people: Mapping[int, tuple[int, ...]],
    words: Words,
    verdicts: Mapping[str, Verdict],
    zone: str,
    now: datetime | None = None,
) -> list[BatchView]:
    """Every batch, the newest first."""
    waiting = Counter(
        words.of[clip_id][0].batch_id
        for clip_id, verdict in verdicts.items()
        if verdict.waits and clip_id in words.of
    )
    ends = forecasts(progress, people, words, zone, now or utc_now())
    return [
        BatchView(one, waiting[one.batch.id], people.get(one.batch.id, ()), ends.get(one.batch.id))
        for one in reversed(progress)
    ]


def forecasts(
    progress: Iterable[BatchProgress],
    people: Mapping[int, tuple[int, ...]],
    words: Words,
    zone: str,
    now: datetime,
) -> dict[int, Forecast]:
    """When each open batch will be done, given out in their order, the nearest deadline first, at
    the pace of those who may answer it; batches before it that share people come first."""
    today: date = now.astimezone(ZoneInfo(zone)).date()
    served = [one for one in progress if one.batch.state == "open"]
    served.sort(key=lambda one: (one.batch.deadline is None, one.batch.deadline or 0, one.batch.id))
    everyone = frozenset(words.times_s)
    before: list[tuple[frozenset[int], int]] = []
    found: dict[int, Forecast] = {}
    for one in served:
        batch = one.batch
        who = everyone if batch.everyone else frozenset(people.get(batch.id, ()))
        left = one.slots - one.filled
        times = [words.times_s[person] for person in sorted(who) if person in words.times_s]
        ahead = sum(answers for others, answers in before if others & who) if left else 0
        every = np.concatenate(times) if times else np.zeros(0)
        found[batch.id] = forecast(every, left + ahead, today, zone)
        before.append((who, left))
    return found


def _forecast_json(found: Forecast) -> dict[str, Any]:
    told = asdict(found)
    for name in ("end", "earliest", "latest"):
        told[name] = None if told[name] is None else told[name].isoformat()
    return told
