"""CM-ACC: audio-video contrast with negatives chosen actively from a momentum pool."""

import copy
from typing import Self

import torch
from torch import Tensor

from mc3core.config import RunConfig, StageConfig
from mc3core.data.clips import Modality
from mc3core.encoders.towers import Towers
from mc3core.losses.active_negatives import choose_active, dictionary_info_nce
from mc3core.methods.method import Method, Rows, sum_of
from mc3core.types import Batch, LossOutput

SIDES: tuple[tuple[Modality, Modality], ...] = (("audio", "video"), ("video", "audio"))


class CmAcc(Method):
    """Ma et al., *Active Contrastive Learning of Audio-Visual Video Representations*, ICLR 2021.

    A pool of embeddings from a momentum copy of the towers; of these, for every batch, as many as
    it has clips go into a dictionary: those nearest to the k-means centres of the gradients that
    the loss has at the pool. Own against batch and dictionary, in both directions.

    Where the public code is wrong, this does what the paper says: embeddings are unit vectors
    and have a temperature, the momentum copy follows every parameter whole, and a slot that was
    never filled is no negative.
    """

    modalities: tuple[Modality, ...] = ("audio", "video")

    def __init__(self, config: RunConfig) -> None:
        super().__init__(config)
        self.momentum: Towers | None = None
        self._batch_size = config.batch_size

    def begin_stage(self, stage: StageConfig, clips: int) -> None:
        super().begin_stage(stage, clips)
        memory, dimension = self.objective.memory, self.towers.config.dimension
        device = self.log_inverse_temperature.device
        self.momentum = copy.deepcopy(self.towers)
        self.momentum.requires_grad_(False).eval()
        for modality in self.modalities:
            for name, batches in (
                ("pool", memory.pool_batches),
                ("dictionary", memory.dictionary_batches),
            ):
                rows = torch.zeros(batches * self._batch_size, dimension, device=device)
                self.register_buffer(f"{name}_{modality}", rows)
        # Rows written so far, of the pool and of the dictionary; both are rings.
        self.register_buffer("written", torch.zeros(2, dtype=torch.int64, device=device))

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.momentum is not None:
            self.momentum.eval()
        return self

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        tau = self.temperature(stage)
        if self.training:
            self._extend_dictionary(rows, tau)
        terms = {
            f"{left[0]}_{right[0]}": dictionary_info_nce(
                rows[left], rows[right], self._filled("dictionary", right), tau
            )
            for left, right in SIDES
        }
        return self.output(sum_of(terms), terms, rows, stage)

    @torch.no_grad()
    def _extend_dictionary(self, rows: Rows, tau: Tensor) -> None:
        pool = {modality: self._filled("pool", modality) for modality in self.modalities}
        size = len(rows["audio"])
        if len(pool["audio"]) < size:
            return
        for anchor, other in SIDES:
            if self.objective.memory.dictionary == "active":
                draw = torch.Generator().manual_seed(int(self.get_buffer("written")[0]))
                chosen = choose_active(
                    rows[anchor], pool[other], tau, size, draw, positives=rows[other]
                )
            else:
                chosen = torch.randperm(len(pool[other]))[:size].to(pool[other].device)
            self._write("dictionary", other, pool[other][chosen], 1)
        self.get_buffer("written")[1] += size

    @torch.no_grad()
    def after_step(self, batch: Batch) -> None:
        assert self.momentum is not None
        share = self.objective.memory.encoder_momentum
        for slow, fast in zip(self.momentum.parameters(), self.towers.parameters(), strict=True):
            slow.lerp_(fast, 1 - share)
        for slow, fast in zip(self.momentum.buffers(), self.towers.buffers(), strict=True):
            slow.copy_(fast)
        for modality in self.modalities:
            self._write("pool", modality, self.momentum.of(modality, batch), 0)
        self.get_buffer("written")[0] += len(batch.rows)

    def _filled(self, name: str, modality: Modality) -> Tensor:
        ring = self.get_buffer(f"{name}_{modality}")
        written = int(self.get_buffer("written")[0 if name == "pool" else 1])
        return ring[: min(written, len(ring))]

    def _write(self, name: str, modality: Modality, fresh: Tensor, counter: int) -> None:
        ring = self.get_buffer(f"{name}_{modality}")
        first = int(self.get_buffer("written")[counter])
        place = (first + torch.arange(len(fresh), device=ring.device)) % len(ring)
        ring[place] = fresh.to(ring)
