"""Which checkpoint a set of named tensors is, and what of it belongs to a tower.

    ours            towers.audio_encoder.*, towers.audio_head.* ...      a run's model.safetensors
    EgoVLP          video_model.*, text_model.*, vid_proj.*, txt_proj.*  (and audio_model.*)
    AST             v.*, mlp_head.*                                      audio
    DeiT, timm ViT  patch_embed.*, blocks.* ...                          audio, video
    DistilBERT      embeddings.*, transformer.*                          text

all of them also behind `module.`, which data-parallel training adds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from mc3core.config import EncodersConfig, TextConfig
from mc3core.encoders.text import text_positions
from mc3core.encoders.weights.found import Found
from mc3core.encoders.weights.image_models import audio_from_image_model, video_from_image_model
from mc3core.errors import InputError

Tensors = Mapping[str, Tensor]

NO_HEAD = "a checkpoint of an encoder alone has no head for the shared space"
OTHER_TOWER = "not of this tower"
NO_PART = "no part of the tower"

# Where a joint checkpoint (EgoVLP, action2sound) keeps a tower and the head behind it.
_JOINT = {
    "audio": ("audio_model.", {"audio_model.mlp_head.": "head."}),
    "video": ("video_model.", {"vid_proj.0.": "head."}),
    "text": ("text_model.", {"txt_proj.1.": "head.1."}),
}
_BERT = re.compile(r"(embeddings\.(word_|position_)embeddings|embeddings\.LayerNorm|transformer)\.")


_POSITIONS = "embeddings.position_embeddings.weight"


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a file concerns one tower: encoder entries without their prefix, and its head."""

    encoder: dict[str, Tensor]
    head: dict[str, Tensor]
    ignored: dict[str, str]


def find(tower: str, tensors: Tensors, config: EncodersConfig, source: str) -> Found:
    """What a checkpoint holds for `tower`; InputError where its layout is not known, or another's.

    Names in the result are ours, sizes are resized where the sources do so.
    """
    names = {name.removeprefix("module."): value for name, value in tensors.items()}
    if any(name.startswith("towers.") for name in names):
        part = _split(names, f"towers.{tower}_encoder.", {f"towers.{tower}_head.": "head."})
        inner = {name.removeprefix("bert."): value for name, value in part.encoder.items()}
        resized = _resize_positions(inner, config.text) if tower == "text" else {}
        prefix = "encoder.bert." if tower == "text" else "encoder."
        entries = {f"{prefix}{name}": value for name, value in inner.items()}
        found = Found("a run's checkpoint", entries, resized=resized)
    else:
        joint = any(name.startswith(prefix) for name in names for prefix, _ in _JOINT.values())
        part = _split(names, *_JOINT[tower]) if joint else _Part(dict(names), {}, {})
        found = _encoder(tower, part.encoder, config, joint)
    if not found.entries:
        raise InputError(
            f"encoders.{tower}.weights={source} holds no {tower} encoder of a known layout. It has "
            f"{', '.join(list(names)[:4])} ...; known are EgoVLP, {_known(tower)}, "
            "Hugging Face folders, and runs of this program."
        )
    return Found(
        found.layout,
        found.entries | part.head,
        found.lacking | ({} if part.head else {"head.": NO_HEAD}),
        found.ignored | part.ignored,
        found.resized,
    )


def text_from_distilbert(tensors: Tensors, config: TextConfig) -> Found:
    """DistilBERT's entries, with or without its prefix, for our text encoder."""
    names = {name.removeprefix("distilbert."): value for name, value in tensors.items()}
    entries = {n: value for n, value in names.items() if _BERT.match(n)}
    ignored = {name: NO_PART for name in names if not _BERT.match(name)}
    resized = _resize_positions(entries, config)
    own = {f"encoder.bert.{name}": value for name, value in entries.items()}
    return Found("DistilBERT", own, ignored=ignored, resized=resized)


def _resize_positions(entries: dict[str, Tensor], config: TextConfig) -> dict[str, str]:
    """Bring the table of positions in `entries` to our length, where it has all that are read."""
    table = entries.get(_POSITIONS)
    if table is None or len(table) < config.tokens or len(table) == text_positions(config):
        return {}
    rows = text_positions(config)
    entries[_POSITIONS] = F.pad(table[:rows], (0, 0, 0, max(0, rows - len(table))))
    return {_POSITIONS: f"{len(table)} positions to {rows}; {config.tokens} are read"}


def _encoder(tower: str, tensors: Tensors, config: EncodersConfig, joint: bool) -> Found:
    if tower == "text":
        return text_from_distilbert(tensors, config.text)
    if tower == "video":
        return video_from_image_model(tensors, config.video)
    if any(name.startswith("v.") for name in tensors):
        inner = {n.removeprefix("v."): value for n, value in tensors.items() if n[:2] == "v."}
        outer = {name: "a classifier" for name in tensors if not name.startswith("v.")}
        found = audio_from_image_model(inner, config.audio, "AST")
        return Found(
            found.layout,
            found.entries,
            found.lacking,
            {f"v.{name}": why for name, why in found.ignored.items()} | outer,
            found.resized,
        )
    return audio_from_image_model(tensors, config.audio, "AST" if joint else "DeiT")


def _split(tensors: Tensors, prefix: str, heads: Mapping[str, str]) -> _Part:
    encoder, head, ignored = dict[str, Tensor](), dict[str, Tensor](), dict[str, str]()
    for name, value in tensors.items():
        place = next((start for start in heads if name.startswith(start)), None)
        if place is not None:
            head[heads[place] + name.removeprefix(place)] = value
        elif name.startswith(prefix):
            encoder[name.removeprefix(prefix)] = value
        else:
            ignored[name] = OTHER_TOWER
    return _Part(encoder, head, ignored)


def _known(tower: str) -> str:
    return {
        "audio": "AST, DeiT of timm",
        "video": "ViT of timm (with encoders.video.block=frozen_in_time)",
        "text": "DistilBERT",
    }[tower]
