"""Frozen encoders: what they make of every clip is computed once and kept; heads train on that.

cache/features/<tower>-<fingerprint>/<part>.safetensors   rows (n, width) float16, and their clips

The fingerprint changes with the encoder's weights and configuration, for text with the vocabulary
too. Rows are written in parts: what was computed before a stop stays, new clips add parts.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from mc3core.config import AudioConfig, TextConfig, VideoConfig
from mc3core.data.augment import pictures
from mc3core.data.clips import MODALITIES, Modality
from mc3core.data.dataset import ClipDataset, Rows
from mc3core.encoders.towers import Towers
from mc3core.errors import RunError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.device import autocast

PART = 64  # clips a file
BATCH = 16  # clips an encoder sees at once


class FeatureDataset(ClipDataset):
    """A dataset whose clips are read as frozen encoders' features.

    `audio`, `video` and `text` give (B, width) float32; text with a mask of ones (B, 1).
    """

    def __init__(self, source: ClipDataset, features: Mapping[Modality, Tensor]) -> None:
        # Clips and all that goes by clip are the source's.
        self.__dict__.update(vars(source))
        self._features = dict(features)

    def audio(self, rows: Rows) -> Tensor:
        return self._rows("audio", rows)

    def video(self, rows: Rows) -> Tensor:
        return self._rows("video", rows)

    def text(self, rows: Rows) -> tuple[Tensor, Tensor]:
        return self._rows("text", rows), torch.ones(len(rows), 1, dtype=torch.long)

    def _rows(self, tower: Modality, rows: Rows) -> Tensor:
        return self._features[tower][torch.from_numpy(rows)].float()


def with_features(
    towers: Towers, data: ClipDataset, progress: ProgressCallback = silent
) -> ClipDataset:
    """`data` with features in place of sound, pictures and words where encoders are frozen; else
    as it is.

    Computes what the cache folder does not hold yet, on the towers' device. A clip that lacks a
    modality has a row of zeros there; who asks for it makes sure it is there. RunError where an
    encoder gives no numbers.
    """
    if not towers.config.frozen:
        return data
    features: dict[Modality, Tensor] = {
        tower: _Store(_folder(tower, towers, data)).rows_of(tower, towers, data, progress)
        for tower in MODALITIES
    }
    return FeatureDataset(data, features)


class _Store:
    """The rows of one encoder on disk, by clip id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, Tensor] = {}
        for path in sorted(folder.glob("*.safetensors")):
            self.known.update(_read_part(path))

    def rows_of(
        self, tower: Modality, towers: Towers, data: ClipDataset, progress: ProgressCallback
    ) -> Tensor:
        """(N, width) float16, one row a clip of `data`."""
        missing = [
            row
            for row, clip in enumerate(data.clips)
            if tower in clip.modalities and clip.clip_id not in self.known
        ]
        for start in range(0, len(missing), PART):
            progress(Progress("features", start, len(missing), tower))
            chosen = np.array(missing[start : start + PART], dtype=np.int64)
            clip_ids = [data.clips[row].clip_id for row in chosen]
            rows = compute(tower, towers, data, chosen)
            self._write(clip_ids, rows)
            self.known.update(zip(clip_ids, rows, strict=True))
        if missing:
            progress(Progress("features", len(missing), len(missing), tower))
        width = _config(tower, towers).width
        found = torch.zeros(len(data), width, dtype=torch.float16)
        for row, clip in enumerate(data.clips):
            if clip.clip_id in self.known:
                found[row] = self.known[clip.clip_id]
        return found

    def _write(self, clip_ids: list[str], rows: Tensor) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Named by its clips: two processes at the same work write the same file.
        name = hashlib.blake2b("\n".join(clip_ids).encode(), digest_size=8).hexdigest()
        path = self.folder / f"{name}.safetensors"
        partial = path.with_suffix(".partial")
        partial.write_bytes(save({"rows": rows}, {"clips": json.dumps(clip_ids)}))
        partial.replace(path)


@torch.no_grad()
def compute(tower: Modality, towers: Towers, data: ClipDataset, rows: Rows) -> Tensor:
    """(n, width) float16 on the CPU, from the clips themselves."""
    device = next(towers.parameters()).device
    encode: dict[Modality, Callable[[Rows], Tensor]] = {
        "audio": lambda chosen: towers.audio_encoder(data.audio(chosen).to(device)),
        "video": lambda chosen: towers.video_encoder(pictures(data.video(chosen).to(device))),
        "text": lambda chosen: towers.text_encoder(*(t.to(device) for t in data.text(chosen))),
    }
    found: list[Tensor] = []
    for start in range(0, len(rows), BATCH):
        with autocast(device):
            found.append(encode[tower](rows[start : start + BATCH]).half().cpu())
    features = torch.cat(found)
    bad = (~features.isfinite()).any(dim=1).nonzero().flatten().tolist()
    if bad:
        raise RunError(
            f"The frozen {tower} encoder gives no finite numbers for clip "
            f"{data.clips[rows[bad[0]]].clip_id}: are encoders.{tower}.weights whole?"
        )
    return features


def _folder(tower: Modality, towers: Towers, data: ClipDataset) -> Path:
    encoder = dict(zip(MODALITIES, towers.encoders(), strict=True))[tower]
    stated = asdict(_config(tower, towers))
    for name in ("weights", "tokenizer"):  # what they hold counts, not where they lie
        stated.pop(name, None)
    digest = hashlib.blake2b(json.dumps(stated, sort_keys=True).encode(), digest_size=8)
    if tower == "text":
        digest.update(data.tokenizer.inner.to_str().encode())
    for name, value in cast(Mapping[str, Tensor], encoder.state_dict()).items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return data.cache_dir / "features" / f"{tower}-{digest.hexdigest()}"


def _config(tower: Modality, towers: Towers) -> AudioConfig | VideoConfig | TextConfig:
    config = towers.config
    return {"audio": config.audio, "video": config.video, "text": config.text}[tower]


def _read_part(path: Path) -> dict[str, Tensor]:
    """The rows of a part by clip id; none where it is damaged, then they are computed again."""
    try:
        with safe_open(path, framework="pt") as file:
            clip_ids: list[Any] = json.loads(file.metadata()["clips"])
            rows = file.get_tensor("rows")
    except (SafetensorError, OSError, KeyError, TypeError, ValueError):
        return {}
    return dict(zip(map(str, clip_ids), rows, strict=True))
