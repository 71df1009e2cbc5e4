"""The text encoder: transformers' DistilBERT."""

from typing import Any

from torch import Tensor, nn

from mc3core.config import TextConfig


class TextEncoder(nn.Module):
    """(B, L) token ids and (B, L) mask → (B, width)."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        from transformers import DistilBertConfig, DistilBertModel

        shape = DistilBertConfig(
            vocab_size=config.vocabulary,
            max_position_embeddings=text_positions(config),
            dim=config.width,
            hidden_dim=4 * config.width,
            n_layers=config.layers,
            n_heads=config.heads,
            dropout=config.dropout,
            attention_dropout=config.dropout,
        )
        self.bert: Any = DistilBertModel(shape)
        self.pool = config.pool

    def forward(self, tokens: Tensor, token_mask: Tensor) -> Tensor:
        out = self.bert(input_ids=tokens, attention_mask=token_mask)
        hidden = out.last_hidden_state  # (B, L, width)
        if self.pool == "token":
            return hidden[:, 0]
        real = token_mask[..., None].to(hidden)
        return (hidden * real).sum(dim=1) / real.sum(dim=1)


def text_positions(config: TextConfig) -> int:
    """How many positions the encoder knows: DistilBERT's 512 where it starts from weights."""
    return max(512, config.tokens) if config.weights else config.tokens
