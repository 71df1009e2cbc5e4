"""GRAM in the refine stage: the volume that the three vectors of a clip span."""

from mc3core.config import StageConfig
from mc3core.losses.gram import gram
from mc3core.methods.method import Method, Rows, triple
from mc3core.types import Batch, LossOutput


class Gram(Method):
    """Cicchetti et al., *Gramian Multimodal Representation Learning and Alignment*, ICLR 2025:
    InfoNCE over negative volumes; `objective.weight` of the pairwise terms is kept beside it."""

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        term = gram(*triple(rows), self.temperature(stage))
        return self.beside_pairs("gram", term, rows, stage, done)
