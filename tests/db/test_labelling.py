"""Claims, answers, undo, verdicts: the rules of the labelling, on both engines."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from db.columns import utc_now
from db.engine import Database
from db.labelling import (
    LEASE,
    AnswerError,
    BatchRule,
    NotAssignedError,
    add_to_batch,
    answer,
    claim,
    create_batch,
    judgements,
    list_batches,
    my_answers,
    person_progress,
    renew,
    set_batch_state,
    undo,
    verdicts,
)
from db.people import ensure_person
from db.records import Claimed, ClipRecord, NewAnswer, Receipt

NewClip = Callable[..., ClipRecord]


def person(database: Database, name: str) -> int:
    with database.write() as session:
        return ensure_person(session, name).id


def batch(database: Database, clips: list[str], k: int = 3) -> int:
    with database.write() as session:
        return create_batch(session, f"batch-{uuid.uuid4()}", clips, BatchRule(slots_per_clip=k)).id


def take(
    database: Database, who: int, count: int = 1, later: timedelta = timedelta()
) -> list[Claimed]:
    with database.write() as session:
        return claim(session, who, count, now=utc_now() + later)


def say(
    database: Database, who: int, assignment: int, value: str, key: str | None = None
) -> Receipt:
    with database.write() as session:
        return answer(session, who, NewAnswer(key or str(uuid.uuid4()), assignment, value))


def take_back(database: Database, who: int, key: str | None = None) -> Claimed | None:
    with database.write() as session:
        return undo(session, who, key or str(uuid.uuid4()))


def test_three_peoples_answers_make_a_verdict_and_a_fourth_gets_nothing(
    database: Database, clips: list[str]
) -> None:
    batch(database, clips[:1])
    for name, value in (("Ana", "yes"), ("Ben", "no"), ("Cem", "yes")):
        who = person(database, name)
        (given,) = take(database, who)
        assert say(database, who, given.assignment, value).counted
    with database.read() as session:
        verdict = verdicts(session)[clips[0]]
    assert (verdict.yes, verdict.no, verdict.label) == (2, 1, True)
    assert verdict.complete and not verdict.tie and verdict.missing == 0
    assert take(database, person(database, "Dora")) == []


def test_a_clip_in_three_hands_is_not_given_to_a_fourth(
    database: Database, clips: list[str]
) -> None:
    batch(database, clips[:1])
    for name in ("Ana", "Ben", "Cem"):
        assert take(database, person(database, name))
    assert take(database, person(database, "Dora")) == []
    with database.read() as session:
        assert verdicts(session)[clips[0]].holders == ("Ana", "Ben", "Cem")


def test_a_repeated_uuid_counts_once(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1])
    who = person(database, "Ana")
    (given,) = take(database, who)
    key = str(uuid.uuid4())
    first = say(database, who, given.assignment, "yes", key)
    second = say(database, who, given.assignment, "yes", key)
    assert first.counted and not first.repeated
    assert second.counted and second.repeated
    with database.read() as session:
        assert verdicts(session)[clips[0]].yes == 1
        assert len(judgements(session)) == 1


def test_a_uuid_cannot_be_reused_for_something_else(database: Database, clips: list[str]) -> None:
    batch(database, clips[:2])
    who = person(database, "Ana")
    first, second = take(database, who, 2)
    key = str(uuid.uuid4())
    say(database, who, first.assignment, "yes", key)
    with pytest.raises(AnswerError, match="used before"):
        say(database, who, second.assignment, "yes", key)
    with pytest.raises(AnswerError, match="used before"):
        say(database, who, first.assignment, "no", key)


def test_nobody_answers_for_another(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1])
    ana, ben = person(database, "Ana"), person(database, "Ben")
    (given,) = take(database, ana)
    with pytest.raises(NotAssignedError):
        say(database, ben, given.assignment, "yes")
    with pytest.raises(NotAssignedError):
        say(database, ben, 10**9, "yes")
    with pytest.raises(AnswerError, match="yes, no, unsure, broken"):
        say(database, ana, given.assignment, "retracted")


@pytest.mark.parametrize("value", ["unsure", "broken"])
def test_an_answer_that_decides_nothing_reopens_the_place_for_another(
    database: Database, clips: list[str], value: str
) -> None:
    batch(database, clips[:1], k=1)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    (given,) = take(database, ana)
    assert not say(database, ana, given.assignment, value).counted
    assert take(database, ana) == []  # never the same clip twice to one person
    (again,) = take(database, ben)
    say(database, ben, again.assignment, "no")
    with database.read() as session:
        verdict = verdicts(session)[clips[0]]
    assert verdict.label is False and verdict.one_rater and verdict.complete
    assert verdict.unsure + verdict.broken == 1


def test_a_claim_repeated_gives_the_same_clips_first(database: Database, clips: list[str]) -> None:
    batch(database, clips)
    who = person(database, "Ana")
    first = [given.assignment for given in take(database, who, 3)]
    assert [given.assignment for given in take(database, who, 3)] == first
    assert [given.assignment for given in take(database, who, 5)][:3] == first


def test_an_abandoned_lease_returns_and_its_late_answer_is_kept_but_not_counted(
    database: Database, clips: list[str]
) -> None:
    batch(database, clips[:1], k=1)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    (given,) = take(database, ana)
    assert take(database, ben) == []
    (taken,) = take(database, ben, later=LEASE + timedelta(seconds=1))
    assert say(database, ben, taken.assignment, "yes").counted
    assert not say(database, ana, given.assignment, "no").counted
    with database.read() as session:
        verdict = verdicts(session)[clips[0]]
        assert len(judgements(session)) == 2
    assert (verdict.yes, verdict.no, verdict.surplus, verdict.label) == (1, 0, 1, True)


def test_a_late_answer_counts_while_its_place_is_still_open(
    database: Database, clips: list[str]
) -> None:
    batch(database, clips[:1], k=1)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    (given,) = take(database, ana)
    with database.write() as session:  # somebody's claim returns the lease, but takes nothing
        set_batch_state(session, given.batch.id, "paused")
        assert claim(session, ben, 1, now=utc_now() + 2 * LEASE) == []
    assert say(database, ana, given.assignment, "yes").counted


def test_a_lease_that_ran_out_comes_back_to_its_own_person(
    database: Database, clips: list[str]
) -> None:
    batch(database, clips[:1], k=1)
    ana = person(database, "Ana")
    (given,) = take(database, ana)
    (again,) = take(database, ana, later=2 * LEASE)
    assert again.assignment == given.assignment


def test_a_heartbeat_keeps_the_lease(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1], k=1)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    take(database, ana)
    with database.write() as session:
        assert renew(session, ana, utc_now() + LEASE * 0.9) == 1
    assert take(database, ben, later=LEASE * 1.5) == []


def test_undo_goes_back_ten_answers_and_the_last_word_counts(
    database: Database, clips: list[str]
) -> None:
    with database.write() as session:
        from db.clips import add_clips
        from tests.db.conftest import a_clip

        more = [a_clip(number) for number in range(100, 112)]
        add_clips(session, more)
        create_batch(session, "long", [clip.clip_id for clip in more], BatchRule(slots_per_clip=1))
    who = person(database, "Ana")
    given = take(database, who, 12)
    for one in given:
        say(database, who, one.assignment, "yes")
    for expected in reversed(given[2:]):
        back = take_back(database, who)
        assert back is not None and back.assignment == expected.assignment
    with database.read() as session:
        assert person_progress(session, who).done == 2
        assert sum(verdict.yes for verdict in verdicts(session).values()) == 2
    assert say(database, who, given[5].assignment, "no").counted
    with database.read() as session:
        assert verdicts(session)[given[5].clip.clip_id].label is False
        assert [mine.value for mine in my_answers(session, who)] == ["no", "yes", "yes"]


def test_a_repeated_undo_takes_back_one_answer(database: Database, clips: list[str]) -> None:
    batch(database, clips)
    who = person(database, "Ana")
    for one in take(database, who, 2):
        say(database, who, one.assignment, "yes")
    key = str(uuid.uuid4())
    first, second = take_back(database, who, key), take_back(database, who, key)
    assert first is not None and second is not None and first.assignment == second.assignment
    with database.read() as session:
        assert person_progress(session, who).done == 1
    assert take_back(database, person(database, "Ben")) is None


def test_an_undone_cant_tell_has_a_place_again(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1], k=1)
    who = person(database, "Ana")
    (given,) = take(database, who)
    say(database, who, given.assignment, "unsure")
    take_back(database, who)
    assert take(database, person(database, "Ben")) == []
    assert say(database, who, given.assignment, "yes").counted


def test_a_second_answer_replaces_the_first(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1])
    who = person(database, "Ana")
    (given,) = take(database, who)
    say(database, who, given.assignment, "yes")
    say(database, who, given.assignment, "no")
    with database.read() as session:
        verdict = verdicts(session)[clips[0]]
    assert (verdict.yes, verdict.no) == (0, 1)


def test_two_against_two_is_a_tie(database: Database, clips: list[str]) -> None:
    batch(database, clips[:1], k=4)
    for name, value in (("Ana", "yes"), ("Ben", "no"), ("Cem", "yes"), ("Dora", "no")):
        who = person(database, name)
        (given,) = take(database, who)
        say(database, who, given.assignment, value)
    with database.read() as session:
        verdict = verdicts(session)[clips[0]]
    assert verdict.tie and verdict.complete and verdict.label is None


def test_progress_counts_own_work_and_the_batch(database: Database, clips: list[str]) -> None:
    batch(database, clips, k=2)
    who = person(database, "Ana")
    first, _second = take(database, who, 2)
    say(database, who, first.assignment, "yes")
    with database.read() as session:
        mine = person_progress(session, who)
        (progress,) = list_batches(session)
    assert (mine.done, mine.left) == (1, 5)
    assert (progress.clips, progress.slots, progress.filled, progress.held) == (6, 12, 1, 1)
    assert progress.complete == 0


def test_clips_that_come_later_join_their_batch_once(database: Database, clips: list[str]) -> None:
    number = batch(database, clips[:2])
    with database.write() as session:
        assert add_to_batch(session, number, clips) == 4
        assert add_to_batch(session, number, clips) == 0


def test_a_paused_batch_gives_nothing(database: Database, clips: list[str]) -> None:
    number = batch(database, clips)
    with database.write() as session:
        set_batch_state(session, number, "paused")
    assert take(database, person(database, "Ana")) == []
