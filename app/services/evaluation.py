"""`sounding evaluate`: a run's scores against what people said, or against a truth file."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.context import open_database
from app.services.embedding import embeddings_of
from app.services.manifest import manifest
from app.services.marks import unseen_sources
from app.services.verdicts import Verdicts, read_verdicts
from app.workspace import Workspace
from db.engine import Database
from db.labelling import judgements
from mc3core.data.clips import Clip
from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.run_dir import open_run

EXAMPLES = 8
BULKY = ("clips", "curves")


@dataclass(frozen=True, slots=True)
class Labels:
    """Truth by clip id and where it comes from; `unclear` clips of each split have none."""

    of: Mapping[str, bool]
    unclear: int
    unmatched: int
    origin: str
    one_rater: bool
    simulated: bool


def evaluate(
    workspace: Workspace,
    run: str,
    stage: str | None = None,
    task: str = "discovery",
    truth: Path | None = None,
    split: str | None = None,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Score a stage of a run and store the report with the run.

    Without `truth` the labels are the annotators' majorities and the split is `test`; with it every
    clip the file names counts, unless `split` says otherwise. Returns the report's figures; curves
    and the score of every clip stand in the file named by `report`.
    Raises InputError: unknown run, stage, task or split, a truth file that fits no clip.
    """
    from mc3core.evaluation.report import evaluate_run, save_report

    run_dir, stage = open_run(workspace.runs, run, stage)
    clips = manifest(workspace)
    wanted = split or ("all" if truth else "test")
    database = open_database(workspace)
    try:
        verdicts = read_verdicts(database)
        labels = (
            _from_file(truth, clips) if truth else _from_people(database, verdicts, clips, wanted)
        )
    finally:
        database.close()
    embeddings = embeddings_of(workspace, run_dir, stage, progress)
    progress(Progress("evaluate", 0, 1, f"{len(labels.of):,} labels"))
    report = evaluate_run(
        run_dir, stage, embeddings, clips, labels.of, task, wanted, unclear=labels.unclear
    )
    judged = [clip for clip in clips if clip.clip_id in labels.of and wanted in (clip.split, "all")]
    report |= {
        "labels_from": labels.origin,
        "labels_fingerprint": labels_fingerprint(labels.of),
        "unmatched": labels.unmatched,
        "one_rater": labels.one_rater,
        "simulated": labels.simulated,
        "unseen_sources": list(
            unseen_sources(run_dir.config().get("sources", ()), judged, verdicts.judged.keys())
        ),
    }
    if task == "discovery":
        report["examples"] = examples(report["clips"])
    path = save_report(run_dir, report)
    progress(Progress("evaluate", 1, 1, "stored with the run"))
    return {name: value for name, value in report.items() if name not in BULKY} | {
        "report": str(path)
    }


def examples(table: Mapping[str, list[Any]], count: int = EXAMPLES) -> dict[str, Any]:
    """The clips that say most about a score, by score: `false_alarms` (silent, scored highest),
    `missed` (sounding, scored lowest), and the most right ones, `sounding` and `silent`."""
    found: dict[str, Any] = {}
    for name in ("av", "al"):
        rows = [
            (score, clip_id, label)
            for score, clip_id, label in zip(
                table[name], table["clip_id"], table["label"], strict=True
            )
            if score is not None
        ]
        rising = sorted(rows, key=lambda row: (row[0], row[1]))
        yes = [clip_id for _, clip_id, label in rising if label]
        no = [clip_id for _, clip_id, label in rising if not label]
        found[name] = {
            "false_alarms": no[::-1][:count],
            "missed": yes[:count],
            "sounding": yes[::-1][:count],
            "silent": no[:count],
        }
    return found


def labels_fingerprint(labels: Mapping[str, bool]) -> str:
    """Changes whenever a label does."""
    lines = "\n".join(f"{clip_id} {int(labels[clip_id])}" for clip_id in sorted(labels))
    return hashlib.blake2b(lines.encode(), digest_size=8).hexdigest()


def _from_people(
    database: Database, verdicts: Verdicts, clips: Sequence[Clip], split: str
) -> Labels:
    chosen = {clip.clip_id for clip in clips if split in (clip.split, "all")}
    decided = {clip_id: label for clip_id, label in verdicts.judged.items() if clip_id in chosen}
    undecided = [
        v
        for clip_id, v in verdicts.of.items()
        if clip_id in chosen and v.label is None and (v.tie or v.unsure or v.broken)
    ]
    with database.read() as session:
        said = judgements(session, sorted(decided))
    return Labels(
        of=decided,
        unclear=len(undecided),
        unmatched=0,
        origin="annotators",
        one_rater=any(verdicts.of[clip_id].one_rater for clip_id in decided),
        simulated=any(judgement.simulated for judgement in said),
    )


def _from_file(path: Path, clips: Sequence[Clip]) -> Labels:
    from mc3core.evaluation.truth import read_truth

    truth = read_truth(path, clips)
    if not truth.labels:
        raise InputError(
            f"{path} decides about no clip of this workspace: {truth.unmatched} of its rows name "
            f"no clip, {truth.unclear} clips are unclear. Its annotation_uid, or video_uid and "
            "timestamp_sec, must be those of the narrations."
        )
    return Labels(truth.labels, truth.unclear, truth.unmatched, path.name, False, False)
