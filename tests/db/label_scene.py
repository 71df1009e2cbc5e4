"""A database with everything that can happen to a clip, made by the studio's own calls."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.clips import add_clips, add_videos
from db.engine import Database
from db.label_tables import Adjudication, Answer
from db.labelling import BatchRule, answer, batch_by_name, claim, create_batch, record_answers, undo
from db.people import ensure_person
from db.records import ClipRecord, ImportedAnswer, NewAnswer, VideoRecord
from tests.db.conftest import a_clip

AT = datetime(2026, 1, 31, 9, 30, 0, 123456, tzinfo=UTC)
# A formula, markup, right-to-left, an override, emoji, quotes and breaks, NUL, half a pair.
NARRATIONS = (
    '=HYPERLINK("x")',
    "<img src=x onerror=alert(1)>",
    "שלום #C C קוצץ",
    "\u202eevil\u202c #C C",
    "#C C chops 🧅👩‍🍳",
    "#C \"C\" says, 'hm';\r\n\tthen @stops",
    "-1+1|cmd",
    "nul \0 and \ud83d",
    "'=already quoted",
    " outer space ",
)
PEOPLE = ("Ana", "=Ben", "בלה", "Cem 🧅")


def clips_of_the_scene() -> list[ClipRecord]:
    """Ten of odd narrations, two plain ones."""
    return [
        a_clip(
            number,
            narration=NARRATIONS[number] if number < len(NARRATIONS) else "#C C waits",
            verb=("chop", "wait", None)[number % 3],
            split=("train", "val", "test")[number % 3],
        )
        for number in range(12)
    ]


def make_scene(database: Database) -> None:
    """Three batches: votes of all kinds, an early stop, a selection of one rater."""
    clips = clips_of_the_scene()
    ids = [clip.clip_id for clip in clips]
    with database.write() as session:
        add_videos(session, [VideoRecord("video-0", "test", None, 61.25)])
        add_clips(session, clips)
        people = [ensure_person(session, name).id for name in PEOPLE]
        create_batch(session, "main, “first”", ids[:6])
        create_batch(
            session, "=early", ids[6:8], BatchRule(early_stop=True, full_share=0.0, order_seed=3)
        )
        create_batch(session, "picked", ids[8:10], BatchRule(1, chosen="selection"))
    with database.write() as session:
        ana, ben, bella, cem = people
        say(session, ana, ids[0], "yes")
        say(session, ben, ids[0], "no", reasons=("not_visible", "not_wearer"))
        say(session, bella, ids[0], "yes")
        say(session, ana, ids[1], "unsure")
        say(session, ben, ids[1], "broken", reasons=("narration_wrong",))
        say(session, ana, ids[2], "yes")
        undo(session, ana, str(uuid.uuid4()), now=AT)  # a lease stays, no word does
        said = say(session, ben, ids[3], "yes")
        again = NewAnswer(new_uuid(), said, "no", studio_version="0.1.0")
        answer(session, ben, again, AT + timedelta(seconds=7))
        say(session, cem, ids[3], "unsure")
        for person in (ana, ben):
            say(session, person, ids[6], "no")
        say(session, ana, ids[8], "no")
        decide(session, ids[1], ana, "no", "it hums: =1+1")
        decide(session, ids[8], ben, "yes", "")
    with database.write() as session:
        # A fourth answer, where three are counted; a simulated one.
        late = [ImportedAnswer(PEOPLE[3], ids[0], "no", counted=False, answered_at=AT)]
        batch = claim_batch(session, "main, “first”")
        record_answers(session, batch, late)
        robot = [ImportedAnswer("Simulated 1", ids[4], "yes", answered_at=AT, volume=0.1 + 0.2)]
        record_answers(session, batch, robot, kind="simulated")


def say(session: Session, person: int, clip_id: str, value: str, **more: Any) -> int:
    """Claim until this clip comes, when all leases have run out, and answer it; the assignment."""
    answered = session.scalar(select(func.count()).select_from(Answer)) or 0
    now = AT + timedelta(minutes=20) * answered
    given = {one.clip.clip_id: one for one in claim(session, person, 40, now=now)}
    new = NewAnswer(
        new_uuid(),
        given[clip_id].assignment,
        value,
        clip_id,
        plays=2,
        heard=True,
        volume=0.7,
        rate=1.25,
        decision_ms=431,
        shown_at=now,
        studio_version="0.1.0",
        gain_db=-3.5,
        guideline_version=4,
        **more,
    )
    answer(session, person, new, now + timedelta(seconds=3))
    return new.assignment


def new_uuid() -> str:
    return str(uuid.uuid4())


def decide(session: Session, clip_id: str, by: int, label: str, reason: str) -> None:
    """What a lead's page stores."""
    before = None
    for its, why in (("unusable", "first"), (label, reason)):
        row = Adjudication(
            clip_id=clip_id, by_id=by, label=its, reason=why, created_at=AT, supersedes=before
        )
        session.add(row)
        session.flush()
        before = row.id


def claim_batch(session: Session, name: str) -> int:
    batch = batch_by_name(session, name)
    assert batch is not None
    return batch.id
