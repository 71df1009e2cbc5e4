"""Cross-modal retrieval: does a sounding action find others of the same verb and noun?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mc3core.data.clips import MODALITIES, Clip
from mc3core.embeddings import Array, Embeddings
from mc3core.evaluation.chance import chance_measure, chance_median_rank
from mc3core.evaluation.halves import Halves, Key, halves
from mc3core.evaluation.nearest import hits_and_ranks
from mc3core.evaluation.queries import CUTOFFS, Measure, QueryHits

DIRECTIONS: tuple[tuple[str, str, str], ...] = (
    ("v_a", "video", "audio"),
    ("a_v", "audio", "video"),
    ("l_a", "text", "audio"),
    ("a_l", "audio", "text"),
)
BRIDGED = ("bridge_a", "bridge", "audio")
NO_GROUPS = "no verb and noun has more than two clips that sound."


@dataclass(frozen=True, slots=True)
class Direction:
    """Means over queries, by cutoff K; R is how many pool items are right for a query.

    `any_hit` is the usual Recall@K: is one of the first K right? Beside it, since papers use the
    same name for them: `hits_of_reachable` = hits / min(K, R), `hits_of_relevant` = hits / R,
    `mean_hits` = hits. `median_rank` is over the first right item of each query. Each has beside it
    what a random order of the pool gives.
    """

    name: str
    queries: int
    pool: int
    any_hit: dict[int, float]
    hits_of_reachable: dict[int, float]
    hits_of_relevant: dict[int, float]
    mean_hits: dict[int, float]
    median_rank: float | None
    chance_any_hit: dict[int, float]
    chance_hits_of_reachable: dict[int, float]
    chance_hits_of_relevant: dict[int, float]
    chance_mean_hits: dict[int, float]
    chance_median_rank: float | None
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The clips of the protocol: rows of the embeddings and their group, sorted by clip id, so that
    one split serves every run on the same clips; `masked` more sound but lack a modality."""

    rows: tuple[int, ...]
    keys: tuple[tuple[str, str] | None, ...]
    ids: tuple[str, ...]
    masked: int


def retrieval(
    embeddings: Embeddings,
    clips: Sequence[Clip],
    labels: Mapping[str, bool],
    seed: int = 0,
) -> RetrievalReport:
    """The paper's four directions on clips that sound.

    Clips of `clips` labelled True are grouped by verb and noun; groups of more than two are split
    in half by a seeded draw, an odd clip joins the queries. A hit is a pool clip of its group.
    Clips that lack a modality, a verb or a noun are left out; `masked` counts the first kind. Where
    the embeddings hold a `bridge` space (see `bridge.py`), it is asked for sounds as well.

    Note that the same verb and noun stand in a clip's own narration: directions from or to language
    are easier for it.
    """
    asked = asked_clips(embeddings, clips, labels)
    return _report(halves(asked.keys, seed), hits_of(embeddings, asked, seed), masked=asked.masked)


def asked_clips(embeddings: Embeddings, clips: Sequence[Clip], labels: Mapping[str, bool]) -> Asked:
    """Clips that sound and have every modality that the method reads, with their verb and noun."""
    row_of = {clip_id: row for row, clip_id in enumerate(embeddings.clip_ids)}
    read = [embeddings.present[name] for name in MODALITIES if embeddings.present[name].any()]
    whole = np.logical_and.reduce(read or [np.zeros(len(row_of), bool)])
    sounding = [clip for clip in clips if labels.get(clip.clip_id) and clip.clip_id in row_of]
    usable = sorted(
        (clip for clip in sounding if whole[row_of[clip.clip_id]]), key=lambda clip: clip.clip_id
    )
    return Asked(
        rows=tuple(row_of[clip.clip_id] for clip in usable),
        keys=tuple((c.verb, c.noun) if c.verb and c.noun else None for c in usable),
        ids=tuple(clip.clip_id for clip in usable),
        masked=len(sounding) - len(usable),
    )


