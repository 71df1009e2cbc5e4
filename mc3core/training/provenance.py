"""A run's config.json: what was asked, and on what. Torch-free."""

import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

from mc3core import __version__
from mc3core.config import RunConfig
from mc3core.data.cache import data_fingerprint
from mc3core.data.clips import Clip
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, write_json

PACKAGES = ("torch", "transformers", "tokenizers", "safetensors", "numpy")
TRAIN_CLIPS = "train_clips.txt"


def write_config(
    run_dir: RunDir, config: RunConfig, train: Sequence[Clip], left_out: Mapping[str, int]
) -> None:
    """Write `config.json` and then, which makes the run's data final, `train_clips.txt` with the
    id of every training clip."""
    write_json(
        run_dir.config_path,
        asdict(config)
        | {
            "sources": sorted({clip.source for clip in train}),
            "data_fingerprint": data_fingerprint(train),
            "train_clips": len(train),
            "left_out": dict(left_out),
            "versions": _versions(),
            "created_at_s": time.time(),
        },
    )
    partial = run_dir.path / f"{TRAIN_CLIPS}.partial"
    partial.write_text("".join(f"{clip.clip_id}\n" for clip in train))
    partial.replace(run_dir.path / TRAIN_CLIPS)


def read_config(run_dir: RunDir) -> RunConfig:
    """The configuration of a run; InputError where its file is missing, damaged or newer."""
    row = _upgraded(read_provenance(run_dir))
    known = {field.name: row[field.name] for field in fields(RunConfig) if field.name in row}
    try:
        return RunConfig.from_dict(known)
    except InputError as error:
        raise InputError(f"{run_dir.config_path}: {error}") from error


def _upgraded(row: dict[str, Any]) -> dict[str, Any]:
    """A configuration as this version writes it: stages once said `consensus`, not `terms`."""
    stages = row.get("stages")
    if not isinstance(stages, list):
        return row
    return row | {"stages": [_upgraded_stage(stage) for stage in cast(list[Any], stages)]}


def _upgraded_stage(stage: Any) -> Any:
    if not isinstance(stage, dict) or "consensus" not in stage:
        return cast(Any, stage)
    rest = {key: value for key, value in cast(dict[str, Any], stage).items() if key != "consensus"}
    return rest | {"terms": "objective" if stage["consensus"] else "contrastive"}


def read_provenance(run_dir: RunDir) -> dict[str, Any]:
    """Everything config.json says."""
    return run_dir.config()


def train_clip_ids(run_dir: RunDir) -> list[str]:
    """Ids of the clips a run was trained on."""
    path = run_dir.path / TRAIN_CLIPS
    return path.read_text().split() if path.exists() else []


def left_out(clips: Sequence[Clip], needed: Sequence[str]) -> dict[str, int]:
    """How many clips cannot train, by what they lack."""
    return dict(
        Counter(
            f"no {' or '.join(name for name in needed if name not in clip.modalities)}"
            for clip in clips
            if not set(needed) <= set(clip.modalities)
        )
    )


def _versions() -> dict[str, str]:
    found = {"mc3core": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found
