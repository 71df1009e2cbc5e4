"""EgoNCE in the refine stage: clips of the same verb and noun are positives too."""

from mc3core.config import StageConfig
from mc3core.losses.egonce import ego_nce, same_action
from mc3core.methods.method import DIRECTIONS, Method, Rows, sum_of
from mc3core.types import Batch, LossOutput


class EgoNce(Method):
    """Lin et al., *Egocentric Video-Language Pretraining*, NeurIPS 2022, over all three pairs. It
    reads the parse of verb and noun that also says which retrievals are right."""

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        same, tau = same_action(batch.groups), self.temperature(stage)
        parts = {
            name: ego_nce(rows[left], rows[right], same, tau)
            for name, (left, right) in DIRECTIONS.items()
        }
        return self.output(sum_of(parts), parts, rows, stage)
