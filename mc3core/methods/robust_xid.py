"""Robust xID in the refine stage: doubtful pairs weigh less and share their target."""

from mc3core.config import StageConfig
from mc3core.losses.robust_xid import robust_xid
from mc3core.methods.method import DIRECTIONS, Method, Rows, sum_of
from mc3core.types import Batch, LossOutput


class RobustXid(Method):
    """Morgado, Misra and Vasconcelos, CVPR 2021, in the multi-modal form of arXiv:2606.02352:
    weights from each pair's own cosine, soft targets by cycle consistency, of which
    `objective.weight` is the share."""

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        tau, soft_share = self.temperature(stage), self.objective.weight
        parts = {
            name: robust_xid(rows[left], rows[right], tau, soft_share)
            for name, (left, right) in DIRECTIONS.items()
        }
        return self.output(sum_of(parts), parts, rows, stage)
