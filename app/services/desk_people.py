"""People as the desk shows them: work, pace, habits, agreement with the rest, drift."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.agreement_by import AgainstRest, against_rest
from annotation.drift import Alarm, courses, drift, rolling_mean
from annotation.estimates import Estimate
from annotation.pace import HOUR_S, IDLE_S, RECENT_DAYS, pace, sessions
from annotation.shares import Share, wilson
from app.services.desk_agreement import Rated, rated
from app.services.desk_words import Words
from db.columns import utc_now
from db.records import PersonRecord

SPARK_POINTS = 60
SPARK_WIDTH = 100  # answers behind every point of a sparkline
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Work:
    """What one person's key presses tell: every stream, checks included."""

    answers: int
    minutes: float
    sessions: int
    pace: Estimate
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """One row of the desk's table. `spark` runs from the first answer to the last: the yes minus
    the others' share of yes, over the last answers."""

    id: int
    name: str
    simulated: bool
    words: int
    yes: Share
    unsure: Share
    work: Work
    against: AgainstRest | None
    alarms: tuple[dict[str, Any], ...]
    spark: tuple[float | None, ...]

    def to_json(self) -> dict[str, Any]:
        found = asdict(self)
        last = self.work.last_at
        found["work"]["last_at"] = None if last is None else last.isoformat()
        return found


def work_of(times_s: Floats, now: datetime | None = None) -> Work:
    """Minutes by the rule of `annotation.pace`: a gap up to a minute is work, a longer one none.
    The pace is that of the recent days, as the person's own page tells it."""
    since_s = ((now or utc_now()) - timedelta(days=RECENT_DAYS)).timestamp()
    recent = times_s[times_s >= since_s]
    found, worked = sessions(times_s, IDLE_S), sessions(recent, IDLE_S)
    work_s = sum(one.work_s for one in worked)
    quick = pace(recent, IDLE_S)
    if quick.value is not None and work_s > 0:
        quick = replace(quick, value=len(recent) * HOUR_S / work_s)
    return Work(
        answers=len(times_s),
        minutes=sum(one.work_s for one in found) / 60,
        sessions=len(found),
        pace=quick,
        last_at=datetime.fromtimestamp(float(times_s[-1]), UTC) if len(times_s) else None,
    )


def people_views(words: Words, people: Sequence[PersonRecord]) -> list[PersonView]:
    """Everybody who ever answered, in the order they came."""
    said = rated(words.all)
    ratings = said.ratings
    beside = {one.person: one for one in against_rest(ratings)}
    times = np.array([word.at.timestamp() for word in said.words])
    alarms = _alarms(drift(ratings, times), said)
    sparks = {
        course.person: _spark(rolling_mean(course.surplus, SPARK_WIDTH))
        for course in courses(ratings, times)
    }
    counts = _counts(words)
    found: list[PersonView] = []
    for person in people:
        key = str(person.id)
        mine = counts.get(person.id, {})
        pressed = words.times_s.get(person.id, np.zeros(0))
        if not mine and not len(pressed):
            continue
        yes, no = mine.get("yes", 0), mine.get("no", 0)
        found.append(
            PersonView(
                id=person.id,
                name=person.name,
                simulated=person.kind == "simulated",
                words=sum(mine.values()),
                yes=wilson(yes, yes + no),
                unsure=wilson(mine.get("unsure", 0), sum(mine.values())),
                work=work_of(pressed),
                against=beside.get(key),
                alarms=tuple(alarms.get(key, ())),
                spark=sparks.get(key, ()),
            )
        )
    return found


def _counts(words: Words) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    for said in words.of.values():
        for word in said:
            mine = counts.setdefault(word.person_id, {})
            mine[word.value] = mine.get(word.value, 0) + 1
    return counts


def _alarms(found: Sequence[Alarm], said: Rated) -> Mapping[str, list[dict[str, Any]]]:
    alarms: dict[str, list[dict[str, Any]]] = {}
    for alarm in found:
        alarms.setdefault(alarm.person, []).append(
            {
                "kind": alarm.kind,
                "at": said.words[alarm.row].at.isoformat(),
                "since": said.words[alarm.since_row].at.isoformat(),
                "before": alarm.before,
                "after": alarm.after,
                "answers": alarm.answers,
            }
        )
    return alarms


def _spark(values: Floats) -> tuple[float | None, ...]:
    if not len(values):
        return ()
    places = np.unique(np.linspace(0, len(values) - 1, SPARK_POINTS).round().astype(int))
    return tuple(None if np.isnan(v) else round(float(v), 4) for v in values[places])
