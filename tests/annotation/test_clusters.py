"""The tree is exact: it equals Ward done the slow way, and every cut has what was asked."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.clusters import cut, grow_tree, most_central, prune


def unit_rows(count: int, seed: int = 0, size: int = 8) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, size))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def slow_ward(rows: NDArray[np.float32], clusters: int) -> set[frozenset[int]]:
    """Merge the pair of groups that raises the sum of squares least, until few enough are left."""
    points = rows.astype(np.float64)
    groups = [frozenset([row]) for row in range(len(points))]

    def cost(a: frozenset[int], b: frozenset[int]) -> float:
        left, right = points[list(a)], points[list(b)]
        gap = left.mean(axis=0) - right.mean(axis=0)
        return float(len(a) * len(b) / (len(a) + len(b)) * (gap @ gap))

    while len(groups) > clusters:
        a, b = min(itertools.combinations(groups, 2), key=lambda pair: cost(*pair))
        groups = [group for group in groups if group not in (a, b)] + [a | b]
    return set(groups)


def as_sets(labels: NDArray[np.int32]) -> set[frozenset[int]]:
    return {
        frozenset(np.flatnonzero(labels == k).tolist())
        for k in range(int(labels.max(initial=-1)) + 1)
    }


@pytest.mark.parametrize("clusters", [1, 2, 5, 11, 24])
def test_every_cut_equals_wards_method_done_slowly(clusters: int) -> None:
    rows = unit_rows(24)
    tree = grow_tree(rows, np.ones(24, bool))
    assert as_sets(cut(tree, clusters)) == slow_ward(rows, clusters)


def test_a_cut_has_as_many_clusters_as_asked_and_finer_cuts_split_coarser_ones() -> None:
    tree = grow_tree(unit_rows(60), np.ones(60, bool))
    coarser = as_sets(cut(tree, 1))
    for clusters in range(2, 61):
        finer = as_sets(cut(tree, clusters))
        assert len(finer) == clusters
        assert all(any(small <= large for large in coarser) for small in finer)
        coarser = finer


def test_clusters_are_numbered_from_large_to_small_and_then_by_their_first_row() -> None:
    labels = cut(grow_tree(unit_rows(80), np.ones(80, bool)), 17)
    sizes = np.bincount(labels)
    first = [int(np.flatnonzero(labels == k)[0]) for k in range(17)]
    keys = [(-int(size), row) for size, row in zip(sizes, first, strict=True)]
    assert keys == sorted(keys)


def test_masked_rows_stay_out_and_change_nothing_for_the_others() -> None:
    rows, present = unit_rows(40), np.ones(40, bool)
    present[[0, 7, 39]] = False
    labels = cut(grow_tree(rows, present), 6)
    alone = cut(grow_tree(rows[present], np.ones(37, bool)), 6)
    assert (labels[~present] == -1).all()
    assert np.array_equal(labels[present], alone)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_more_clusters_than_clips_give_one_clip_each(count: int) -> None:
    present = np.arange(5) < count
    labels = cut(grow_tree(unit_rows(5), present), 20)
    assert sorted(labels[present].tolist()) == list(range(count))


def test_identical_points_can_be_cut_at_any_number() -> None:
    rows = np.repeat(unit_rows(1), 30, axis=0)
    tree = grow_tree(rows, np.ones(30, bool))
    assert tree.heights.max() == 0
    assert len(as_sets(cut(tree, 7))) == 7


def test_central_rows_come_by_their_sum_of_cosine_distances_to_the_cluster() -> None:
    rows = unit_rows(50)
    labels = cut(grow_tree(rows, np.ones(50, bool)), 4)
    for cluster, central in enumerate(most_central(rows, labels, 8)):
        members = np.flatnonzero(labels == cluster)
        pairs = 1 - rows[members].astype(np.float64) @ rows[members].astype(np.float64).T
        slow = members[np.argsort(np.round(pairs.sum(axis=1), 9), kind="stable")][:8]
        assert central.tolist() == slow.tolist()


def test_equally_central_rows_come_in_the_order_of_their_numbers() -> None:
    rows = np.repeat(unit_rows(1), 12, axis=0)
    assert most_central(rows, np.zeros(12, np.int32))[0].tolist() == list(range(8))


def test_too_many_rows_are_refused_before_memory_is_taken() -> None:
    rows = np.zeros((21_001, 1), np.float32)
    with pytest.raises(ValueError, match="21,001 clips are too many"):
        grow_tree(rows, np.ones(21_001, bool))


@pytest.mark.parametrize("clusters", [1, 3, 7])
def test_a_pruned_tree_keeps_who_is_together(clusters: int) -> None:
    """Rows of a cut that stay are split no further, and none joins before it did."""
    rows = unit_rows(30, seed=4)
    present = np.arange(30) % 7 != 3
    keep = np.random.default_rng(5).random(30) > 0.3
    tree = grow_tree(rows, present)
    pruned = prune(tree, keep)
    assert pruned.count == keep.sum()
    assert pruned.rows.size == (keep & present).sum()
    assert len(pruned.pairs) == len(pruned.heights) == pruned.rows.size - 1
    assert np.all(np.diff(pruned.heights) >= 0)
    whole = as_sets(cut(tree, clusters))
    number = np.cumsum(keep) - 1
    left = {frozenset(int(number[row]) for row in group if keep[row]) for group in whole}
    left.discard(frozenset())
    assert as_sets(cut(pruned, len(left))) == left


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_tree_pruned_to_nearly_nothing_can_still_be_cut(kept: int) -> None:
    keep = np.arange(5) < kept
    pruned = prune(grow_tree(unit_rows(5), np.ones(5, bool)), keep)
    assert pruned.rows.tolist() == list(range(kept))
    assert len(cut(pruned, 3)) == kept
    nothing = prune(grow_tree(unit_rows(5), np.zeros(5, bool)), keep)
    assert cut(nothing, 2).tolist() == [-1] * kept
