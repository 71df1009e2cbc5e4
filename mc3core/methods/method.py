"""What every method is: three towers, a temperature, and a loss for each kind of stage."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn

from mc3core.config import RunConfig, StageConfig
from mc3core.data.clips import MODALITIES, Modality
from mc3core.encoders.towers import Towers
from mc3core.losses.infonce import info_nce
from mc3core.losses.shares import similarity_shares
from mc3core.losses.six import six_info_nce
from mc3core.types import Batch, LossOutput

LARGEST_INVERSE_TEMPERATURE = 100.0
CONTRASTIVE_SHARE = {"sum": 1.0, "symmetric_mean": 0.5, "pair_mean": 1 / 3, "none": 0.0}
# Beyond this the B x B exponentials of a pair are made again in backward, block by block.
WHOLE_BATCH, BLOCK = 2048, 64

Pair = tuple[Modality, Modality]
PAIRS: tuple[Pair, ...] = (("audio", "video"), ("audio", "text"), ("video", "text"))
LETTERS: dict[Modality, str] = {"audio": "a", "video": "v", "text": "l"}
# Both directions of every pair, by the name of their term: a_v is audio looking for its video.
DIRECTIONS: dict[str, Pair] = {
    "a_v": ("audio", "video"),
    "v_a": ("video", "audio"),
    "a_l": ("audio", "text"),
    "l_a": ("text", "audio"),
    "v_l": ("video", "text"),
    "l_v": ("text", "video"),
}

Rows = Mapping[Modality, Tensor]
"""Unit embeddings (B, D) of the modalities that a stage reads."""


class Method(nn.Module, ABC):
    """Subclasses say which modalities they read and train, and what their own objective is.

    The trainer calls `begin_stage`, then for every batch `loss` and, after the optimizer's step,
    `after_step`. What a method remembers is in buffers or submodules, so that a checkpoint holds
    it; all towers are there, also those that a method never reads.
    """

    modalities: tuple[Modality, ...] = MODALITIES

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        self.objective = config.objective
        self.towers = Towers(config.encoders)
        start = torch.tensor(-math.log(self.objective.temperature))
        if self.objective.learnable_temperature:
            self.log_inverse_temperature = nn.Parameter(start)
        else:
            self.register_buffer("log_inverse_temperature", start, persistent=False)
        self._frozen: tuple[Modality, ...] = ()
        self._parameters_that_train(self.modalities)

    def trains(self, stage: StageConfig) -> tuple[Modality, ...]:
        """The modalities whose towers change in a stage."""
        return self.modalities

    def reads(self, stage: StageConfig) -> tuple[Modality, ...]:
        """The modalities that a stage looks at."""
        return self.modalities

    def begin_stage(self, stage: StageConfig, clips: int) -> None:
        """Get ready for a stage over so many training clips: which towers train, what is kept."""
        self._frozen = tuple(m for m in MODALITIES if m not in self.trains(stage))
        self._parameters_that_train(self.trains(stage))
        self.train(self.training)

    def train(self, mode: bool = True) -> Self:
        """A frozen tower keeps its running statistics and drops nothing."""
        super().train(mode)
        for modality in self._frozen:
            for part in self.towers.tower(modality):
                part.eval()
        return self

    def temperature(self, stage: StageConfig | None = None) -> Tensor:
        """The scalar τ of a stage; where it is learned, never below 1/100, as in CLIP."""
        if stage is not None and stage.temperature is not None:
            return self.log_inverse_temperature.new_tensor(stage.temperature)
        return (
            -self.log_inverse_temperature.clamp_max(math.log(LARGEST_INVERSE_TEMPERATURE))
        ).exp()

    def loss(self, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        """The loss of a batch in a stage of which the share `done` in [0, 1] is over."""
        return self.objective_of(self.embed(batch, stage), batch, stage, done)

    def embed(self, batch: Batch, stage: StageConfig) -> dict[Modality, Tensor]:
        """Unit rows of the modalities that a stage reads; no gradient where a tower is frozen."""
        found: dict[Modality, Tensor] = {}
        for modality in self.reads(stage):
            with torch.set_grad_enabled(torch.is_grad_enabled() and modality not in self._frozen):
                found[modality] = self.towers.of(modality, batch)
        return found

    def objective_of(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        """The loss of unit embeddings."""
        if stage.terms == "contrastive":
            parts = self.contrastive(rows, self.temperature(stage))
            share = CONTRASTIVE_SHARE[self.objective.contrastive] or 1.0  # align is never empty
            parts["contrastive"] = share * sum_of(parts)
            return self.output(parts["contrastive"], parts, rows, stage)
        return self.own_terms(rows, batch, stage, done)

    @abstractmethod
    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        """The loss of a stage of `terms` = `objective`."""

    def after_step(self, batch: Batch) -> None:
        """Renew what is remembered, once the optimizer has moved."""

    def contrastive(
        self, rows: Rows, tau: Tensor, pairs: tuple[Pair, ...] = PAIRS
    ) -> dict[str, Tensor]:
        """Both directed InfoNCE terms of every pair that is there, by name: a_v, v_a, a_l, ..."""
        if pairs == PAIRS and len(rows) == len(MODALITIES):
            audio, video, text = triple(rows)
            block = None if len(audio) <= WHOLE_BATCH else BLOCK
            six = six_info_nce(audio, video, text, tau, block)
            return dict(zip(DIRECTIONS, six.unbind(), strict=True))
        return {
            name: info_nce(rows[left], rows[right], tau)
            for name, (left, right) in DIRECTIONS.items()
            if {(left, right), (right, left)} & set(pairs) and {left, right} <= rows.keys()
        }

    def beside_pairs(
        self, name: str, term: Tensor, rows: Rows, stage: StageConfig, done: float
    ) -> LossOutput:
        """A term over whole triples; `objective.weight` of the pairwise terms is kept beside it."""
        tau = self.temperature(stage)
        parts = self.contrastive(rows, tau)
        kept = self.weight(done, tau) * sum_of(parts)
        return self.output(term + kept, parts | {name: term}, rows, stage)

    def weight(self, done: float, tau: Tensor) -> Tensor:
        """Weight of the method's own term when the share `done` of its stage is over."""
        options = self.objective
        risen = min(1.0, done / options.ramp) if options.ramp else 1.0
        unit = torch.ones_like(tau) if options.weight_unit == "literal" else 1 / tau.detach()
        return options.weight * risen * unit

    def output(
        self,
        total: Tensor,
        parts: Mapping[str, Tensor],
        rows: Rows,
        stage: StageConfig,
        stats: Mapping[str, Tensor] | None = None,
    ) -> LossOutput:
        """What the trainer takes, with the figures that every method logs."""
        shown = dict(stats or {})
        if self.objective.learnable_temperature and stage.temperature is None:
            shown["temperature"] = self.temperature(stage)
        if len(rows) == len(MODALITIES):
            shown |= similarity_shares(*triple(rows))
        return LossOutput(
            total=total,
            parts={name: value.detach() for name, value in parts.items()},
            stats={name: value.detach() for name, value in shown.items()},
        )

    def _parameters_that_train(self, modalities: tuple[Modality, ...]) -> None:
        for modality in MODALITIES:
            encoder, head = self.towers.tower(modality)
            head.requires_grad_(modality in modalities)
            encoder.requires_grad_(modality in modalities and not self.towers.config.frozen)


def sum_of(parts: Mapping[str, Tensor]) -> Tensor:
    """The sum of scalar terms."""
    return torch.stack(list(parts.values())).sum()


def triple(rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Audio, video and text, for objectives that need all three."""
    return rows["audio"], rows["video"], rows["text"]
