"""CMC: contrastive multiview coding over the full graph of three modalities."""

import torch
from torch import Tensor

from mc3core.config import RunConfig, StageConfig
from mc3core.data.clips import MODALITIES, Modality
from mc3core.losses.bank import bank_nce, bank_softmax, bank_start, first_normaliser, update_bank
from mc3core.methods.method import DIRECTIONS, Method, Rows, sum_of
from mc3core.types import Batch, LossOutput


class Cmc(Method):
    """Tian et al., ECCV 2020: the sum of both directions over all pairs of views.

    In the batch it is MC3's align stage gone on with; MC3 without consensus. With a memory bank
    (`objective.memory.bank`), negatives and the positive come from embeddings of earlier steps, and
    the loss is NCE as in the authors' code, or softmax over the same candidates.
    """

    def __init__(self, config: RunConfig) -> None:
        super().__init__(config)
        self._fresh: dict[Modality, Tensor] = {}

    def begin_stage(self, stage: StageConfig, clips: int) -> None:
        super().begin_stage(stage, clips)
        if self.objective.memory.bank == "none" or stage.terms == "contrastive":
            return
        draw = torch.Generator().manual_seed(clips)
        device = self.log_inverse_temperature.device
        for modality in MODALITIES:
            bank = bank_start(clips, self.towers.config.dimension, draw).to(device)
            self.register_buffer(f"bank_{modality}", bank)
        for name in DIRECTIONS:
            self.register_buffer(f"normaliser_{name}", torch.zeros((), device=device))

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        tau = self.temperature(stage)
        banked = self.objective.memory.bank != "none"
        parts = self._bank_terms(rows, batch, tau) if banked else self.contrastive(rows, tau)
        return self.output(sum_of(parts), parts, rows, stage)

    def _bank_terms(self, rows: Rows, batch: Batch, tau: Tensor) -> dict[str, Tensor]:
        memory, terms = self.objective.memory, dict[str, Tensor]()
        places = batch.rows
        count = len(self.get_buffer("bank_audio"))
        drawn = torch.randint(count, (len(places), min(memory.negatives, count)))
        negatives = drawn.to(places.device)
        for name, (left, right) in DIRECTIONS.items():
            bank = self.get_buffer(f"bank_{right}")
            if memory.bank == "softmax":
                terms[name] = bank_softmax(rows[left], bank, places, negatives, tau)
                continue
            z = self.get_buffer(f"normaliser_{name}")
            if float(z) == 0:  # as published: set once, by the first batch
                z.copy_(first_normaliser(rows[left], bank, places, negatives, tau))
            terms[name] = bank_nce(rows[left], bank, places, negatives, tau, z)
        if self.training:
            self._fresh = {modality: value.detach() for modality, value in rows.items()}
        return terms

    def after_step(self, batch: Batch) -> None:
        for modality, rows in self._fresh.items():
            bank = self.get_buffer(f"bank_{modality}")
            update_bank(bank, batch.rows, rows, self.objective.memory.bank_momentum)
