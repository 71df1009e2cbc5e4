"""CLAP: contrastive language-audio pretraining; pictures are never looked at."""

from mc3core.config import StageConfig
from mc3core.data.clips import Modality
from mc3core.methods.method import Method, Rows, sum_of
from mc3core.types import Batch, LossOutput


class Clap(Method):
    """Elizalde et al., ICASSP 2023: half the sum of both InfoNCE terms of audio and language."""

    modalities: tuple[Modality, ...] = ("audio", "text")

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        parts = self.contrastive(rows, self.temperature(stage))
        return self.output(sum_of(parts) / 2, parts, rows, stage)
