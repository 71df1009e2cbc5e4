"""Voiding answers and undoing it, on both engines: K stays exact, everything comes back."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from annotation.labels import Verdict
from db.clip_state import load_clips
from db.clips import add_clips
from db.columns import utc_now
from db.desk_rows import key_presses, words
from db.engine import Database
from db.label_tables import Answer
from db.labelling import BatchRule, answer, claim, create_batch, undo, verdicts
from db.people import ensure_person
from db.records import NewAnswer
from db.void_records import VoidCriteria, VoidPreview, list_voids
from db.voiding import VoidError, preview, undo_void, void_answers
from tests.db.conftest import a_clip

PEOPLE = ("Ana", "Ben", "Cem", "Dora", "Eve")


def person(database: Database, name: str) -> int:
    with database.write() as session:
        return ensure_person(session, name).id


def batch(database: Database, clips: list[str], **rule: Any) -> int:
    with database.write() as session:
        return create_batch(session, f"batch-{uuid.uuid4()}", clips, BatchRule(**rule)).id


def one_answer(
    database: Database, who: int, value: str, in_batch: int, later: float = 0, **said: Any
) -> str | None:
    """Claim a clip and answer it; its id."""
    at = utc_now() + timedelta(minutes=later)
    with database.write() as session:
        claimed = claim(session, who, 1, batch_id=in_batch, now=at)
        if not claimed:
            return None
        new = NewAnswer(str(uuid.uuid4()), claimed[0].assignment, value, **said)
        answer(session, who, new, now=at)
        return claimed[0].clip.clip_id


def void(database: Database, again: bool = False, **criteria: Any) -> tuple[int, VoidPreview]:
    with database.write() as session:
        asked = VoidCriteria(**criteria)
        return void_answers(session, asked, reason="headphones were muted", again=again)


def undone(database: Database, void_id: int) -> None:
    with database.write() as session:
        undo_void(session, void_id)


def verdict(database: Database, clip_id: str) -> Verdict:
    with database.read() as session:
        return verdicts(session)[clip_id]


def test_a_void_opens_its_places_and_undoing_it_makes_who_came_since_surplus(
    database: Database, clips: list[str]
) -> None:
    within = batch(database, clips[:1])
    ana, ben, cem, dora = (person(database, name) for name in PEOPLE[:4])
    for who, value in ((ana, "yes"), (ben, "yes"), (cem, "no")):
        one_answer(database, who, value, within)
    before = verdict(database, clips[0])
    with database.read() as session:
        effect = preview(session, VoidCriteria(person_id=ana))
    assert (effect.answers, effect.before, effect.after) == (1, {"sounds": 1}, {"open": 1})
    void_id, done = void(database, person_id=ana)
    assert done == effect
    assert (verdict(database, clips[0]).label, verdict(database, clips[0]).missing) == (None, 1)
    assert one_answer(database, ana, "yes", within) is None  # not asked again
    assert one_answer(database, dora, "no", within) == clips[0]
    assert verdict(database, clips[0]).label is False
    undone(database, void_id)
    after = verdict(database, clips[0])
    assert (after.label, after.yes, after.no) == (True, before.yes, before.no)
    assert after.surplus == 1
    with database.read() as session:
        (told,) = list_voids(session)
    assert told.undone_at is not None and told.answers == 1 and told.asked == {"person_id": ana}
    with pytest.raises(VoidError, match="undone before"):
        undone(database, void_id)


def test_all_fields_come_back_and_neither_void_nor_undo_is_anybodys_work(
    database: Database, clips: list[str]
) -> None:
    within = batch(database, clips[:1])
    ana = person(database, "Ana")
    said: dict[str, Any] = {
        "plays": 3,
        "heard": True,
        "volume": 0.5,
        "rate": 0.75,
        "decision_ms": 840,
        "shown_at": utc_now(),
        "studio_version": "7",
        "reasons": ("not_audible", "not_visible"),
        "guideline_version": 4,
        "gain_db": -3.0,
    }
    one_answer(database, ana, "no", within, **said)
    with database.read() as session:
        worked, stood = key_presses(session), words(session)
    void_id, _ = void(database, guideline_version=4)
    with database.read() as session:
        assert words(session) == [] and key_presses(session) == worked
    undone(database, void_id)
    with database.read() as session:
        rows = session.scalars(select(Answer).order_by(Answer.id)).all()
        assert [row.void_id for row in rows] == [None, void_id, void_id]
        assert {name: getattr(rows[2], name) for name in said} == said
        assert words(session) == stood and key_presses(session) == worked


def test_the_same_people_are_asked_again_only_if_wanted_and_their_new_word_stays(
    database: Database, clips: list[str]
) -> None:
    within = batch(database, clips[:2])
    ana = person(database, "Ana")
    first = [one_answer(database, ana, "yes", within) for _ in range(2)]
    void_id, _ = void(database, again=True, person_id=ana, batch_id=within)
    assert one_answer(database, ana, "no", within) in first
    with database.write() as session:
        found = undo_void(session, void_id)
    assert (found.restored, found.anew, found.clips) == (1, 1, 1)
    with database.read() as session:
        said = sorted(word.value for word in words(session))
    assert said == ["no", "yes"]
    assert one_answer(database, ana, "yes", within) is None


def test_only_answers_that_meet_everything_are_voided(database: Database, clips: list[str]) -> None:
    within, other = batch(database, clips[:2]), batch(database, clips[2:4])
    ana, ben = person(database, "Ana"), person(database, "Ben")
    for who in (ana, ben):
        for there in (within, other):
            one_answer(database, who, "yes", there)
            one_answer(database, who, "no", there, later=5)
    middle = utc_now() + timedelta(minutes=2)
    with database.read() as session:
        assert preview(session, VoidCriteria(person_id=ana)).answers == 4
        assert preview(session, VoidCriteria(person_id=ana, batch_id=within)).answers == 2
        late = VoidCriteria(person_id=ana, batch_id=within, since=middle)
        assert preview(session, late).answers == 1
        early = VoidCriteria(until=middle)
        assert preview(session, early).answers == 4
        assert preview(session, VoidCriteria(guideline_version=1)).answers == 0
        with pytest.raises(VoidError, match="Say which"):
            preview(session, VoidCriteria())
    with pytest.raises(VoidError, match="nothing to void"):
        void(database, guideline_version=1)


Step = tuple[int, str, bool]
STEPS = st.lists(
    st.tuples(
        st.integers(0, len(PEOPLE) - 1),
        st.sampled_from(["yes", "no", "yes", "no", "unsure", "broken", "undo"]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=STEPS,
    between=STEPS,
    whose=st.one_of(st.none(), st.integers(0, len(PEOPLE) - 1)),
    early_stop=st.booleans(),
    k=st.integers(1, 3),
)
def test_undoing_a_void_restores_every_vote_whatever_others_did_meanwhile(
    database: Database,
    before: list[Step],
    between: list[Step],
    whose: int | None,
    early_stop: bool,
    k: int,
) -> None:
    start = uuid.uuid4().int % 2**40
    ids = [f"{start + number:016x}" for number in range(3)]
    with database.write() as session:
        add_clips(session, [a_clip(number, clip_id=one) for number, one in enumerate(ids)])
        people = [ensure_person(session, f"{name} {start}").id for name in PEOPLE]
    within = batch(database, ids, slots_per_clip=k, early_stop=early_stop, full_share=0.3)
    run(database, people, within, before, ids, k)
    asked: dict[str, Any] = {"batch_id": within}
    if whose is not None:
        asked["person_id"] = people[whose]
    with database.read() as session:
        voided = preview(session, VoidCriteria(**asked))
        votes = {one: stored.state.votes for one, stored in load_clips(session, ids).items()}
        stood = verdicts(session, ids)
        said = {(word.clip_id, word.person_id) for word in words(session, ids)}
    if not voided.answers:
        return
    void_id, _ = void(database, **asked)
    run(database, people, within, between, ids, k)
    with database.read() as session:
        meanwhile = {(word.clip_id, word.person_id) for word in words(session, ids)} - said
    undone(database, void_id)
    with database.read() as session:
        states = load_clips(session, ids)
        now = verdicts(session, ids)
    touched = {clip_id for clip_id, _ in meanwhile} | {clip for clip in ids if _held(states, clip)}
    for clip_id in ids:
        kept = states[clip_id].state.votes
        assert len(kept) <= k
        # Who took their own word back meanwhile has done so themselves.
        own = {one for one in votes[clip_id] if one not in states[clip_id].state.words}
        wanted = {one: word for one, word in votes[clip_id].items() if one not in own}
        changed = {one for one in wanted if states[clip_id].state.words[one] != wanted[one]}
        assert all(kept.get(one) == wanted[one] for one in wanted.keys() - changed)
        if clip_id not in touched and not own and not changed:
            # Leases may have run out, which changes no verdict.
            assert replace(now[clip_id], holders=()) == replace(stood[clip_id], holders=())


def _held(states: Any, clip_id: str) -> bool:
    return any(
        place.holder is not None and not place.filled for place in states[clip_id].state.places
    )


def run(
    database: Database, people: list[int], within: int, steps: list[Step], ids: list[str], k: int
) -> None:
    """Claims that are answered, let go by, or taken back; no clip ever counts more than K."""
    with database.write() as session:  # one commit: each waits for the disk
        for number, (who, value, in_time) in enumerate(steps):
            at = utc_now() + timedelta(minutes=20 * number)
            if value == "undo":
                undo(session, people[who], str(uuid.uuid4()), batch_id=within, now=at)
                continue
            claimed = claim(session, people[who], 1, batch_id=within, now=at)
            if claimed and in_time:
                new = NewAnswer(str(uuid.uuid4()), claimed[0].assignment, value)
                answer(session, people[who], new, now=at)
            for stored in load_clips(session, ids).values():
                assert len(stored.state.votes) <= k
