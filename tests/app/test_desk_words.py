"""The desk's words follow the database by what is new, and end where reading anew would."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from annotation.pace import forecast
from app.services.desk_agreement import days_of, measured
from app.services.desk_batches import forecasts
from app.services.desk_words import WordBook, worked_at
from db.adjudicating import decide
from db.batches import all_batches
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.labelling import BatchRule, answer, claim, create_batch, list_batches, undo
from db.people import ensure_person
from db.records import NewAnswer
from db.void_records import VoidCriteria
from db.voiding import undo_void, void_answers
from tests.db.conftest import a_clip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "sounding.db")
    with opened.write() as session:
        add_clips(session, [a_clip(number) for number in range(12)])
    yield opened
    opened.close()


def test_words_and_times_read_bit_by_bit_are_those_read_at_once(database: Database) -> None:
    book = WordBook(database)
    with database.write() as session:
        create_batch(session, "one", [f"{n:016x}" for n in range(6)], BatchRule(slots_per_clip=2))
        people = [ensure_person(session, name).id for name in ("Ana", "Ben")]

    def step(number: int) -> None:
        at = utc_now() + timedelta(seconds=5 * number)
        with database.write() as session:
            (one,) = claim(session, people[number % 2], 1, now=at)
            value = ("yes", "no", "unsure")[number % 3]
            answer(session, people[number % 2], NewAnswer(_uuid(), one.assignment, value), now=at)

    def same() -> None:
        now, anew = book.latest(), WordBook(database).latest()
        assert now.state == anew.state and now.of == anew.of
        assert now.times_s.keys() == anew.times_s.keys()
        for who, times in now.times_s.items():
            assert np.array_equal(times, anew.times_s[who])

    for number in range(7):
        step(number)
        same()
    with database.write() as session:
        undo(session, people[0], _uuid())
        decide(session, f"{1:016x}", "yes")
    same()
    with database.write() as session:
        void_id, _ = void_answers(session, VoidCriteria(person_id=people[1]))
    same()
    assert len(book.latest().times_s[people[1]]) == 3  # void or not, it was work
    with database.write() as session:
        undo_void(session, void_id)
    same()


def test_answers_of_one_instant_are_no_work() -> None:
    assert worked_at(np.array([5.0, 1.0, 1.0, 3.0])).tolist() == [3.0, 5.0]


def test_early_stop_counts_with_its_random_share_only(database: Database) -> None:
    with database.write() as session:
        rule = BatchRule(early_stop=True, full_share=0.4)
        create_batch(session, "early", [f"{n:016x}" for n in range(12)], rule)
        for name in ("Ana", "Ben", "Cem"):
            who = ensure_person(session, name).id
            for one in claim(session, who, 12):
                answer(session, who, NewAnswer(_uuid(), one.assignment, "yes"))
    words = WordBook(database).latest()
    with database.read() as session:
        batches = {one.id: one for one in all_batches(session)}
    headline, picked = measured(words, batches)
    said = [len(words.of[word.clip_id]) for word in headline]
    assert picked == [] and said and set(said) == {3}
    assert min(len(of) for of in words.of.values()) == 2


def test_a_clip_belongs_to_the_day_of_its_first_word_in_the_zone(database: Database) -> None:
    at = utc_now().replace(hour=23, minute=30)
    with database.write() as session:
        create_batch(session, "one", ["0" * 16])
        for minutes, name in enumerate(("Ana", "Ben")):
            who = ensure_person(session, name).id
            now = at + timedelta(hours=minutes)
            (one,) = claim(session, who, 1, now=now)
            answer(session, who, NewAnswer(_uuid(), one.assignment, "yes"), now=now)
    words = WordBook(database).latest().all
    assert days_of(words, "UTC") == [at.date().isoformat()] * 2
    tomorrow = (at + timedelta(days=1)).date().isoformat()
    assert days_of(words, "Asia/Tokyo") == [tomorrow] * 2


def test_a_batch_waits_for_those_served_before_it(database: Database) -> None:
    now = utc_now()
    with database.write() as session:
        first = create_batch(session, "later", [f"{n:016x}" for n in range(6)]).id
        rule = BatchRule(deadline=now + timedelta(days=9))
        second = create_batch(session, "urgent", [f"{n:016x}" for n in range(6, 12)], rule).id
        who = ensure_person(session, "Ana").id
        for day in (3, 2, 1):
            at = now - timedelta(days=day)
            (one,) = claim(session, who, 1, now=at)
            answer(session, who, NewAnswer(_uuid(), one.assignment, "yes"), now=at)
    words = WordBook(database).latest()
    with database.read() as session:
        progress = list_batches(session)
    found = forecasts(progress, {}, words, "UTC", now)
    assert (found[second].left, found[first].left) == (15, 33)
    times = words.times_s[who]
    assert found[first] == forecast(times, 33, now.date(), "UTC")


def _uuid() -> str:
    return str(uuid.uuid4())
