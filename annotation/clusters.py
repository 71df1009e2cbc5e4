"""Exact agglomerative clusters of unit vectors: one tree, cut at any number of clusters.

Ward's method (Ward 1963) on the rows' Euclidean distances. The tree is kept, so that another number
of clusters is a cut and no new clustering.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32] | NDArray[np.float64]
Indices = NDArray[np.int64]

# The distances of all pairs are held at once: 8 * n * n / 2 bytes, 1.8 GB here.
LARGEST_TREE = 21_000


@dataclass(frozen=True, slots=True)
class Tree:
    """Ward merges of the M real rows among `count` rows.

    `rows` (M,) names the rows that are in the tree, ascending. `pairs` (M - 1, 2) are the merges in
    order of rising `heights` (M - 1,): a number under M is the row `rows[number]`, a larger one the
    outcome of merge `number - M`.
    """

    count: int
    rows: Indices
    pairs: Indices
    heights: NDArray[np.float64]


def grow_tree(vectors: Floats, present: NDArray[np.bool_]) -> Tree:
    """Merge the present rows of `vectors` (N, D) one pair at a time, the closest first.

    Rows that are not present stay out of the tree. Identical rows merge at height 0.
    Raises ValueError where more rows are present than one machine's memory takes.
    """
    from scipy.cluster.hierarchy import linkage

    rows = np.flatnonzero(present).astype(np.int64)
    if rows.size > LARGEST_TREE:
        raise ValueError(
            f"{rows.size:,} clips are too many for the exact tree, which holds all pairs of at "
            f"most {LARGEST_TREE:,} clips in memory."
        )
    if rows.size < 2:
        return Tree(len(vectors), rows, np.empty((0, 2), np.int64), np.empty(0))
    merges = np.asarray(linkage(vectors[rows].astype(np.float64), method="ward"))
    return Tree(len(vectors), rows, merges[:, :2].astype(np.int64), merges[:, 2].copy())


def cut(tree: Tree, clusters: int) -> NDArray[np.int32]:
    """Cluster of every row, (N,), in exactly `clusters` clusters; -1 for rows outside the tree.

    `clusters` is clipped to 1 .. M. Clusters are numbered from the largest to the smallest; equally
    large ones by their first row, so the same tree and number give the same numbering everywhere.
    """
    members = tree.rows.size
    labels = np.full(tree.count, -1, np.int32)
    if members == 0:
        return labels
    wanted = min(max(clusters, 1), members)
    parent = np.arange(2 * members - 1)
    merges = tree.pairs[: members - wanted]
    parent[merges] = members + np.arange(len(merges))[:, None]
    # Every pass doubles how far up a node points, until all point at their roots.
    while not np.array_equal(above := parent[parent], parent):
        parent = above
    _, first, group, sizes = np.unique(
        parent[:members], return_index=True, return_inverse=True, return_counts=True
    )
    number = np.empty(sizes.size, np.int32)
    number[np.lexsort((first, -sizes))] = np.arange(sizes.size)
    labels[tree.rows] = number[group]
    return labels


def prune(tree: Tree, keep: NDArray[np.bool_]) -> Tree:
    """The tree of the rows that are kept, `keep` (count,): what merged with a row that is gone
    moves up in its place; heights stay."""
    members = keep[tree.rows]
    left = int(members.sum())
    node = np.full(2 * max(tree.rows.size, 1) - 1, -1, np.int64)
    node[: members.size][members] = np.arange(left)
    pairs: list[tuple[int, int]] = []
    heights: list[float] = []
    merges: list[list[int]] = tree.pairs.tolist()
    for number, (first, second) in enumerate(merges, tree.rows.size):
        one, other = int(node[first]), int(node[second])
        node[number] = max(one, other)
        if one >= 0 and other >= 0:
            node[number] = left + len(pairs)
            pairs.append((one, other))
            heights.append(float(tree.heights[number - tree.rows.size]))
    rows = (np.cumsum(keep) - 1)[tree.rows[members]].astype(np.int64)
    merged = np.array(pairs, np.int64).reshape(-1, 2)
    return Tree(int(keep.sum()), rows, merged, np.array(heights))


def most_central(vectors: Floats, labels: NDArray[np.int32], count: int = 8) -> list[Indices]:
    """The `count` most central rows of each cluster, most central first; ties by row number.

    Central means the smallest sum of cosine distances to the cluster's rows, so the first one is
    the medoid. For unit rows that sum is size - x . (sum of the rows): linear in n, no pairs.
    """
    central: list[Indices] = []
    for cluster in range(int(labels.max(initial=-1)) + 1):
        rows = np.flatnonzero(labels == cluster).astype(np.int64)
        members = vectors[rows].astype(np.float64)
        closeness = np.round(members @ members.sum(axis=0), 9)
        central.append(rows[np.argsort(-closeness, kind="stable")[:count]])
    return central
