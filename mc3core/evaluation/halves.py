"""The paper's retrieval protocol: groups of more than two, each split into queries and pool."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Key = TypeVar("Key", int, str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Halves:
    """Rows (Q,) of the queries and (P,) of the pool, and the number of each one's group."""

    queries: Ints
    pool: Ints
    query_groups: Ints
    pool_groups: Ints
    groups: int


def halves(keys: Sequence[Key | None], seed: int = 0) -> Halves:
    """Split the rows of every key that more than two rows share; an odd row joins the queries.

    Row by row `keys` names the group, None for a row that is in none. The same keys and seed give
    the same halves: the split reads nothing of any model.
    """
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            members[key].append(row)
    groups = [members[key] for key in sorted(members) if len(members[key]) > 2]
    draw = np.random.default_rng(seed)
    queries, pool = [list[tuple[int, int]]() for _ in range(2)]  # (row, group)
    for number, group in enumerate(groups):
        half = math.ceil(len(group) / 2)
        for place, index in enumerate(draw.permutation(len(group))):
            (queries if place < half else pool).append((group[index], number))
    query_rows, query_groups = np.array(queries, np.int64).reshape(-1, 2).T
    # A second draw decides the order of the pool, which breaks ties, so that no group comes first.
    pool_rows, pool_groups = np.array(pool, np.int64).reshape(-1, 2)[draw.permutation(len(pool))].T
    return Halves(query_rows, pool_rows, query_groups, pool_groups, len(groups))
