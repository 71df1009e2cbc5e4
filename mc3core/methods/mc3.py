"""MC3, multimodal contrastive-consensus coding, with its presets up to gated_ego."""

import copy
from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor

from mc3core.config import RunConfig, StageConfig
from mc3core.data.clips import Modality
from mc3core.encoders.towers import Towers
from mc3core.losses.consensus import Consensus, consensus, matrix_consensus
from mc3core.losses.egonce import ego_nce, same_action
from mc3core.losses.gated import gate, gated_ego_av, gated_ego_va, gated_info_nce, gated_push
from mc3core.losses.soft_targets import language_targets, soft_info_nce
from mc3core.methods.method import CONTRASTIVE_SHARE, Method, Pair, Rows, sum_of, triple
from mc3core.types import Batch, LossOutput

REST: tuple[Pair, ...] = (("audio", "text"), ("video", "text"))


class Mc3(Method):
    """Align: six directed InfoNCE terms over audio, video and language, summed. Refine: plus the
    consensus of both pairs with the anchor, or, beyond the paper, an audio-video term in which
    language says which clips may agree.

    Equations 1 to 4 of *SoundingActions* (Chen et al., CVPR 2024). What is ours: the options of
    `ObjectiveConfig`; preset `paper` has the paper's values.
    """

    def __init__(self, config: RunConfig) -> None:
        super().__init__(config)
        self.teacher: Towers | None = None

    def begin_stage(self, stage: StageConfig, clips: int) -> None:
        super().begin_stage(stage, clips)
        gated = self.objective.audio_video in ("gated", "gated_ego")
        if gated and self.objective.gate == "align" and stage.terms == "objective":
            self.teacher = copy.deepcopy(self.towers)
            self.teacher.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.teacher is not None:
            self.teacher.eval()
        return self

    def own_terms(self, rows: Rows, batch: Batch, stage: StageConfig, done: float) -> LossOutput:
        options, tau = self.objective, self.temperature(stage)
        parts, stats = self._contrastive_terms(rows, batch, tau, done)
        share = CONTRASTIVE_SHARE[options.contrastive]
        parts["contrastive"] = share * sum_of(parts)
        total = parts["contrastive"] if share else parts["contrastive"] * 0.0
        if options.consensus != "none":
            agreed = self._consensus(rows)
            parts["consensus"] = agreed.loss
            stats["bottleneck_text"] = (agreed.bottleneck == len(self._others()) - 1).float().mean()
            total = total + self.weight(done, tau) * agreed.loss
        return self.output(total, parts, rows, stage, stats)

    def _contrastive_terms(
        self, rows: Rows, batch: Batch, tau: Tensor, done: float
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The terms that are summed, and figures worth a curve."""
        options = self.objective
        if options.audio_video == "info_nce":
            return self.contrastive(rows, tau), {}
        audio, video, text = triple(rows)
        if options.audio_video == "soft_targets":
            to_video, to_audio = language_targets(audio, text, options.teacher_temperature)
            own = {
                "a_v": soft_info_nce(audio, video, to_video, tau),
                "v_a": soft_info_nce(video, audio, to_audio, tau),
            }
            return own | self.contrastive(rows, tau, REST), {}
        gates = gate(self._agreement(rows, batch), options.gate_slope)
        push = self.weight(done, tau) * gated_push((audio * video).sum(dim=1), gates)
        stats = {"gate_open": (gates > 0.5).float().mean(), "gate_mean": gates.mean()}
        if options.audio_video == "gated":
            own = {
                "a_v": gated_info_nce(audio, video, gates, tau),
                "v_a": gated_info_nce(video, audio, gates, tau),
                "push": push,
            }
            return own | self.contrastive(rows, tau, REST), stats
        same = same_action(batch.groups)
        return {
            "a_v": gated_ego_av(audio, video, gates, same, tau),
            "v_a": gated_ego_va(audio, video, gates, same, tau),
            "push": push,
            "a_l": ego_nce(audio, text, same, tau),
            "l_a": ego_nce(text, audio, same, tau),
            "v_l": ego_nce(video, text, same, tau),
            "l_v": ego_nce(text, video, same, tau),
        }, stats

    def _agreement(self, rows: Rows, batch: Batch) -> Tensor:
        """(B,) cosines that open the gate."""
        if self.objective.gate == "self":
            return (rows["audio"] * rows["video"]).sum(dim=1)
        if self.teacher is None:
            return (rows["audio"] * rows["text"]).sum(dim=1)
        with torch.no_grad():
            audio = self.teacher.of("audio", batch)
            text = self.teacher.of("text", batch)
        return (audio * text).sum(dim=1)

    def _others(self) -> tuple[Modality, ...]:
        """The modalities that agree with the anchor; language last."""
        order: tuple[Modality, ...] = ("audio", "video", "text")
        return tuple(modality for modality in order if modality != self.objective.anchor)

    def _consensus(self, rows: Rows) -> Consensus:
        options = self.objective
        alpha: Mapping[str, float] = {
            "audio": options.alpha_audio,
            "video": options.alpha_video,
            "text": options.alpha_text,
        }
        others = self._others()
        alphas = tuple(alpha[modality] for modality in others)
        if options.consensus == "matrix":
            audio, video, text = triple(rows)
            return matrix_consensus(
                audio, video, text, (options.alpha_video, options.alpha_text),
                gradient=options.gradient,
            )  # fmt: skip
        anchor = rows[options.anchor]
        similarities = torch.stack([(rows[other] * anchor).sum(dim=1) for other in others])
        return consensus(
            similarities,
            alphas,
            inverse=options.inverse,
            gradient=options.gradient,
            norm=options.norm,
        )
