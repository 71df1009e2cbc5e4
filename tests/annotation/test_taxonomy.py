"""Verb table and long tail: against counting by hand, at the edges, and fast."""

import time
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.shares import share_of
from annotation.taxonomy import Observed, Words, long_tail, verb_table

WORDS = ["chop", "wash", "Wash", "zoë", None, ""]
Row = tuple[str | None, str | None, int, int, bool]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(["onion", "cup", None, "=1+1"]),
        st.sampled_from([-1, 0, 1]),
        st.sampled_from([-1, 0, 1]),
        st.booleans(),
    ),
    max_size=40,
)


def observed(rows: list[Row]) -> Observed:
    return Observed(
        Words.count(row[0] for row in rows),
        Words.count(row[1] for row in rows),
        np.array([row[2] for row in rows], np.int8),
        np.array([row[3] for row in rows], np.int8),
        np.array([row[4] for row in rows], bool),
    )


def known(values: list[int]) -> list[bool]:
    return [value == 1 for value in values if value >= 0]


@given(ROWS)
def test_every_figure_of_the_verb_table_is_what_counting_gives(rows: list[Row]) -> None:
    by_verb: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_verb[row[0] or None].append(row)
    table = verb_table(observed(rows), nouns=2)
    assert {row.verb for row in table} == by_verb.keys()
    assert [row.clips for row in table] == sorted((row.clips for row in table), reverse=True)
    for row in table:
        inside = by_verb[row.verb]
        assert row.clips == len(inside)
        assert row.sounds == share_of(known([r[2] for r in inside if not r[4]]))
        assert row.selected == share_of(known([r[2] for r in inside if r[4]]))
        assert row.unanimous == share_of(known([r[3] for r in inside if not r[4]]))
        nouns = Counter(r[1] for r in inside if r[1])
        assert row.nouns == tuple(sorted(nouns.items(), key=lambda n: (-n[1], n[0]))[:2])


@given(ROWS)
def test_groups_are_pairs_of_verb_and_noun_and_add_up(rows: list[Row]) -> None:
    tail = long_tail(observed(rows))
    sizes = Counter((row[0] or None, row[1]) for row in rows)
    assert {(group.verb, group.noun): group.clips for group in tail.groups} == dict(sizes)
    assert [g.clips for g in tail.groups] == sorted(sizes.values(), reverse=True)
    assert tail.singles == list(sizes.values()).count(1)
    assert sum(group.sounds.total for group in tail.groups) == sum(
        row[2] >= 0 and not row[4] for row in rows
    )
    if rows:
        head = sum(group.clips for group in tail.groups[: tail.for_half])
        before = sum(group.clips for group in tail.groups[: tail.for_half - 1])
        assert before < len(rows) / 2 <= head


def test_nothing_is_an_empty_table() -> None:
    assert verb_table(observed([])) == ()
    assert long_tail(observed([])).groups == ()
    assert long_tail(observed([])).for_half == 0


def test_a_verb_without_labels_or_nouns_has_no_share_and_says_so() -> None:
    (row,) = verb_table(observed([("look", None, -1, -1, False)]))
    assert row.sounds.share is None
    assert row.sounds.total == 0
    assert row.nouns == ()


@pytest.mark.parametrize(("clips", "seconds"), [(33_000, 0.5), (250_000, 2.0)])
def test_a_large_collection_takes_no_time(clips: int, seconds: float) -> None:
    rng = np.random.default_rng(0)
    verbs = [f"verb{n}" for n in np.minimum(rng.zipf(1.5, clips), 500)]
    nouns = [f"noun{n}" for n in np.minimum(rng.zipf(1.4, clips), 2000)]
    label = rng.integers(-1, 2, clips).astype(np.int8)
    start = time.process_time()
    selected = rng.random(clips) < 0.1
    many = Observed(Words.count(verbs), Words.count(nouns), label, label, selected)
    assert sum(row.clips for row in verb_table(many)) == clips
    assert sum(group.clips for group in long_tail(many).groups) == clips
    assert time.process_time() - start < seconds
