"""Embeddings of clips as they cross borders: clip ids, unit rows, and which rows are real."""

import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mc3core.errors import InputError
from mc3core.json_files import read_object

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
EMBED_AGAIN = "Run `sounding embed` for this run and stage again."


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Unit embeddings of N clips.

    `vectors[modality]` is (N, D) float32 with unit rows; `present[modality]` is (N,) bool. A clip
    that lacks a modality has a zero row there and `present` False: a masked row, never an invented
    vector.
    """

    clip_ids: tuple[str, ...]
    vectors: dict[str, Array]
    present: dict[str, Mask]

    def space(self, name: str) -> tuple[Array, Mask]:
        """Rows (N, D) and mask (N,) of one modality, or of "joint": the normalised mean of a clip's
        unit vectors, over the modalities it has."""
        if name != "joint":
            if name not in self.vectors:
                known = ", ".join([*self.vectors, "joint"])
                raise InputError(f"No space {name!r} in these embeddings; there is {known}.")
            return self.vectors[name], self.present[name]
        total = np.sum(list(self.vectors.values()), axis=0, dtype=np.float32)
        norm = np.linalg.norm(total, axis=1, keepdims=True)
        present = norm[:, 0] > 1e-6
        unit = np.where(present[:, None], total / np.maximum(norm, 1e-6), 0.0)
        return unit.astype(np.float32), present


def save_embeddings(embeddings: Embeddings, folder: Path) -> None:
    """Write `embeddings.safetensors` and, beside it, `embeddings.json` with the clip ids."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, NDArray[np.generic]] = {}
    for name, rows in embeddings.vectors.items():
        tensors[name] = np.ascontiguousarray(rows)
        tensors[f"{name}.present"] = np.ascontiguousarray(embeddings.present[name].astype(np.uint8))
    partial = folder / "embeddings.partial"
    partial.write_bytes(save(tensors))  # `save_file` would make it readable by its owner only
    (folder / "embeddings.json").write_text(json.dumps({"clip_ids": embeddings.clip_ids}))
    partial.replace(folder / "embeddings.safetensors")


def load_embeddings(folder: Path) -> Embeddings:
    """Read what `save_embeddings` wrote; InputError where it is missing or damaged."""
    path = folder / "embeddings.safetensors"
    if not path.exists():
        raise InputError(f"{path} does not exist: run `sounding embed` for this run first.")
    try:
        tensors = load_file(path)
        names = [name for name in tensors if not name.endswith(".present")]
        found = Embeddings(
            clip_ids=tuple(read_object(folder / "embeddings.json", EMBED_AGAIN)["clip_ids"]),
            vectors={name: tensors[name] for name in names},
            present={name: tensors[f"{name}.present"].astype(bool) for name in names},
        )
    except (SafetensorError, OSError, KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error}). {EMBED_AGAIN}") from error
    if any(len(rows) != len(found.clip_ids) for rows in found.vectors.values()):
        raise InputError(f"{path} has other rows than embeddings.json beside it. {EMBED_AGAIN}")
    return found


def stored_clip_ids(folder: Path) -> tuple[str, ...]:
    """Whose rows lie there, without reading them; none where the list is missing or damaged."""
    try:
        return tuple(map(str, read_object(folder / "embeddings.json", EMBED_AGAIN)["clip_ids"]))
    except (FileNotFoundError, InputError, KeyError, TypeError):
        return ()


def without(embeddings: Embeddings, clip_ids: Collection[str]) -> Embeddings:
    """The rows of all other clips, in the same order."""
    keep = np.array([clip_id not in clip_ids for clip_id in embeddings.clip_ids], bool)
    return Embeddings(
        tuple(clip_id for clip_id in embeddings.clip_ids if clip_id not in clip_ids),
        {name: rows[keep] for name, rows in embeddings.vectors.items()},
        {name: there[keep] for name, there in embeddings.present.items()},
    )


def forget_rows(folder: Path, clip_ids: Collection[str]) -> int:
    """Take clips out of stored embeddings; returns how many were there. Damaged ones are deleted:
    they can be made again, and may hold anything. The file's time stays, which tells whether it is
    older than its checkpoint."""
    path = folder / "embeddings.safetensors"
    (folder / "embeddings.partial").unlink(missing_ok=True)
    if not path.exists():
        return 0
    try:
        found = load_embeddings(folder)
    except InputError:
        path.unlink()
        (folder / "embeddings.json").unlink(missing_ok=True)
        return 0
    left = without(found, clip_ids)
    removed = len(found.clip_ids) - len(left.clip_ids)
    if removed:
        stat = path.stat()
        save_embeddings(left, folder)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return removed
