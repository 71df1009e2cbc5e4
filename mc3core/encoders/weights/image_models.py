"""Entries of ViT, DeiT and AST as timm names them, by the names of our encoders.

AST is a distilled DeiT on spectrograms, so both load alike: the patches' three colours summed into
one channel, the position map resized (Gong et al., Interspeech 2021). The space-time transformer of
Frozen in Time is a ViT with a second attention, and has timm's names already.
"""

import math
import re
from collections.abc import Mapping

import torch
from torch import Tensor

from mc3core.config import AudioConfig, VideoConfig
from mc3core.encoders.weights.found import Found
from mc3core.encoders.weights.resize import Grid, resize_map, resize_time

Tensors = Mapping[str, Tensor]

# What an image model has, and what Frozen in Time adds to it.
_IMAGE = re.compile(
    r"(cls_token|dist_token|pos_embed|(patch_embed\.proj|norm)\.(weight|bias)"
    r"|blocks\.\d+\.(norm1|attn\.qkv|attn\.proj|norm2|mlp\.fc1|mlp\.fc2)\.(weight|bias))$"
)
_TIME = re.compile(
    r"(temporal_embed|blocks\.\d+\.(norm3|timeattn\.qkv|timeattn\.proj)\.(weight|bias))$"
)
_CLASSIFIER = "a classifier, or no part of the encoder"
NO_TIME = "an image model knows no time; time attention starts at 0, as in Frozen in Time"

_AST_NAMES = {
    "cls_token": "embeddings.cls_token",
    "dist_token": "embeddings.distillation_token",
    "pos_embed": "embeddings.position_embeddings",
    "patch_embed.proj": "embeddings.patch_embeddings.projection",
    "norm": "layernorm",
    "norm1": "layernorm_before",
    "norm2": "layernorm_after",
    "attn.proj": "attention.o_proj",
    "mlp.fc1": "mlp.fc1",
    "mlp.fc2": "mlp.fc2",
}


def audio_grid(config: AudioConfig) -> Grid:
    """Patches along frequency and along time."""
    bands, frames = config.mel_bands - config.patch, config.frames - config.patch
    return bands // config.stride + 1, frames // config.stride + 1


def audio_from_image_model(tensors: Tensors, config: AudioConfig, layout: str) -> Found:
    """DeiT's (a square map of picture patches) or AST's (a map of frequency by time) entries."""
    entries, resized = dict[str, Tensor](), dict[str, str]()
    for name, value in tensors.items():
        if not _IMAGE.match(name):
            continue
        if name == "patch_embed.proj.weight" and value.ndim == 4 and value.shape[1] == 3:
            value = value.sum(dim=1, keepdim=True)
            resized[name] = "three colours summed into one channel"
        if name == "pos_embed":
            value, how = _audio_map(value, config, layout)
            if how:
                resized[name] = how
        entries |= _as_ast(name, value)
    ignored = {name: _CLASSIFIER for name in tensors if not _IMAGE.match(name)}
    return Found(layout, entries, ignored=ignored, resized=resized)


def audio_map(table: Tensor, source: Grid, config: AudioConfig) -> tuple[Tensor, str]:
    """Position embeddings of a source grid for ours, and what was done in words, or ''."""
    target = audio_grid(config)
    if source == target:
        return table, ""
    text = f"position map of {source[0]} x {source[1]} to {target[0]} x {target[1]}"
    return resize_map(table, source, target), text


def _audio_map(table: Tensor, config: AudioConfig, layout: str) -> tuple[Tensor, str]:
    patches, bands = table.shape[1] - 2, audio_grid(config)[0]
    side = math.isqrt(max(patches, 0))
    if layout == "AST" and patches > 0 and patches % bands == 0:
        return audio_map(table, (bands, patches // bands), config)
    if side > 0 and side * side == patches:
        return audio_map(table, (side, side), config)
    return table, ""


def _as_ast(name: str, value: Tensor) -> dict[str, Tensor]:
    """An entry by transformers' names of AST, which keeps query, key and value apart."""
    prefix, inner = "encoder.ast.", name
    if name.startswith("blocks."):
        _, number, inner = name.split(".", 2)
        prefix = f"encoder.ast.layers.{number}."
    if inner in _AST_NAMES:
        return {prefix + _AST_NAMES[inner]: value}
    module, kind = inner.rsplit(".", 1)
    if module == "attn.qkv":
        parts = zip("qkv", value.chunk(3), strict=True)
        return {f"{prefix}attention.{part}_proj.{kind}": rows for part, rows in parts}
    return {f"{prefix}{_AST_NAMES[module]}.{kind}": value}


def video_from_image_model(tensors: Tensors, config: VideoConfig) -> Found:
    """A ViT's, a DeiT's or a space-time transformer's entries for `block` = `frozen_in_time`."""
    own = {n: value for n, value in tensors.items() if _IMAGE.match(n) or _TIME.match(n)}
    ignored = {name: _CLASSIFIER for name in tensors if name not in own}
    if config.block != "frozen_in_time":
        return Found("ViT", {}, ignored=ignored)
    resized = dict[str, str]()
    if "dist_token" in own and "pos_embed" in own:
        del own["dist_token"]
        table = own["pos_embed"]
        own["pos_embed"] = torch.cat([table[:, :1], table[:, 2:]], dim=1)
        ignored["dist_token"] = "DeiT's second token, which the video encoder has not"  # noqa: S105
        resized["pos_embed"] = "without the place of DeiT's second token"
    timed = any(_TIME.match(name) for name in own)
    if "temporal_embed" in own and own["temporal_embed"].shape[1] != config.frames:
        known = own["temporal_embed"].shape[1]
        own["temporal_embed"] = resize_time(
            own["temporal_embed"], config.frames, config.more_frames
        )
        how = "cut" if known > config.frames else f"filled up ({config.more_frames})"
        resized["temporal_embed"] = f"{known} frames to {config.frames}, {how}"
    lacking = {} if timed else {"encoder.transformer.temporal_embed": NO_TIME}
    if not timed:
        layers = range(config.layers)
        lacking |= {f"encoder.transformer.blocks.{n}.norm3": NO_TIME for n in layers}
        lacking |= {f"encoder.transformer.blocks.{n}.timeattn": NO_TIME for n in layers}
    return Found(
        "space-time transformer" if timed else "ViT",
        {f"encoder.transformer.{name}": value for name, value in own.items()},
        lacking,
        ignored,
        resized,
    )
