"""`sounding evaluate`: scores against what people said, or against a truth file."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.context import open_database
from app.services.embedding import embeddings_of
from app.services.label_source import Labels, labels_from_file, labels_from_people
from app.services.manifest import manifest
from app.services.marks import unseen_sources
from app.services.verdicts import Verdicts, read_verdicts
from app.workspace import Workspace
from mc3core.data.clips import Clip
from mc3core.embeddings import Embeddings
from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.run_dir import RunDir, open_run

EXAMPLES = 8
BULKY = ("clips", "curves")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is judged, on which split, by whose labels."""

    clips: tuple[Clip, ...]
    split: str
    labels: Labels
    verdicts: Verdicts

    def origin(self) -> dict[str, Any]:
        """Where the labels come from, as a report says it."""
        return {
            "labels_from": self.labels.origin,
            "labels_fingerprint": labels_fingerprint(self.labels.of),
            "unmatched": self.labels.unmatched,
            "one_rater": self.labels.one_rater,
            "simulated": self.labels.simulated,
        }


def evaluate(
    workspace: Workspace,
    run: str,
    stage: str | None = None,
    task: str = "discovery",
    truth: Path | None = None,
    split: str | None = None,
    progress: ProgressCallback = silent,
    *,
    against: str | None = None,
    bridge: bool = False,
) -> dict[str, Any]:
    """Score a stage of a run and store the report with the run.

    Without `truth` the labels are the annotators' majorities and the split is `test`; with it every
    clip the file names counts, unless `split` says otherwise. Returns the report's figures; curves
    and the score of every clip stand in the file named by `report`. `bridge` adds the figures of
    the narration bridge. `against` another run (its last stage) adds that run's figures and, as
    `differences`, this run minus the other on the clips that both score.
    Raises InputError: unknown run, stage, task or split, a truth file that fits no clip.
    """
    from mc3core.evaluation.compare import compare_runs
    from mc3core.evaluation.report import judged_clips, save_report

    run_dir, stage = open_run(workspace.runs, run, stage)
    other = open_run(workspace.runs, against) if against else None
    asked = _asked(workspace, truth, split)
    embeddings = _embeddings(workspace, run_dir, stage, asked.clips, bridge, progress)
    progress(Progress("evaluate", 0, 1, f"{len(asked.labels.of):,} labels"))
    report = _report(run_dir, stage, embeddings, asked, task)
    path = save_report(run_dir, report)
    found = _brief(report) | {"report": str(path)}
    if other:
        theirs = _embeddings(workspace, *other, asked.clips, bridge, progress)
        judged = judged_clips(embeddings.clip_ids, asked.clips, asked.labels.of, asked.split)
        found["against"] = _brief(_report(*other, theirs, asked, task))
        found["differences"] = compare_runs(embeddings, theirs, judged, asked.labels.of, task)
    progress(Progress("evaluate", 1, 1, "stored with the run"))
    return found


def evaluate_file(
    workspace: Workspace,
    scores: Path,
    truth: Path | None = None,
    split: str | None = None,
) -> dict[str, Any]:
    """Judge the scores of any other model, from a table, as `evaluate` judges a run; nothing is
    stored. Raises InputError: a file that cannot be read, or that scores no clip that counts."""
    from mc3core.evaluation.report import evaluate_scores
    from mc3core.evaluation.scores import read_scores

    asked = _asked(workspace, truth, split)
    given = read_scores(scores, asked.clips)
    if not given.of:
        raise InputError(
            f"{scores} scores no clip of this workspace: {given.unmatched} of its rows name no "
            f"clip, {given.non_finite} have no finite score. Its clip_id or annotation_uid must be "
            "those of the workspace's clips."
        )
    labels = asked.labels
    report = evaluate_scores(
        given, asked.clips, labels.of, asked.split, unclear=labels.unclear, regions=labels.regions
    )
    return {"scores": scores.name} | _brief(report) | asked.origin()


def _asked(workspace: Workspace, truth: Path | None, split: str | None) -> _Asked:
    clips = manifest(workspace)
    wanted = split or ("all" if truth else "test")
    database = open_database(workspace)
    try:
        verdicts = read_verdicts(database)
        labels = (
            labels_from_file(truth, clips)
            if truth
            else labels_from_people(database, verdicts, clips, wanted)
        )
    finally:
        database.close()
    return _Asked(clips, wanted, labels, verdicts)


def _embeddings(
    workspace: Workspace,
    run_dir: RunDir,
    stage: str,
    clips: Sequence[Clip],
    bridge: bool,
    progress: ProgressCallback,
) -> Embeddings:
    found = embeddings_of(workspace, run_dir, stage, progress)
    if not bridge:
        return found
    from mc3core.evaluation.bridge import with_bridge

    return with_bridge(found, [clip.clip_id for clip in clips if clip.split == "train"])


def _report(
    run_dir: RunDir, stage: str, embeddings: Embeddings, asked: _Asked, task: str
) -> dict[str, Any]:
    """The whole report of a run's stage, as it is stored."""
    from mc3core.evaluation.report import evaluate_run

    labels, split = asked.labels, asked.split
    report = evaluate_run(
        run_dir, stage, embeddings, asked.clips, labels.of, task, split,
        unclear=labels.unclear, regions=labels.regions,
    )  # fmt: skip
    counted = [c for c in asked.clips if c.clip_id in labels.of and split in (c.split, "all")]
    trained_on = run_dir.config().get("sources", ())
    unseen = unseen_sources(trained_on, counted, asked.verdicts.judged.keys())
    report |= asked.origin() | {"unseen_sources": list(unseen)}
    if task == "discovery":
        report["examples"] = examples(report["clips"])
    return report


def _brief(report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in BULKY}


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
