"""What each query found, so that two models that were asked the same can be compared."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mc3core.evaluation.areas import Floats

Ints = NDArray[np.int64]

Measure = Literal["any_hit", "hits_of_reachable", "hits_of_relevant", "mean_hits"]

CUTOFFS = (1, 5, 10)
MEASURES: tuple[Measure, ...] = ("any_hit", "hits_of_reachable", "hits_of_relevant", "mean_hits")


@dataclass(frozen=True, slots=True)
class QueryHits:
    """Q queries of one direction in a pool of P.

    `right` (Q, min(10, P)): is the n-th nearest pool item of the query's group? `relevant` (Q,):
    R, how many in the pool are. `ranks` (Q,): where the first right one stands, from 1.
    """

    query_ids: tuple[str, ...]
    pool_ids: tuple[str, ...]
    right: NDArray[np.bool_]
    relevant: Ints
    ranks: Ints

    def measure(self, name: Measure, k: int) -> Floats:
        """One of `MEASURES` at cutoff k, query by query (Q,)."""
        return measured(name, self.right[:, :k].sum(axis=1, dtype=np.float64), self.relevant, k)

    def figures(self) -> dict[str, Floats]:
        """Every measure (Q,) at every cutoff: `any_hit@1`, ..., `mean_hits@10`."""
        return {f"{name}@{k}": self.measure(name, k) for name in MEASURES for k in CUTOFFS}


def measured(name: Measure, hits: Floats, relevant: Ints, k: int) -> Floats:
    """A measure (Q,) of how many hits (Q,) the first k hold where R (Q,) could be hit."""
    if name == "any_hit":
        return (hits > 0).astype(np.float64)
    if name == "hits_of_reachable":
        return hits / np.minimum(k, relevant)
    if name == "hits_of_relevant":
        return hits / relevant
    return hits
