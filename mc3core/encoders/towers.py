"""The three towers: encoder, head, unit embedding, in one shared space."""

from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mc3core.config import EncodersConfig
from mc3core.data.clips import MODALITIES, Modality
from mc3core.encoders.audio import AudioEncoder
from mc3core.encoders.pretrained import start_towers
from mc3core.encoders.text import TextEncoder
from mc3core.encoders.video import VideoEncoder
from mc3core.encoders.weights.found import WeightReport
from mc3core.types import Batch


class Towers(nn.Module):
    """Audio, video and text to unit rows (B, D).

    The heads are those of the authors' later code (action2sound) and EgoVLP: LayerNorm and Linear
    for audio, Linear for video, ReLU and Linear for text. Each tower takes an encoder's pooled
    features in place of what the encoder reads (`encoders/frozen.py`).
    """

    def __init__(self, config: EncodersConfig) -> None:
        super().__init__()
        self.config = config
        self.audio_encoder = AudioEncoder(config.audio)
        self.video_encoder = VideoEncoder(config.video)
        self.text_encoder = TextEncoder(config.text)
        self.audio_head = nn.Sequential(
            nn.LayerNorm(config.audio.width), nn.Linear(config.audio.width, config.dimension)
        )
        self.video_head = nn.Linear(config.video.width, config.dimension)
        self.text_head = nn.Sequential(nn.ReLU(), nn.Linear(config.text.width, config.dimension))
        if config.frozen:
            for encoder in self.encoders():
                encoder.eval().requires_grad_(False)

    def encoders(self) -> tuple[nn.Module, nn.Module, nn.Module]:
        """What stands before the heads: audio, video, text."""
        return self.audio_encoder, self.video_encoder, self.text_encoder

    def train(self, mode: bool = True) -> Self:
        """As `nn.Module.train`; frozen encoders stay in evaluation mode: no dropout, no moving
        statistics."""
        super().train(mode)
        if self.config.frozen:
            for encoder in self.encoders():
                encoder.eval()
        return self

    def audio(self, log_mel: Tensor) -> Tensor:
        """(B, S, F) normalised log-mel, or features (B, width) → (B, D)."""
        features = log_mel if log_mel.ndim == 2 else self.audio_encoder(log_mel)
        return _unit(self.audio_head(features))

    def video(self, pictures: Tensor) -> Tensor:
        """(B, T, 3, H, W) in [0, 1], or features (B, width) → (B, D)."""
        features = pictures if pictures.ndim == 2 else self.video_encoder(pictures)
        return _unit(self.video_head(features))

    def text(self, tokens: Tensor, token_mask: Tensor) -> Tensor:
        """(B, L) ids and mask, or features (B, width), floating, and any mask → (B, D)."""
        known = tokens.is_floating_point()
        features = tokens if known else self.text_encoder(tokens, token_mask)
        return _unit(self.text_head(features))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Audio, video and text embeddings of a batch, each (B, D)."""
        return (
            self.audio(batch.audio),
            self.video(batch.video),
            self.text(batch.tokens, batch.token_mask),
        )

    def of(self, modality: Modality, batch: Batch) -> Tensor:
        """The embeddings (B, D) of one modality of a batch."""
        if modality == "audio":
            return self.audio(batch.audio)
        if modality == "video":
            return self.video(batch.video)
        return self.text(batch.tokens, batch.token_mask)

    def tower(self, modality: Modality) -> tuple[nn.Module, nn.Module]:
        """Encoder and head of one modality."""
        return {
            "audio": (self.audio_encoder, self.audio_head),
            "video": (self.video_encoder, self.video_head),
            "text": (self.text_encoder, self.text_head),
        }[modality]

    def load_pretrained(self) -> tuple[WeightReport, ...]:
        """Start from the local files and folders the configuration names, where it names any."""
        towers = {name: self.tower(name) for name in MODALITIES}
        return start_towers(towers, self.config)


def _unit(rows: Tensor) -> Tensor:
    # In float32 also under autocast: losses and scores compare cosines closely.
    with torch.autocast(rows.device.type, enabled=False):
        return F.normalize(rows.float(), dim=1)
