"""The stored protocol against the pure one: whatever people do, tables and state machine agree."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotation import protocol
from annotation.assignment import asks_all
from annotation.labels import VALUES, Value
from db.claiming import LEASE, return_expired
from db.clip_state import load_clips
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.labelling import (
    BatchRule,
    answer,
    claim,
    create_batch,
    renew,
    set_batch_state,
    undo,
    verdicts,
)
from db.people import ensure_person
from db.records import NewAnswer
from tests.db.conftest import a_clip

PEOPLE = st.integers(0, 5)
NUMBERS = count(1)


@dataclass
class Held:
    """What the model knows of one assignment."""

    clip: str
    person: int
    state: str
    lease_until: datetime


class Labelling(RuleBasedStateMachine):
    """Six people, four clips, a clock that jumps; `database` is set by the test."""

    database: Database

    @initialize(
        slots=st.integers(1, 4), early_stop=st.booleans(), share=st.sampled_from([0.0, 0.5, 1.0])
    )
    def begin(self, slots: int, early_stop: bool, share: float) -> None:
        number = next(NUMBERS) * 100
        rows = [a_clip(number + n) for n in range(4)]
        self.now = utc_now()
        self.clips = [row.clip_id for row in rows]
        with self.database.write() as session:
            add_clips(session, rows)
            choice = BatchRule(slots, early_stop=early_stop, full_share=share)
            self.batch = create_batch(session, f"batch {number}", self.clips, choice).id
            self.people = [ensure_person(session, f"p{number}-{n}").id for n in range(6)]
        self.model = {
            clip: protocol.new_clip(slots, early_stop=early_stop and not asks_all(clip, 0, share))
            for clip in self.clips
        }
        self.held: dict[int, Held] = {}
        self.said: list[tuple[str, int]] = []  # (uuid, assignment), what could be undone
        self.sent: list[tuple[int, NewAnswer]] = []

    @rule(who=PEOPLE, wanted=st.integers(1, 3))
    def claims(self, who: int, wanted: int) -> None:
        self._expire()
        person = self.people[who]
        held = [a for a in self.held.values() if a.person == person and a.state == "leased"]
        back = [
            a for a in self.held.values()
            if a.person == person and a.state == "expired" and self.model[a.clip].offered
        ]  # fmt: skip
        seen = {a.clip for a in self.held.values() if a.person == person}
        fresh = [clip for clip in self.clips if clip not in seen and self.model[clip].offered]
        with self.database.write() as session:
            given = claim(session, person, wanted, batch_id=self.batch, now=self.now)
        assert len(given) == min(wanted, len(held) + len(back) + len(fresh))
        assert len({one.clip.clip_id for one in given}) == len(given)
        for one in given:
            known = self.held.get(one.assignment)
            if known is None:
                assert one.clip.clip_id in fresh
            if known is None or known.state == "expired":
                taken = protocol.take(self.model[one.clip.clip_id], one.assignment)
                assert taken is not None
                self.model[one.clip.clip_id] = taken
            self.held[one.assignment] = Held(one.clip.clip_id, person, "leased", self.now + LEASE)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), value=st.sampled_from(VALUES))
    def answers(self, data: st.DataObject, value: Value) -> None:
        assignment = data.draw(st.sampled_from(sorted(self.held)))
        one = self.held[assignment]
        new = NewAnswer(str(uuid.uuid4()), assignment, value)
        with self.database.write() as session:
            receipt = answer(session, one.person, new, self.now)
        self.model[one.clip] = protocol.say(self.model[one.clip], assignment, value)
        assert receipt.counted == (assignment in self.model[one.clip].votes)
        one.state = "answered"
        self._renew(one.person)
        self.said = [pair for pair in self.said if pair[1] != assignment]
        self.said.append((new.client_uuid, assignment))
        self.sent.append((one.person, new))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def sends_again(self, data: st.DataObject) -> None:
        person, new = data.draw(st.sampled_from(self.sent))
        with self.database.write() as session:
            assert answer(session, person, new, self.now).repeated

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def undoes(self, data: st.DataObject) -> None:
        _, assignment = data.draw(st.sampled_from(self.said))
        one = self.held[assignment]
        uid, last = [pair for pair in self.said if self.held[pair[1]].person == one.person][-1]
        with self.database.write() as session:
            back = undo(session, one.person, str(uuid.uuid4()), now=self.now)
        assert back is not None and back.assignment == last
        self.said.remove((uid, last))
        one = self.held[last]
        self.model[one.clip] = protocol.unsay(self.model[one.clip], last)
        one.state, one.lease_until = "leased", self.now + LEASE

    @rule(minutes=st.sampled_from([1, 6, 11]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=PEOPLE)
    def beats(self, who: int) -> None:
        with self.database.write() as session:
            renew(session, self.people[who], self.now)
        self._renew(self.people[who])

    @rule()
    def pauses(self) -> None:
        """A paused batch gives nothing, and changes nothing."""
        with self.database.write() as session:
            set_batch_state(session, self.batch, "paused")
            assert claim(session, self.people[0], 1, batch_id=self.batch, now=self.now) == []
            set_batch_state(session, self.batch, "open")
        self._expire()

    @invariant()
    def tables_and_model_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.database.read() as session:
            stored = load_clips(session, self.clips)
            found = verdicts(session, self.clips)
        for clip, state in self.model.items():
            assert stored[clip].state == state
            votes = list(state.votes.values())
            verdict = found[clip]
            assert (verdict.yes, verdict.no) == (votes.count("yes"), votes.count("no"))
            assert verdict.complete == state.complete
            assert verdict.closed == (state.closed and len(votes) < len(state.places))
            assert verdict.missing == (0 if state.closed else self._missing(clip))
            assert len(votes) <= len(state.places)

    def teardown(self) -> None:
        """Everybody goes home, others finish: nothing is stuck, nothing is over."""
        if not hasattr(self, "model"):
            return
        self.now += 2 * LEASE
        with self.database.write() as session:
            return_expired(session, self.now)
            for n in range(12):
                person = ensure_person(session, f"late-{self.batch}-{n}").id
                for one in claim(session, person, 4, batch_id=self.batch, now=self.now):
                    new = NewAnswer(str(uuid.uuid4()), one.assignment, "yes")
                    answer(session, person, new, self.now)
        with self.database.read() as session:
            stored = load_clips(session, self.clips)
        for clip in self.clips:
            state = stored[clip].state
            assert state.complete or state.closed
            assert not state.offered

    def _missing(self, clip: str) -> int:
        places = self.model[clip].places
        return sum(not place.filled and not place.shut for place in places)

    def _expire(self) -> None:
        for assignment, one in self.held.items():
            if one.state == "leased" and one.lease_until < self.now:
                one.state = "expired"
                self.model[one.clip] = protocol.leave(self.model[one.clip], assignment)

    def _renew(self, person: int) -> None:
        for one in self.held.values():
            if one.person == person and one.state == "leased" and one.lease_until >= self.now:
                one.lease_until = self.now + LEASE


@pytest.mark.parametrize("steps", [12, 40])
def test_whatever_people_do_the_tables_hold_what_the_protocol_says(
    database: Database, steps: int
) -> None:
    class Here(Labelling):
        pass

    Here.database = database
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
