"""Majority vote: what can and cannot become a label."""

from hypothesis import given
from hypothesis import strategies as st

from annotation.assignment import choose, rank_of
from annotation.labels import Judgement, Value
from annotation.voting import majority, vote

COUNT = st.integers(0, 6)


@given(yes=COUNT, no=COUNT, needed=st.integers(1, 6))
def test_a_label_can_never_be_overturned_by_the_answers_still_missing(
    yes: int, no: int, needed: int
) -> None:
    verdict = majority("c", yes=yes, no=no, needed=needed)
    assert verdict.missing == max(needed - yes - no, 0)
    if verdict.label is not None and yes + no <= needed:
        for more in range(verdict.missing + 1):
            end = majority("c", yes=yes + more, no=no + verdict.missing - more, needed=needed)
            assert end.label is verdict.label


@given(yes=COUNT, no=COUNT)
def test_a_complete_clip_has_a_label_or_is_a_tie(yes: int, no: int) -> None:
    verdict = majority("c", yes=yes, no=no, needed=yes + no)
    assert verdict.complete is (yes + no > 0)
    assert verdict.tie is (yes == no and yes > 0)
    assert (verdict.label is None) is (yes == no)
    assert verdict.one_rater is (yes + no == 1)


@given(st.lists(st.sampled_from(["yes", "no", "unsure", "broken"]), max_size=8))
def test_cant_tell_and_broken_never_decide(values: list[Value]) -> None:
    said = [
        Judgement("c", f"p{n}", value, value in ("yes", "no")) for n, value in enumerate(values)
    ]
    other = Judgement("another", "p0", "yes", True)
    verdict = vote("c", [*said, other], needed=3)
    assert verdict.yes == values.count("yes") and verdict.unsure == values.count("unsure")
    assert verdict.label is majority("c", yes=verdict.yes, no=verdict.no, needed=3).label


def test_an_answer_without_a_slot_is_surplus() -> None:
    said = [Judgement("c", "a", "yes", True), Judgement("c", "b", "no", False)]
    verdict = vote("c", said, needed=1)
    assert (verdict.yes, verdict.no, verdict.surplus, verdict.label) == (1, 0, 1, True)


def test_the_order_is_seeded_and_keeps_its_place_when_clips_are_added() -> None:
    clips = [f"{n:016x}" for n in range(200)]
    order = sorted(clips, key=lambda clip: rank_of(clip, 7))
    again = [clips[n] for n in range(199, -1, -1)]
    assert order == sorted(again, key=lambda clip: rank_of(clip, 7))
    assert order != clips and order != sorted(clips, key=lambda clip: rank_of(clip, 8))
    fewer = sorted(clips[:100], key=lambda clip: rank_of(clip, 7))
    assert fewer == [clip for clip in order if clip in set(clips[:100])]


def test_two_people_meet_the_same_window_in_another_order() -> None:
    window = [f"{n:016x}" for n in range(24)]
    assert set(choose(window, 1, 24)) == set(window)
    assert choose(window, 1, 24) != choose(window, 2, 24)
    assert choose(window, 1, 3) == choose(window, 1, 24)[:3]
