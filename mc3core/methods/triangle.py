"""TRIANGLE in the refine stage: the area between the three vectors of a clip."""

from mc3core.config import StageConfig
from mc3core.losses.triangle import triangle
from mc3core.methods.method import Method, Rows, triple
from mc3core.types import Batch, LossOutput


class Triangle(Method):
    """NeurIPS 2025: InfoNCE over negative areas, as the authors' code has them (no square root);
    `objective.weight` of the pairwise terms is kept beside it."""

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        term = triangle(*triple(rows), self.temperature(stage))
        return self.beside_pairs("triangle", term, rows, stage, done)
