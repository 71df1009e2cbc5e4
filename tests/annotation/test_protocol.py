"""The protocol sentence by sentence; what mixes them is in tests/db/test_protocol.py."""

import pytest

from annotation.labels import Value
from annotation.protocol import (
    ClipState,
    annul,
    end,
    leave,
    new_clip,
    revive,
    say,
    take,
    unsay,
)


def given(state: ClipState, *assignments: int) -> ClipState:
    for assignment in assignments:
        taken = take(state, assignment)
        assert taken is not None
        state = taken
    return state


def said(state: ClipState, **words: Value) -> ClipState:
    """`a1="yes"`: assignment 1 takes a place, where one is offered, and answers."""
    for name, value in words.items():
        assignment = int(name[1:])
        state = say(take(state, assignment) or state, assignment, value)
    return state


def test_a_clip_is_given_to_as_many_as_it_has_places() -> None:
    full = given(new_clip(3), 1, 2, 3)
    assert take(full, 4) is None
    assert take(given(new_clip(3), 1), 1) is None  # nobody holds two


@pytest.mark.parametrize("value", ["unsure", "broken"])
def test_a_word_that_decides_nothing_gives_its_place_to_another(value: Value) -> None:
    state = said(new_clip(1), a1=value)
    assert state.offered == 1 and not state.complete and not state.votes
    assert said(state, a2="no").complete


def test_the_second_word_that_decides_nothing_closes_the_clip() -> None:
    state = said(new_clip(3), a1="yes", a2="unsure", a3="broken")
    assert state.closed and state.offered == 0 and not state.complete
    assert take(state, 4) is None
    assert unsay(state, 3).offered == 1  # open again, and its place is theirs
    assert unsay(state, 3).holds(3)


def test_who_is_looking_when_a_clip_closes_may_still_be_counted() -> None:
    state = said(given(new_clip(3), 9), a1="unsure", a2="unsure", a9="yes")
    assert state.votes == {9: "yes"}


def test_a_late_answer_counts_while_a_place_is_offered_and_is_surplus_afterwards() -> None:
    gone = leave(given(new_clip(1), 1), 1)
    assert say(gone, 1, "yes").votes == {1: "yes"}
    late = say(said(gone, a2="no"), 1, "yes")
    assert late.votes == {2: "no"} and late.words == {1: "yes", 2: "no"}


def test_the_last_word_of_a_person_counts() -> None:
    state = said(new_clip(3), a1="yes", a2="yes")
    assert say(state, 1, "no").votes == {1: "no", 2: "yes"}
    assert say(say(state, 1, "unsure"), 1, "no").votes == {1: "no", 2: "yes"}


def test_the_third_vote_is_asked_for_only_where_two_disagree() -> None:
    two = said(new_clip(3, early_stop=True), a1="yes", a2="yes")
    assert two.complete and two.offered == 0
    split = said(new_clip(3, early_stop=True), a1="yes", a2="no")
    assert not split.complete and split.offered == 1
    assert said(split, a3="no").complete
    agreed_after_all = say(split, 2, "yes")
    assert agreed_after_all.complete and agreed_after_all.offered == 0


def test_early_stop_gives_two_people_the_clip_and_not_three() -> None:
    two = given(new_clip(3, early_stop=True), 1, 2)
    assert take(two, 3) is None
    assert given(leave(two, 1), 3).holds(3)


def test_a_decision_ends_a_clip_and_taking_it_back_opens_it() -> None:
    state = end(said(new_clip(3), a1="yes"))
    assert state.offered == 0 and take(state, 2) is None
    assert end(state, False).offered == 2


def test_voiding_reopens_the_place_and_undo_restores_the_vote_before_who_took_it() -> None:
    before = said(new_clip(3), a1="yes", a2="no", a3="yes")
    voided = annul(before, 1)
    assert voided.votes == {2: "no", 3: "yes"} and voided.offered == 1
    assert revive(voided, 1, "yes", counted=True) == before
    meanwhile = said(voided, a4="no")
    back = revive(meanwhile, 1, "yes", counted=True)
    assert back.votes == before.votes  # the newcomer's word is surplus
    assert back.words[4] == "no"
    held = revive(given(voided, 4), 1, "yes", counted=True)
    assert held.votes == before.votes and not held.holds(4)


def test_a_surplus_word_that_was_voided_comes_back_as_surplus() -> None:
    state = say(said(new_clip(1), a1="yes"), 2, "no")
    assert revive(annul(state, 2), 2, "no", counted=False) == state


def test_whoever_was_counted_before_a_void_keeps_their_place_when_it_is_undone() -> None:
    """A late answer of somebody who was given the clip first is newer than its number tells."""
    before = said(new_clip(3), a5="yes", a6="yes", a9="no")
    voided = annul(annul(before, 5), 6)
    meanwhile = said(say(voided, 2, "no"), a10="no")
    assert meanwhile.votes == {2: "no", 9: "no", 10: "no"}
    back = revive(meanwhile, 5, "yes", counted=True, before={9})
    back = revive(back, 6, "yes", counted=True, before={9, 5})
    assert back.votes == before.votes
    assert len(back.words) == 5
