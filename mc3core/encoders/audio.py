"""The audio encoder: transformers' AST on log-mel spectrograms."""

from typing import Any

from torch import Tensor, nn

from mc3core.config import AudioConfig
from mc3core.encoders.stem import convolution_patches


class AudioEncoder(nn.Module):
    """(B, S, F) normalised log-mel → (B, width)."""

    def __init__(self, config: AudioConfig) -> None:
        super().__init__()
        from transformers import ASTConfig, ASTModel

        shape = ASTConfig(
            hidden_size=config.width,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            intermediate_size=4 * config.width,
            patch_size=config.patch,
            frequency_stride=config.stride,
            time_stride=config.stride,
            max_length=config.frames,
            num_mel_bins=config.mel_bands,
        )
        self.ast: Any = ASTModel(shape)
        if config.stem == "convolution":
            self.ast.embeddings.patch_embeddings.projection = convolution_patches(config)
        self.pool = config.pool

    def forward(self, log_mel: Tensor) -> Tensor:
        out = self.ast(input_values=log_mel)
        if self.pool == "token":
            return out.pooler_output  # mean of the class and the distillation token
        return out.last_hidden_state[:, 2:].mean(dim=1)
