"""A workplace with gold clips, and people who work through it, for the tests of checks."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from db.check_records import Label
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.gold import make_gold
from db.label_tables import Assignment
from db.labelling import BatchRule, answer, claim, create_batch, undo
from db.people import ensure_person
from db.records import Claimed, NewAnswer, Receipt
from db.standing import standing
from tests.db.conftest import a_clip

GOLD_FROM = 10_000
Judge = Callable[[str, str], str]
"""(clip id, stream) to a value."""


def person(database: Database, name: str) -> int:
    with database.write() as session:
        return ensure_person(session, name).id


def workplace(database: Database, clips: int, gold: int, k: int = 3) -> tuple[int, list[str]]:
    """A batch of `clips`, and `gold` other clips whose answer is "yes"; batch and gold clip ids."""
    rows = [a_clip(n) for n in range(clips)]
    known = [a_clip(GOLD_FROM + n) for n in range(gold)]
    with database.write() as session:
        add_clips(session, [*rows, *known])
        batch = create_batch(
            session, "work", [row.clip_id for row in rows], BatchRule(slots_per_clip=k)
        )
        for row in known:
            make_gold(session, row.clip_id, "yes", "The knife is seen and heard.")
    return batch.id, [row.clip_id for row in known]


def gold_of(database: Database, clip_id: str, label: Label = "yes", reason: str = "Heard.") -> int:
    with database.write() as session:
        return make_gold(session, clip_id, label, reason)


def stream_of(session: Session, assignment: int) -> str:
    return session.get_one(Assignment, assignment).stream


@dataclass
class Worked:
    """What somebody was given and said, in order."""

    clips: list[str] = field(default_factory=list[str])
    streams: list[str] = field(default_factory=list[str])
    receipts: list[Receipt] = field(default_factory=list[Receipt])

    def count(self, stream: str) -> int:
        return self.streams.count(stream)


def always_yes(_clip: str, _stream: str) -> str:
    return "yes"


def work(
    database: Database,
    who: int,
    items: int,
    judge: Judge = always_yes,
    *,
    ahead: int = 8,
    start: datetime | None = None,
) -> Worked:
    """Claim some, answer them, claim again; ends where nothing is given. One transaction for all,
    so that a test need not wait for the disk."""
    worked = Worked()
    now = start or utc_now() - timedelta(hours=1)
    with database.write() as session:
        queue: list[Claimed] = []
        while len(worked.clips) < items:
            now += timedelta(seconds=3)
            queue = queue or claim(session, who, ahead, now=now)
            if not queue:
                break
            one = queue.pop(0)
            stream = stream_of(session, one.assignment)
            value = judge(one.clip.clip_id, stream)
            new = NewAnswer(str(uuid.uuid4()), one.assignment, value)
            worked.receipts.append(answer(session, who, new, now))
            worked.clips.append(one.clip.clip_id)
            worked.streams.append(stream)
    return worked


def first_gold(database: Database, who: int, value: str) -> tuple[int, Receipt]:
    """Work until the first gold clip, and answer it like this; its assignment and the receipt."""
    with database.write() as session:
        for _ in range(200):
            (one,) = claim(session, who, 1)
            gold = stream_of(session, one.assignment) == "gold"
            said = value if gold else "yes"
            receipt = answer(session, who, NewAnswer(str(uuid.uuid4()), one.assignment, said))
            if gold:
                return one.assignment, receipt
    raise AssertionError("no gold clip came")


def nearest(places: Iterable[int]) -> int:
    """The smallest distance between neighbours."""
    return min(b - a for a, b in pairwise(sorted(places)))


def gold_wrong(_clip: str, stream: str) -> str:
    return "no" if stream == "gold" else "yes"


def paused(database: Database, who: int) -> bool:
    with database.read() as session:
        return standing(session, who).paused


def take_back(database: Database, who: int) -> int | None:
    with database.write() as session:
        back = undo(session, who, str(uuid.uuid4()))
    return None if back is None else back.assignment
