"""The tree and the map of one space of a run, as files beside its embeddings.

<stage>/<space>/<parameters>/tree.safetensors   rows, pairs, heights of the Ward tree
                             map.safetensors    points (N, 2), NaN where a clip is masked
                             clusters.json      the clusters last asked for
                             explore.json       parameters and fingerprint; written last
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from annotation.clusters import Tree
from mc3core.training.run_dir import RunDir, write_json

SPACES = ("joint", "audio", "video", "text")


@dataclass(frozen=True, slots=True)
class MapFiles:
    """The tree and the points (N, 2) of one space, N in the order of the stage's embeddings."""

    tree: Tree
    points: NDArray[np.float32]
    seed: int


def map_folder(run_dir: RunDir, stage: str, space: str, seed: int) -> Path:
    return run_dir.stage(stage) / space / f"ward-umap-seed{seed}"


def newest_map(run_dir: RunDir, stage: str, space: str) -> Path | None:
    """The folder of the map made last, whatever its parameters."""
    made = list((run_dir.stage(stage) / space).glob("*/explore.json"))
    return max(made, key=lambda path: path.stat().st_mtime).parent if made else None


def save_map(folder: Path, files: MapFiles, fingerprint: str) -> None:
    """Write the map; `explore.json` comes last, so a map that was cut short does not count."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "explore.json").unlink(missing_ok=True)
    tree = files.tree
    grown = {"rows": tree.rows, "pairs": tree.pairs, "heights": tree.heights}
    # Bytes, because `save_file` would make them readable by their owner only.
    (folder / "tree.safetensors").write_bytes(save(grown))
    (folder / "map.safetensors").write_bytes(save({"points": files.points}))
    described = {"method": "ward", "map": "umap", "seed": files.seed, "fingerprint": fingerprint}
    write_json(folder / "explore.json", described)


def load_map(folder: Path, fingerprint: str) -> MapFiles | None:
    """Read a map; None where there is none of these very embeddings, or it is damaged: it can be
    made again."""
    try:
        described = json.loads((folder / "explore.json").read_text(encoding="utf-8"))
        if described["fingerprint"] != fingerprint:
            return None
        points = load_file(folder / "map.safetensors")["points"]
        tree = load_file(folder / "tree.safetensors")
        grown = Tree(len(points), tree["rows"], tree["pairs"], tree["heights"])
        return MapFiles(grown, points, int(described["seed"]))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError):
        return None
