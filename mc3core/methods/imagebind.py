"""ImageBind: video and language first, then audio is bound to video that no longer moves."""

from mc3core.config import StageConfig
from mc3core.data.clips import Modality
from mc3core.methods.method import Method, Pair, Rows, sum_of
from mc3core.types import Batch, LossOutput


class ImageBind(Method):
    """Girdhar et al., CVPR 2023, as *SoundingActions* applies it: InfoNCE in both directions of
    video and language, then of video and audio with the video tower frozen. Audio and language
    meet only through video."""

    def trains(self, stage: StageConfig) -> tuple[Modality, ...]:
        return ("video", "text") if stage.terms == "contrastive" else ("audio",)

    def reads(self, stage: StageConfig) -> tuple[Modality, ...]:
        return ("video", "text") if stage.terms == "contrastive" else ("audio", "video")

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        pairs: tuple[Pair, ...] = (("audio", "video"),)
        parts = self.contrastive(rows, self.temperature(stage), pairs)
        return self.output(sum_of(parts), parts, rows, stage)
