"""Symile in the refine stage: one score for the three vectors of a clip."""

import torch

from mc3core.config import StageConfig
from mc3core.losses.symile import symile
from mc3core.methods.method import Method, Rows, triple
from mc3core.types import Batch, LossOutput


class Symile(Method):
    """Saporta et al., *Contrasting with Symile*, NeurIPS 2024: InfoNCE over multilinear inner
    products; `objective.weight` of the pairwise terms is kept beside it."""

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        term = symile(*triple(rows), self.temperature(stage), torch.default_generator)
        return self.beside_pairs("symile", term, rows, stage, done)
