"""Checkpoints of random weights, by the names that the authors' files have."""

import torch
from torch import Tensor

Tensors = dict[str, Tensor]

WIDTH, LAYERS, PATCH = 16, 2, 16


def linear(name: str, outputs: int, inputs: int) -> Tensors:
    return {f"{name}.weight": torch.randn(outputs, inputs), f"{name}.bias": torch.randn(outputs)}


def norm(name: str) -> Tensors:
    return {f"{name}.weight": torch.randn(WIDTH), f"{name}.bias": torch.randn(WIDTH)}


def image_model(patches: int, *, tokens: int = 1, colours: int = 3, classes: int = 10) -> Tensors:
    """timm's ViT, or with two `tokens` its distilled DeiT."""
    found = {
        "cls_token": torch.randn(1, 1, WIDTH),
        "pos_embed": torch.randn(1, tokens + patches, WIDTH),
        "patch_embed.proj.weight": torch.randn(WIDTH, colours, PATCH, PATCH),
        "patch_embed.proj.bias": torch.randn(WIDTH),
        **norm("norm"),
        **linear("head", classes, WIDTH),
    }
    if tokens == 2:
        found |= {"dist_token": torch.randn(1, 1, WIDTH), **linear("head_dist", classes, WIDTH)}
    for block in (f"blocks.{n}" for n in range(LAYERS)):
        found |= {
            **norm(f"{block}.norm1"),
            **linear(f"{block}.attn.qkv", 3 * WIDTH, WIDTH),
            **linear(f"{block}.attn.proj", WIDTH, WIDTH),
            **norm(f"{block}.norm2"),
            **linear(f"{block}.mlp.fc1", 4 * WIDTH, WIDTH),
            **linear(f"{block}.mlp.fc2", WIDTH, 4 * WIDTH),
        }
    return found


def ast(bands: int, times: int, *, classes: int = 527) -> Tensors:
    """YuanGong's AST: data-parallel, a map of `bands` x `times` patches, a classifier."""
    inner = image_model(bands * times, tokens=2, colours=1)
    return {
        **{f"module.v.{name}": value for name, value in inner.items()},
        **{f"module.{n}": value for n, value in norm("mlp_head.0").items()},
        **{f"module.{n}": value for n, value in linear("mlp_head.1", classes, WIDTH).items()},
    }


def egovlp(patches: int, frames: int, *, vocabulary: int, dimension: int) -> Tensors:
    """EgoVLP's: space-time transformer, DistilBERT and both heads."""
    video = image_model(patches) | {"temporal_embed": torch.randn(1, frames, WIDTH)}
    for name in ("head.weight", "head.bias"):
        del video[name]
    for block in (f"blocks.{n}" for n in range(LAYERS)):
        video |= {
            **norm(f"{block}.norm3"),
            **linear(f"{block}.timeattn.qkv", 3 * WIDTH, WIDTH),
            **linear(f"{block}.timeattn.proj", WIDTH, WIDTH),
        }
    return {
        **{f"module.video_model.{name}": value for name, value in video.items()},
        **{f"module.text_model.{name}": value for name, value in distilbert(vocabulary).items()},
        **linear("module.vid_proj.0", dimension, WIDTH),
        **linear("module.txt_proj.1", dimension, WIDTH),
    }


def distilbert(vocabulary: int) -> Tensors:
    found = {
        "embeddings.word_embeddings.weight": torch.randn(vocabulary, WIDTH),
        "embeddings.position_embeddings.weight": torch.randn(512, WIDTH),
        **norm("embeddings.LayerNorm"),
    }
    for layer in (f"transformer.layer.{n}" for n in range(LAYERS)):
        for name in ("q_lin", "k_lin", "v_lin", "out_lin"):
            found |= linear(f"{layer}.attention.{name}", WIDTH, WIDTH)
        found |= {
            **norm(f"{layer}.sa_layer_norm"),
            **linear(f"{layer}.ffn.lin1", 4 * WIDTH, WIDTH),
            **linear(f"{layer}.ffn.lin2", WIDTH, 4 * WIDTH),
            **norm(f"{layer}.output_layer_norm"),
        }
    return found
