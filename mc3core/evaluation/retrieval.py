"""Cross-modal retrieval: does a sounding action find others of the same verb and noun?"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mc3core.data.clips import Clip, Modality
from mc3core.embeddings import Array, Embeddings

Ints = NDArray[np.int64]

CUTOFFS = (1, 5, 10)
DIRECTIONS: tuple[tuple[str, Modality, Modality], ...] = (
    ("v_a", "video", "audio"),
    ("a_v", "audio", "video"),
    ("l_a", "text", "audio"),
    ("a_l", "audio", "text"),
)
BLOCK = 256


@dataclass(frozen=True, slots=True)
class Direction:
    """Means over queries, by cutoff K; R is how many pool items are right for a query.

    `any_hit` is the usual Recall@K: is one of the first K right? Beside it, since papers use the
    same name for them: `hits_of_reachable` = hits / min(K, R), `hits_of_relevant` = hits / R,
    `mean_hits` = hits. `chance_any_hit` is what a random order gives.
    """

    name: str
    queries: int
    pool: int
    any_hit: dict[int, float]
    hits_of_reachable: dict[int, float]
    hits_of_relevant: dict[int, float]
    mean_hits: dict[int, float]
    chance_any_hit: dict[int, float]
    missed: tuple[str, ...]
    """Ids of queries without a hit among the first 10, for a person to look at."""


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """`groups` verb-noun pairs of `clips` sounding clips were split into queries and pool."""

    groups: int
    clips: int
    masked: int
    directions: tuple[Direction, ...]
    undefined: str | None = None


def retrieval(
    embeddings: Embeddings,
    clips: Sequence[Clip],
    labels: Mapping[str, bool],
    seed: int = 0,
) -> RetrievalReport:
    """The paper's four directions on clips that sound.

    Clips of `clips` labelled True are grouped by verb and noun; groups of more than two are split
    in half by a seeded draw, an odd clip joins the queries. A hit is a pool clip of its group.
    Clips that lack a modality, a verb or a noun are left out; `masked` counts the first kind.

    Note that the same verb and noun stand in a clip's own narration: directions from or to language
    are easier for it.
    """
    row_of = {clip_id: row for row, clip_id in enumerate(embeddings.clip_ids)}
    whole = np.logical_and.reduce([embeddings.present[name] for name in ("audio", "video", "text")])
    sounding = [clip for clip in clips if labels.get(clip.clip_id) and clip.clip_id in row_of]
    usable = [clip for clip in sounding if whole[row_of[clip.clip_id]]]
    members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for clip in usable:
        if clip.verb and clip.noun:
            members[clip.verb, clip.noun].append(clip.clip_id)
    groups = [sorted(members[key]) for key in sorted(members) if len(members[key]) > 2]
    draw = np.random.default_rng(seed)
    queries, pool = [list[tuple[int, int]]() for _ in range(2)]  # (row, group)
    for number, group in enumerate(groups):
        order = draw.permutation(len(group))
        half = math.ceil(len(group) / 2)
        for place, index in enumerate(order):
            (queries if place < half else pool).append((row_of[group[index]], number))
    query_rows, query_groups = np.array(queries, np.int64).reshape(-1, 2).T
    # A second draw decides the order of the pool, which breaks ties, so that no group comes first.
    pool_rows, pool_groups = np.array(pool, np.int64).reshape(-1, 2)[draw.permutation(len(pool))].T
    directions = tuple(
        _direction(
            name,
            embeddings.vectors[left][query_rows],
            embeddings.vectors[right][pool_rows],
            query_groups,
            pool_groups,
            [embeddings.clip_ids[row] for row in query_rows],
        )
        for name, left, right in DIRECTIONS
    )
    return RetrievalReport(
        groups=len(groups),
        clips=len(queries) + len(pool),
        masked=len(sounding) - len(usable),
        directions=directions,
        undefined=None if groups else "no verb and noun has more than two clips that sound.",
    )


def top_k(queries: Array, pool: Array, k: int) -> Ints:
    """Indices (Q, k) of the nearest pool rows, nearest first; of equal ones the earlier first.

    In blocks of queries, so that no Q x P matrix is ever held.
    """
    k, found = min(k, len(pool)), [np.empty((0, min(k, len(pool))), np.int64)]
    for start in range(0, len(queries), BLOCK):
        scores = queries[start : start + BLOCK] @ pool.T  # (block, P)
        least = np.partition(scores, len(pool) - k, axis=1)[:, len(pool) - k, None]
        block = np.empty((len(scores), k), np.int64)
        for row, (line, bound) in enumerate(zip(scores, least, strict=True)):
            candidates = np.flatnonzero(line >= bound)  # k of them, more where the last is tied
            block[row] = candidates[np.argsort(-line[candidates], kind="stable")[:k]]
        found.append(block)
    return np.concatenate(found)


def _direction(
    name: str,
    queries: Array,
    pool: Array,
    query_groups: Ints,
    pool_groups: Ints,
    query_ids: Sequence[str],
) -> Direction:
    if not len(queries):
        none = dict[int, float]()
        return Direction(name, 0, 0, none, none, none, none, none, ())
    nearest = top_k(queries, pool, max(CUTOFFS))
    right = pool_groups[nearest] == query_groups[:, None]  # (Q, K)
    relevant = np.bincount(pool_groups, minlength=query_groups.max() + 1)[query_groups]  # (Q,)
    hits = {k: right[:, :k].sum(axis=1) for k in CUTOFFS}
    return Direction(
        name=name,
        queries=len(queries),
        pool=len(pool),
        any_hit={k: float((hits[k] > 0).mean()) for k in CUTOFFS},
        hits_of_reachable={k: float((hits[k] / np.minimum(k, relevant)).mean()) for k in CUTOFFS},
        hits_of_relevant={k: float((hits[k] / relevant).mean()) for k in CUTOFFS},
        mean_hits={k: float(hits[k].mean()) for k in CUTOFFS},
        chance_any_hit={
            k: float(np.mean([_chance(len(pool), int(r), k) for r in relevant])) for k in CUTOFFS
        },
        missed=tuple(query_ids[row] for row in np.flatnonzero(hits[max(CUTOFFS)] == 0).tolist()),
    )


def _chance(pool: int, relevant: int, k: int) -> float:
    """1 - C(P-R, K) / C(P, K): a random order has one of R right items among its first K."""
    return 1 - math.comb(pool - relevant, min(k, pool)) / math.comb(pool, min(k, pool))
