"""A local Hugging Face folder as entries for a tower. Nothing is ever downloaded, and no code of a
folder is run: the classes are transformers' own."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mc3core.config import EncodersConfig
from mc3core.encoders.weights.found import Found, listed
from mc3core.encoders.weights.image_models import audio_map, video_from_image_model
from mc3core.encoders.weights.layouts import NO_HEAD, text_from_distilbert
from mc3core.encoders.weights.resize import resize_time
from mc3core.errors import InputError

KINDS = {
    "audio": ("audio-spectrogram-transformer",),
    "video": ("timesformer", "vit"),
    "text": ("distilbert",),
}


def find_in_folder(tower: str, folder: Path, config: EncodersConfig) -> Found:
    """The folder's encoder for `tower`; InputError where it is of another kind or shape."""
    key = f"encoders.{tower}.weights={folder}"
    kind = _kind(folder, key)
    takes = KINDS[tower]
    if tower == "video":
        takes = ("vit",) if config.video.block == "frozen_in_time" else ("timesformer",)
    if kind not in takes:
        hint = " Set encoders.video.block to the other kind." if kind in KINDS[tower] else ""
        raise InputError(
            f"{key} is a folder of {kind or 'no known model'}; the {tower} encoder starts from "
            f"{' or '.join(takes)}.{hint}"
        )
    model = _load(kind, folder, key)
    heads = model.config.n_heads if kind == "distilbert" else model.config.num_attention_heads
    stated = {"audio": config.audio, "video": config.video, "text": config.text}[tower].heads
    if heads != stated:
        raise InputError(
            f"{key} has {heads} attention heads, not {stated}: set encoders.{tower}.heads={heads}."
        )
    found = _entries(kind, model, config)
    return Found(
        f"Hugging Face {kind}",
        found.entries,
        found.lacking | {"head.": NO_HEAD},
        found.ignored,
        found.resized,
    )


def _kind(folder: Path, key: str) -> str:
    try:
        stated: Any = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return str(stated.get("model_type", ""))
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{key}: its config.json cannot be read ({error}).") from error


def _load(kind: str, folder: Path, key: str) -> Any:
    from transformers import ASTModel, DistilBertModel, TimesformerModel, ViTModel

    models: dict[str, Any] = {
        "audio-spectrogram-transformer": ASTModel,
        "timesformer": TimesformerModel,
        "vit": ViTModel,
        "distilbert": DistilBertModel,
    }
    options = {"add_pooling_layer": False} if kind == "vit" else {}
    try:
        model, report = models[kind].from_pretrained(
            str(folder),
            local_files_only=True,
            output_loading_info=True,
            trust_remote_code=False,
            **options,
        )
    except Exception as error:  # the readers below transformers raise types of their own
        first = (str(error).splitlines() or [""])[0]
        raise InputError(f"{key} cannot be loaded ({type(error).__name__}: {first}).") from error
    missing = sorted(str(name) for name in report["missing_keys"])
    if missing:
        raise InputError(f"{key} lacks weights of its own config.json: {listed(missing)}.")
    return model


def _entries(kind: str, model: Any, config: EncodersConfig) -> Found:
    tensors: dict[str, Tensor] = dict(model.state_dict())
    shape = model.config
    if kind == "distilbert":
        return text_from_distilbert(tensors, config.text)
    if kind == "vit":
        return video_from_image_model(_as_timm(tensors), config.video)
    resized: dict[str, str] = {}
    if kind == "timesformer":
        name, frames = "embeddings.time_embeddings", config.video.frames
        if config.video.stem == "none" and tensors[name].shape[1] != frames:
            resized[name] = f"{tensors[name].shape[1]} frames to {frames}"
            tensors[name] = resize_time(tensors[name], frames, config.video.more_frames)
        return Found(
            kind, {f"encoder.timesformer.{n}": v for n, v in tensors.items()}, resized=resized
        )
    name = "embeddings.position_embeddings"
    source = (
        (shape.num_mel_bins - shape.patch_size) // shape.frequency_stride + 1,
        (shape.max_length - shape.patch_size) // shape.time_stride + 1,
    )
    tensors[name], how = audio_map(tensors[name], source, config.audio)
    if how:
        resized[name] = how
    return Found(kind, {f"encoder.ast.{n}": v for n, v in tensors.items()}, resized=resized)


_VIT_NAMES = {
    "embeddings.cls_token": "cls_token",
    "embeddings.position_embeddings": "pos_embed",
    "embeddings.patch_embeddings.projection": "patch_embed.proj",
    "layernorm": "norm",
    "layernorm_before": "norm1",
    "layernorm_after": "norm2",
    "attention.o_proj": "attn.proj",
    "mlp.fc1": "mlp.fc1",
    "mlp.fc2": "mlp.fc2",
}


def _as_timm(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """transformers' ViT by timm's names, query, key and value in one."""
    renamed: dict[str, Tensor] = {}
    for name, value in tensors.items():
        prefix, inner = "", name
        if name.startswith("layers."):
            _, number, inner = name.split(".", 2)
            prefix = f"blocks.{number}."
        if inner in _VIT_NAMES:
            renamed[prefix + _VIT_NAMES[inner]] = value
            continue
        module, kind = inner.rsplit(".", 1)
        if module == "attention.q_proj":
            parts = [tensors[name.replace("q_proj", f"{part}_proj")] for part in "qkv"]
            renamed[f"{prefix}attn.qkv.{kind}"] = torch.cat(parts)
        elif module in _VIT_NAMES:
            renamed[f"{prefix}{_VIT_NAMES[module]}.{kind}"] = value
    return renamed
