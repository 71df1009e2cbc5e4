"""The order in which clips are given out."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from annotation.assignment import asks_all, choose, rank_of, ranks


def test_the_order_is_seeded_and_a_clip_keeps_its_place() -> None:
    clips = [f"{n:016x}" for n in range(200)]
    first = sorted(clips, key=lambda clip: rank_of(clip, 1))
    backwards = list(reversed(clips))
    assert first == sorted(backwards, key=lambda clip: rank_of(clip, 1))
    assert first != clips and first != sorted(clips, key=lambda clip: rank_of(clip, 2))


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    seed=st.integers(0, 1000),
    part=st.floats(0, 1),
)
def test_any_first_part_of_the_order_holds_every_stratum_in_proportion(
    sizes: list[int], seed: int, part: float
) -> None:
    strata = {f"{s}-{n}": str(s) for s, size in enumerate(sizes) for n in range(size)}
    order = ranks(strata, strata, seed)
    cut = int(part * 2**62)
    counts = Counter(strata[clip] for clip, rank in order.items() if rank < cut)
    for s, size in enumerate(sizes):
        assert abs(counts[str(s)] - part * size) <= 1.001


def test_clips_without_a_stratum_are_one_of_their_own() -> None:
    order = ranks(["a", "b", "c"], {"a": "chop"}, 0)
    assert set(order) == {"a", "b", "c"} and len(set(order.values())) == 3


def test_the_share_asked_of_everybody_is_a_random_one() -> None:
    clips = [f"{n:016x}" for n in range(4000)]
    chosen = [clip for clip in clips if asks_all(clip, 5, 0.2)]
    assert 0.17 < len(chosen) / len(clips) < 0.23
    assert not any(asks_all(clip, 5, 0.0) for clip in clips)
    assert all(asks_all(clip, 5, 1.0) for clip in clips)
    # Independent of the order: the first clips of a batch are no special ones.
    early = sorted(clips, key=lambda clip: rank_of(clip, 5))[:1000]
    assert 0.15 < sum(clip in set(chosen) for clip in early) / 1000 < 0.25


def test_two_people_hear_the_same_clips_in_another_sequence() -> None:
    window = [f"{n:016x}" for n in range(24)]
    assert choose(window, 1, 24) != choose(window, 2, 24)
    assert sorted(choose(window, 1, 24)) == window
