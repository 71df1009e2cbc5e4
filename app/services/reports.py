"""Reports of a run as the page shows them: figures and curves, with cards of the clips to play."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from annotation.shares import wilson
from app.services.cards import card
from app.services.evaluation import labels_fingerprint
from app.services.manifest import clips_by_id
from app.services.marks import unseen_sources
from app.services.verdicts import Verdicts
from app.workspace import Workspace
from mc3core.data.clips import SPLITS, Clip
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, open_run

TASKS = ("discovery", "retrieval")
HISTOGRAM_STEPS = 30
KEPT_REPORTS = 8

T = TypeVar("T")


def report_path(workspace: Workspace, run: str, stage: str, task: str, split: str) -> Path:
    """Where a report lies. Raises InputError for names that do not exist."""
    run_dir, stage = open_run(workspace.runs, run, stage)
    if task not in TASKS or split not in (*SPLITS, "all"):
        raise InputError(f"There is no report of {task} on {split}.")
    return run_dir.report_path(task, stage, split)


def reported(run_dir: RunDir, stage: str) -> list[str]:
    """Splits on which this stage has been scored, `test` first."""
    splits = ("test", *(split for split in SPLITS if split != "test"), "all")
    return [split for split in splits if run_dir.report_path(TASKS[0], stage, split).exists()]


def read_report(
    workspace: Workspace, run: str, stage: str, split: str, verdicts: Verdicts
) -> dict[str, Any] | None:
    """The discovery report of a split with its cards, and the retrieval figures where there are
    some; None where nothing was scored yet."""
    scored = _read(report_path(workspace, run, stage, "discovery", split), _scored)
    retrieval = _read(report_path(workspace, run, stage, "retrieval", split), _retrieval)
    if scored is None and retrieval is None:
        return None
    found: dict[str, Any] = {"discovery": None, "retrieval": retrieval, "cards": {}}
    if scored is None:
        return found
    table, row_of = scored.table, scored.row_of
    clips = clips_by_id(workspace)
    trained_on = RunDir(workspace.runs / run).config().get("sources", ())
    unseen = set(unseen_sources(trained_on, clips.values(), verdicts.judged.keys()))
    sources = {clips[clip_id].source for clip_id in row_of if clip_id in clips}
    found["cards"] = {
        clip_id: card(
            clips[clip_id],
            verdicts.of.get(clip_id),
            {name: table[name][row_of[clip_id]] for name in ("av", "al")},
            unseen,
        )
        | {"truth": table["label"][row_of[clip_id]]}
        for clip_id in _shown(scored.report)
        if clip_id in clips
    }
    now = {
        "unseen_sources": sorted(sources & unseen),
        "stale": _stale(scored.report, split, clips, verdicts),
    }
    return found | {"discovery": scored.report | now}


def histogram(table: Mapping[str, list[Any]], name: str) -> dict[str, Any]:
    """Counts of sounding and silent clips in equal steps of a score."""
    import numpy as np

    known = [
        (s, label) for s, label in zip(table[name], table["label"], strict=True) if s is not None
    ]
    if not known:
        return {"edges": [], "sounds": [], "silent": []}
    scores = np.array([score for score, _ in known])
    labels = np.array([label for _, label in known], bool)
    edges = np.histogram_bin_edges(scores, HISTOGRAM_STEPS)
    return {
        "edges": edges.tolist(),
        "sounds": np.histogram(scores[labels], edges)[0].tolist(),
        "silent": np.histogram(scores[~labels], edges)[0].tolist(),
    }


def _intervals(direction: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    """Wilson's interval of each any-hit recall, a share of the queries."""
    queries = direction["queries"]
    shares = {k: wilson(round(hit * queries), queries) for k, hit in direction["any_hit"].items()}
    return {k: (share.low, share.high) for k, share in shares.items()}


def _shown(discovery: Mapping[str, Any]) -> Iterator[str]:
    for lists in discovery["examples"].values():
        for clip_ids in lists.values():
            yield from clip_ids


def _stale(
    discovery: Mapping[str, Any], split: str, clips: Mapping[str, Clip], verdicts: Verdicts
) -> bool:
    """Whether people have said something since that the report does not know."""
    if discovery["labels_from"] != "annotators":
        return False
    now = {
        clip_id: label
        for clip_id, label in verdicts.judged.items()
        if (clip := clips.get(clip_id)) and split in (clip.split, "all")
    }
    return labels_fingerprint(now) != discovery["labels_fingerprint"]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A discovery report without its table, the table, and where each clip stands in it."""

    report: dict[str, Any]
    table: Mapping[str, list[Any]]
    row_of: Mapping[str, int]


def _scored(text: str) -> _Scored:
    report = json.loads(text)
    table = report.pop("clips")
    report["histogram"] = {name: histogram(table, name) for name in report["curves"]}
    return _Scored(report, table, {clip_id: row for row, clip_id in enumerate(table["clip_id"])})


def _retrieval(text: str) -> dict[str, Any]:
    report = json.loads(text)
    for direction in report.get("directions", ()):
        direction["any_hit_ci"] = _intervals(direction)
    return report


def _read(path: Path, understand: Callable[[str], T]) -> T | None:
    """Read a report, once as long as its file stays: one of all clips is megabytes of JSON."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return _understood(path, stat.st_mtime_ns, stat.st_size, understand)


@lru_cache(maxsize=KEPT_REPORTS)
def _understood(path: Path, _modified_ns: int, _size: int, understand: Callable[[str], Any]) -> Any:
    return understand(path.read_text(encoding="utf-8"))
