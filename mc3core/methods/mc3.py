"""MC3: multimodal contrastive-consensus coding (Chen et al., CVPR 2024)."""

import math

import torch
from torch import Tensor, nn

from mc3core.config import RunConfig, StageConfig
from mc3core.encoders.towers import Towers
from mc3core.losses.consensus import consensus
from mc3core.losses.infonce import info_nce
from mc3core.types import Batch, LossOutput

LARGEST_INVERSE_TEMPERATURE = 100.0


class Mc3(nn.Module):
    """Align: six directed InfoNCE terms over audio, video and language, summed. Refine: plus the
    consensus of A·V and A·L with audio as the anchor.

    What is ours: the options of `ObjectiveConfig`; preset `paper` has the paper's values.
    """

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        self.objective = config.objective
        self.towers = Towers(config.encoders)
        start = torch.tensor(-math.log(self.objective.temperature))
        if self.objective.learnable_temperature:
            self.log_inverse_temperature = nn.Parameter(start)
        else:
            self.register_buffer("log_inverse_temperature", start, persistent=False)

    def temperature(self) -> Tensor:
        """The scalar τ; where it is learned, never below 1/100, as in CLIP."""
        return (
            -self.log_inverse_temperature.clamp_max(math.log(LARGEST_INVERSE_TEMPERATURE))
        ).exp()

    def loss(self, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        """The loss of a batch in a stage of which the share `done` in [0, 1] is over."""
        audio, video, text = self.towers(batch)
        return self.objective_of(audio, video, text, stage, done)

    def objective_of(
        self, audio: Tensor, video: Tensor, text: Tensor, stage: StageConfig, done: float
    ) -> LossOutput:
        """The loss of unit embeddings (B, D) each."""
        options, tau = self.objective, self.temperature()
        parts = {
            "a_v": info_nce(audio, video, tau),
            "v_a": info_nce(video, audio, tau),
            "a_l": info_nce(audio, text, tau),
            "l_a": info_nce(text, audio, tau),
            "v_l": info_nce(video, text, tau),
            "l_v": info_nce(text, video, tau),
        }
        share = 1.0 if options.contrastive == "sum" else 0.5
        total = share * torch.stack(list(parts.values())).sum()
        parts["contrastive"] = total
        stats: dict[str, Tensor] = {}
        if options.learnable_temperature:
            stats["temperature"] = tau
        if stage.consensus:
            similarities = torch.stack([(audio * video).sum(1), (audio * text).sum(1)])  # (2, B)
            agreed = consensus(
                similarities,
                (options.alpha_video, options.alpha_text),
                inverse=options.inverse,
                gradient=options.gradient,
                norm=options.norm,
            )
            parts["consensus"] = agreed.loss
            stats["bottleneck_text"] = (agreed.bottleneck == 1).float().mean()
            total = total + self.consensus_weight(done) * agreed.loss
        return LossOutput(
            total=total,
            parts={name: value.detach() for name, value in parts.items()},
            stats={name: value.detach() for name, value in stats.items()},
        )

    def consensus_weight(self, done: float) -> float | Tensor:
        """Weight of the consensus term when the share `done` of its stage is over."""
        options = self.objective
        risen = min(1.0, done / options.ramp) if options.ramp else 1.0
        unit = 1.0 if options.weight_unit == "literal" else 1 / self.temperature().detach()
        return options.weight * risen * unit
