"""Takes clips out of a run: their embeddings, what memory banks kept of them, scores and lists.

The weights stay: what a model has learned from a clip cannot be taken out of it. `withdrawn.json`
says from how many clips of which video it did.
"""

import csv
import io
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mc3core.embeddings import forget_rows
from mc3core.errors import InputError
from mc3core.json_files import read_object
from mc3core.training.provenance import TRAIN_CLIPS, train_clip_ids
from mc3core.training.run_dir import RunDir, write_json

WITHDRAWN_NAME = "withdrawn.json"
MODEL = "model.safetensors"  # as mc3core.training.checkpoint has it, without importing torch


@dataclass(frozen=True, slots=True)
class RunForgotten:
    """What went out of a run: training clips of its list, rows of embeddings, reports rewritten."""

    trained: int
    embeddings: int
    reports: int


def forget_in_run(run_dir: RunDir, video_uid: str, clip_ids: Collection[str]) -> RunForgotten:
    """Remove a video's clips from a run that is not training. Can be done again."""
    gone = frozenset(clip_ids)
    folders = {path.parent for path in run_dir.path.glob("*/embeddings.*")}
    embeddings = sum(forget_rows(folder, gone) for folder in sorted(folders))
    trained = _forget_training(run_dir, video_uid, gone)
    _forget_verdicts(run_dir.verdicts_path, gone)
    reports = sum(_forget_report(path, gone) for path in run_dir.path.glob("reports/*.json"))
    return RunForgotten(trained, embeddings, reports)


def learned_from_withdrawn(run_dir: RunDir) -> dict[str, int]:
    """From how many clips of each withdrawn video the weights of a run have learned."""
    try:
        found = read_object(run_dir.path / WITHDRAWN_NAME, "It can be deleted.")
    except (FileNotFoundError, InputError):
        return {}
    return {uid: int(count) for uid, count in found.items()}


def _forget_training(run_dir: RunDir, video_uid: str, gone: frozenset[str]) -> int:
    trained = train_clip_ids(run_dir)
    kept = [clip_id for clip_id in trained if clip_id not in gone]
    removed = len(trained) - len(kept)
    if not removed:
        return 0
    write_json(
        run_dir.path / WITHDRAWN_NAME, learned_from_withdrawn(run_dir) | {video_uid: removed}
    )
    places = [place for place, clip_id in enumerate(trained) if clip_id not in gone]
    for path in run_dir.path.glob(f"checkpoints/*/{MODEL}"):
        _forget_memory(path, len(trained), places)
    # Last: it says which row of a memory bank is whose.
    partial = run_dir.path / f"{TRAIN_CLIPS}.partial"
    partial.write_text("".join(f"{clip_id}\n" for clip_id in kept))
    partial.replace(run_dir.path / TRAIN_CLIPS)
    return removed


def _forget_memory(path: Path, clips: int, places: list[int]) -> None:
    """Of banks (a row a training clip, as CMC keeps them) the places that stay; rings of recent
    embeddings (CM-ACC), of which nobody knows whose they are, are emptied and fill again."""
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save

    try:
        with safe_open(path, framework="pt") as file:
            names: list[str] = list(file.keys())
            banks = [name for name in names if name.startswith("bank_")]
            rings = [n for n in names if n.startswith(("pool_", "dictionary_")) or n == "written"]
            if not banks and not rings:
                return
            about: dict[str, str] | None = file.metadata()
            tensors: dict[str, Any] = {name: file.get_tensor(name) for name in names}
    except (SafetensorError, OSError):
        return  # an unreadable checkpoint holds no rows that anybody could read
    for name in banks:
        if len(tensors[name]) == clips:
            tensors[name] = tensors[name][places].contiguous()
    for name in rings:
        tensors[name] = tensors[name] * 0
    stat = path.stat()
    partial = path.with_suffix(".partial")
    partial.write_bytes(save(tensors, about))
    partial.replace(path)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _forget_verdicts(path: Path, gone: frozenset[str]) -> None:
    if not path.exists():
        return
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    kept = [row for row in rows if not row or row[0] not in gone]
    if len(kept) < len(rows):
        partial = path.with_suffix(".partial")
        partial.write_text("".join(",".join(row) + "\n" for row in kept), encoding="utf-8")
        partial.replace(path)


def _forget_report(path: Path, gone: frozenset[str]) -> bool:
    """Take clips out of a report's tables and examples; its figures stay, and the page says that
    they are of labels as they were."""
    try:
        report: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    left = _without(report, gone)
    if left == report:
        return False
    stat = path.stat()
    write_json(path, left)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))  # read anew, but not younger
    return True


def _without(value: Any, gone: frozenset[str]) -> Any:
    """JSON without these clips: their rows in tables by column, their places in lists of ids."""
    if isinstance(value, list):
        return [_without(item, gone) for item in cast(list[Any], value) if not _is_of(item, gone)]
    if not isinstance(value, dict):
        return value
    table = cast(dict[str, Any], value)
    ids: Any = table.get("clip_id")
    if isinstance(ids, list):
        column = cast(list[Any], ids)
        keep = [place for place, clip_id in enumerate(column) if clip_id not in gone]
        return {
            name: [cells[place] for place in keep]
            if isinstance(cells, list) and len(cast(list[Any], cells)) == len(column)
            else cells
            for name, cells in table.items()
        }
    return {name: _without(cell, gone) for name, cell in table.items() if name not in gone}


def _is_of(item: Any, gone: frozenset[str]) -> bool:
    """Whether an item of a list is such a clip's id, or an object about it."""
    if isinstance(item, dict):
        item = cast(dict[str, Any], item).get("clip_id")
    return isinstance(item, str) and item in gone
