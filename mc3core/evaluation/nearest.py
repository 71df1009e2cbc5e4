"""Nearest neighbours in blocks: which pool rows come first, and where the first right one stands.

Equal scores are told apart by the order of the pool, the earlier first. Scores are those of one
matrix product a block; no Q x P matrix is ever held.
"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from mc3core.embeddings import Array

Ints = NDArray[np.int64]

BLOCK_CELLS = 1_800_000  # 256 queries of 7,032: what stays in cache between product and selection
MOST_ROWS, FEWEST_ROWS = 256, 64


def top_k(queries: Array, pool: Array, k: int) -> Ints:
    """Indices (Q, min(k, P)) of the nearest pool rows (P, D) of queries (Q, D), nearest first."""
    found = np.empty((len(queries), min(k, len(pool))), np.int64)
    for start, _, nearest in _blocks(queries, pool, k):
        found[start : start + len(nearest)] = nearest
    return found


def hits_and_ranks(
    queries: Array, pool: Array, query_groups: Ints, pool_groups: Ints, k: int
) -> tuple[NDArray[np.bool_], Ints]:
    """Which of the first k pool rows are of the query's group, (Q, min(k, P)), and the rank (Q,),
    from 1, of the first one that is. Each query's group (Q,) must stand in the pool's (P,)."""
    right = np.empty((len(queries), min(k, len(pool))), bool)
    ranks = np.empty(len(queries), np.int64)
    places = _places(pool_groups)
    for start, scores, nearest in _blocks(queries, pool, k):
        rows = slice(start, start + len(nearest))
        groups = query_groups[rows]
        hit = pool_groups[nearest] == groups[:, None]
        rank = hit.argmax(axis=1) + 1
        for row in np.flatnonzero(~hit.any(axis=1)):
            rank[row] = _rank(scores[row], places[int(groups[row])])
        right[rows], ranks[rows] = hit, rank
    return right, ranks


def _blocks(queries: Array, pool: Array, k: int) -> Iterator[tuple[int, Array, Ints]]:
    """First row, scores (block, P) and the first k indices (block, k) of each block of queries.
    The scores are overwritten by the next block."""
    k, columns = min(k, len(pool)), len(pool)
    size = max(FEWEST_ROWS, min(MOST_ROWS, BLOCK_CELLS // max(columns, 1)))
    left, right = torch.from_numpy(queries), torch.from_numpy(pool).T
    out = torch.empty(min(size, len(queries)), columns)
    for start in range(0, len(queries), size):
        block = left[start : start + size]
        scores = torch.mm(block, right, out=out[: len(block)])
        # One more than asked for shows whether the last place is shared.
        values, found = torch.topk(scores, min(k + 1, columns), dim=1)
        nearest = found[:, :k].numpy()
        tied = (values[:, 1:] == values[:, :-1]).any(dim=1).numpy()
        if tied.any():
            bound = values[:, k - 1].numpy()[tied]
            nearest[tied] = _settled(scores.numpy()[tied], bound, k)
        yield start, scores.numpy(), nearest


def _settled(scores: Array, bound: Array, k: int) -> Ints:
    """The first k (rows, k) by score, then by place; `bound` (rows,) is each row's k-th score."""
    row, column = np.divmod(np.flatnonzero(scores >= bound[:, None]), scores.shape[1])
    order = np.lexsort((-scores[row, column], row))  # stable: by place where scores are equal
    first = np.searchsorted(row, np.arange(len(scores)))
    return column[order][first[:, None] + np.arange(k)]


def _rank(scores: Array, own: Ints) -> int:
    """Rank, from 1, of the best of the places `own` among scores (P,)."""
    best = int(own[scores[own].argmax()])
    above = np.count_nonzero(scores > scores[best])
    return 1 + int(above) + int(np.count_nonzero(scores[:best] == scores[best]))


def _places(groups: Ints) -> dict[int, Ints]:
    """Where each group stands in the pool, by rising place."""
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    return dict(zip(names.tolist(), np.split(order, starts[1:]), strict=False))
