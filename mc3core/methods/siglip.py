"""SigLIP in the refine stage: every pair of the batch is judged by itself."""

import math

import torch
from torch import nn

from mc3core.config import RunConfig, StageConfig
from mc3core.losses.siglip import siglip
from mc3core.methods.method import LETTERS, PAIRS, Method, Rows, sum_of
from mc3core.types import Batch, LossOutput


class SigLip(Method):
    """Zhai et al., *Sigmoid Loss for Language Image Pre-Training*, ICCV 2023, over all three
    pairs. The scale is 1/temperature; the bias of every pair is learned, from a batch's odds on."""

    def __init__(self, config: RunConfig) -> None:
        super().__init__(config)
        odds = -math.log(max(1, config.batch_size - 1))
        self.bias = nn.Parameter(torch.full((len(PAIRS),), odds))

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        scale = 1 / self.temperature(stage)
        parts = {
            f"{LETTERS[one]}_{LETTERS[other]}": siglip(rows[one], rows[other], scale, bias)
            for (one, other), bias in zip(PAIRS, self.bias, strict=True)
        }
        return self.output(sum_of(parts), parts, rows, stage)