def hits_of(embeddings: Embeddings, asked: Asked, seed: int = 0) -> dict[str, QueryHits]:
    """What each query found, by direction, with clip ids: what `paired_retrieval` compares."""
    rows = np.array(asked.rows, np.int64)
    vectors = {
        name: found[rows]
        for name, found in embeddings.vectors.items()
        if embeddings.present[name].any()  # a method that looks at no pictures has no directions
    }
    return query_hits(vectors, asked.keys, seed, asked.ids)


def retrieval_of(
    vectors: Mapping[str, ArrayLike], groups: Sequence[Key | None], seed: int = 0
) -> RetrievalReport:
    """The same protocol on bare arrays.

    Args:
        vectors: unit rows (N, D) by space (audio, video, text, bridge), numpy or torch on the CPU;
            a direction is reported where both of its spaces are given.
        groups: (N,) what a row must share with a query to be right; None keeps a row out.
        seed: of the split into queries and pool, which reads only `groups`.
    """
    return _report(halves(groups, seed), query_hits(vectors, groups, seed), masked=0)


def query_hits(
    vectors: Mapping[str, ArrayLike],
    groups: Sequence[Key | None],
    seed: int = 0,
    ids: Sequence[str] | None = None,
) -> dict[str, QueryHits]:
    """What each query found, by direction; `ids` (N,) name the rows, else their numbers do.

    ValueError: other rows than groups, or numbers that are not finite.
    """
    rows: dict[str, Array] = {
        name: np.ascontiguousarray(given, np.float32) for name, given in vectors.items()
    }
    for name, given in rows.items():
        if given.ndim != 2 or len(given) != len(groups):
            raise ValueError(f"{name} is {given.shape}: {len(groups)} groups need as many rows.")
        if not np.isfinite(given).all():
            raise ValueError(f"{name} holds numbers that are not finite.")
    split = halves(groups, seed)
    names = [str(row) for row in range(len(groups))] if ids is None else list(ids)
    query_ids = tuple(names[row] for row in split.queries.tolist())
    pool_ids = tuple(names[row] for row in split.pool.tolist())
    sizes = np.bincount(split.pool_groups, minlength=split.groups)
    found: dict[str, QueryHits] = {}
    for name, left, right in (*DIRECTIONS, BRIDGED):
        if left in rows and right in rows:
            hits, ranks = hits_and_ranks(
                rows[left][split.queries],
                rows[right][split.pool],
                split.query_groups,
                split.pool_groups,
                max(CUTOFFS),
            )
            found[name] = QueryHits(query_ids, pool_ids, hits, sizes[split.query_groups], ranks)
    return found


def _report(split: Halves, found: Mapping[str, QueryHits], masked: int) -> RetrievalReport:
    return RetrievalReport(
        groups=split.groups,
        clips=len(split.queries) + len(split.pool),
        masked=masked,
        directions=tuple(_direction(name, hits) for name, hits in found.items()),
        undefined=None if split.groups else NO_GROUPS,
    )


def _direction(name: str, hits: QueryHits) -> Direction:
    queries, pool = len(hits.query_ids), len(hits.pool_ids)
    cutoffs = CUTOFFS if queries else ()

    def mean(measure: Measure) -> dict[int, float]:
        return {k: float(hits.measure(measure, k).mean()) for k in cutoffs}

    def chance(measure: Measure) -> dict[int, float]:
        return {k: chance_measure(measure, pool, hits.relevant, k) for k in cutoffs}

    none = ~hits.right.any(axis=1)
    return Direction(
        name=name,
        queries=queries,
        pool=pool,
        any_hit=mean("any_hit"),
        hits_of_reachable=mean("hits_of_reachable"),
        hits_of_relevant=mean("hits_of_relevant"),
        mean_hits=mean("mean_hits"),
        median_rank=float(np.median(hits.ranks)) if queries else None,
        chance_any_hit=chance("any_hit"),
        chance_hits_of_reachable=chance("hits_of_reachable"),
        chance_hits_of_relevant=chance("hits_of_relevant"),
        chance_mean_hits=chance("mean_hits"),
        chance_median_rank=chance_median_rank(pool, hits.relevant) if queries else None,
        missed=tuple(hits.query_ids[row] for row in np.flatnonzero(none).tolist()),
    )
