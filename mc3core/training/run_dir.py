"""The run directory: the contract between the trainer and the studio. Torch-free, cheap to import.

runs/<run-id>/
    config.json               what was asked, seeds, versions, fingerprint and sources of the data
    status.json               where it stands (RunStatus), replaced in one step
    metrics.jsonl             one JSON object a logged step, appended
    stop                      its presence asks the trainer to stop at the next step boundary
    validation_verdicts.csv   annotators' verdicts, read only by the scoring after a stage
    checkpoints/<stage>/      model.safetensors and what a resume needs
    <stage>/embeddings.*      unit embeddings of every clip
    <stage>/<space>/<parameters>/{tree,map}.*
    reports/<task>-<stage>-<split>.json
"""

import json
import os
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from mc3core.errors import InputError
from mc3core.json_files import read_object

RunState = Literal["starting", "running", "finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Where a run stands. Times are seconds since 1970 (UTC); `step` counts over all stages."""

    run: str
    state: RunState
    stage: str
    step: int
    total_steps: int
    pid: int
    started_at_s: float
    updated_at_s: float
    seconds_left: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RunDir:
    """The files of one run."""

    path: Path

    @property
    def run(self) -> str:
        return self.path.name

    @property
    def config_path(self) -> Path:
        return self.path / "config.json"

    @property
    def metrics_path(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def stop_path(self) -> Path:
        return self.path / "stop"

    @property
    def verdicts_path(self) -> Path:
        return self.path / "validation_verdicts.csv"

    def checkpoint(self, stage: str) -> Path:
        return self.path / "checkpoints" / stage

    def stage(self, stage: str) -> Path:
        return self.path / stage

    def report_path(self, task: str, stage: str, split: str) -> Path:
        return self.path / "reports" / f"{task}-{stage}-{split}.json"

    def config(self) -> dict[str, Any]:
        """What config.json says; InputError where it is missing or damaged."""
        try:
            return read_object(self.config_path, "Restore it from a copy, or train a new run.")
        except FileNotFoundError:
            raise InputError(f"{self.path} is no run: it has no config.json.") from None

    def status(self) -> RunStatus:
        """Where the run stands, by the name its folder has now: it may have been copied."""
        row = json.loads((self.path / "status.json").read_text(encoding="utf-8"))
        return RunStatus(**{**row, "run": self.run})

    def write_status(self, status: RunStatus) -> None:
        write_json(self.path / "status.json", asdict(replace(status, updated_at_s=time.time())))

    def append_metrics(self, row: Mapping[str, Any]) -> None:
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dict(row)) + "\n")

    def metrics(self, from_step: int = 0) -> Iterator[dict[str, Any]]:
        """Rows whose step is at least `from_step`; a last line still being written is left out, as
        is a damaged one: a curve with a gap says more than none."""
        yield from map(json.loads, self.metric_lines(from_step))

    def metric_lines(self, from_step: int = 0) -> list[bytes]:
        """The same rows as they stand. Steps only rise in the file, so the first one is found by
        halving: a page that asks for the newest points every second looks at no others."""
        if not self.metrics_path.exists():
            return []
        lines = self.metrics_path.read_bytes().split(b"\n")[:-1]
        # From the start there is nothing to skip, and a damaged line misleads no halving.
        newest = lines[bisect_left(lines, from_step, key=_step) :] if from_step > 0 else lines
        return [line for line in newest if _step(line) >= from_step]

    def request_stop(self) -> None:
        self.stop_path.touch()

    def stages(self) -> list[str]:
        """Stages that have a checkpoint, in the order they are trained."""
        order = [stage["name"] for stage in self.config().get("stages", ())]
        return [name for name in order if (self.checkpoint(name) / "model.safetensors").exists()]


def open_run(runs: Path, run: str, stage: str | None = None) -> tuple[RunDir, str]:
    """Find a run and a stage of it that has a checkpoint: the last one unless named. InputError
    says what there is, or that the run's config.json is damaged."""
    known = sorted(path.parent.name for path in runs.glob("*/config.json"))
    if run not in known:  # looked up, never joined to a path
        raise InputError(
            f"There is no run {run[:80]!r} in {runs}. Runs there: {', '.join(known) or 'none yet'}."
        )
    run_dir = RunDir(runs / run)
    run_dir.config()  # where it is damaged, better now than after the work
    stages = run_dir.stages()
    if not stages:
        raise InputError(f"Run {run!r} has no checkpoint yet; let it train, or resume it.")
    if stage is not None and stage not in stages:
        raise InputError(f"Run {run!r} has no stage {stage!r}; it has {', '.join(stages)}.")
    return run_dir, stage or stages[-1]


def _step(line: bytes) -> int:
    """The step of a row of metrics, or -1 where the line is damaged."""
    try:
        row: Any = json.loads(line)
        return row["step"] if isinstance(row["step"], int) and "kind" in row else -1
    except (ValueError, TypeError, KeyError):
        return -1


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file in one step, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)
