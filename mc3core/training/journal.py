"""What a run tells the world while it trains: its status, its metrics, and its progress."""

import json
import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from mc3core.config import RunConfig, StageConfig
from mc3core.progress import Progress, ProgressCallback
from mc3core.training.run_dir import RunDir, RunState, RunStatus
from mc3core.types import LossOutput

STATUS_EVERY_S = 1.0
Logged = float | list[float]
RECENT_STEPS = 50


class Journal:
    """Writes status.json and metrics.jsonl of one run. Rows count steps over all stages."""

    def __init__(self, run_dir: RunDir, config: RunConfig, progress: ProgressCallback) -> None:
        self._run_dir, self._config, self._progress = run_dir, config, progress
        now, stage = time.time(), config.stages[0].name
        self._status = RunStatus(run_dir.run, "starting", stage, 0, 0, os.getpid(), now, now)
        self._run_dir.write_status(self._status)
        self._recent = deque[float](maxlen=RECENT_STEPS)  # when the last steps ended
        self._written_at = self._began_at = time.monotonic()
        self._steps_per_epoch = 1

    def begin(self, start: int, total_steps: int, steps_per_epoch: int) -> None:
        """Training goes on after step `start`. Later rows, of a process that was killed after its
        last checkpoint, go; their steps are trained again."""
        rows = [row for row in self._run_dir.metrics() if row["step"] <= start]
        if self._run_dir.metrics_path.exists():
            text = "".join(json.dumps(row) + "\n" for row in rows)
            partial = self._run_dir.metrics_path.with_suffix(".partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(self._run_dir.metrics_path)
        self._steps_per_epoch = steps_per_epoch
        self._began_at = time.monotonic() - (rows[-1]["seconds"] if rows else 0.0)
        self._recent.append(time.monotonic())
        self._status = replace(self._status, state="running", step=start, total_steps=total_steps)
        self._run_dir.write_status(self._status)

    def step(self, stage: StageConfig, step: int, output: LossOutput, rate: float) -> None:
        """A step was trained."""
        self._recent.append(time.monotonic())
        last = step == self._status.total_steps
        if step % self._config.runtime.log_every == 0 or last:
            named = {"loss": output.total.detach(), **output.parts, **output.stats}
            self._row(stage, step, "train", {**_numbers(named), "lr": rate})
        left = self._status.total_steps - step
        span = (self._recent[-1] - self._recent[0]) / max(1, len(self._recent) - 1)
        self._status = replace(self._status, stage=stage.name, step=step, seconds_left=left * span)
        if self._recent[-1] - self._written_at > STATUS_EVERY_S or last:
            self._written_at = self._recent[-1]
            self._run_dir.write_status(self._status)
        detail = f"{stage.name}, loss {float(output.total.detach()):.3f}"
        self._progress(Progress("train", step, self._status.total_steps, detail))

    def validation(self, stage: StageConfig, step: int, values: Mapping[str, Logged]) -> None:
        """A stage is over; nothing is written where there was nothing to validate on."""
        if values:
            self._row(stage, step, "validation", values)

    def close(self, state: RunState, error: str | None = None) -> RunStatus:
        """The run ends here, for now or for good."""
        left = None if state in {"finished", "failed"} else self._status.seconds_left
        self._status = replace(self._status, state=state, error=error, seconds_left=left)
        self._run_dir.write_status(self._status)
        return self._status

    def _row(self, stage: StageConfig, step: int, kind: str, values: Mapping[str, Logged]) -> None:
        epoch = step / self._steps_per_epoch
        named = {"step": step, "stage": stage.name, "epoch": round(epoch, 4), "kind": kind}
        seconds = round(time.monotonic() - self._began_at, 3)
        self._run_dir.append_metrics({**named, **values, "seconds": seconds})


def _numbers(named: Mapping[str, Tensor]) -> dict[str, Logged]:
    """Scalars as numbers and vectors as lists, fetched from the device in one go."""
    flat = torch.cat([value.float().reshape(-1) for value in named.values()]).tolist()
    found: dict[str, Logged] = {}
    for name, value in named.items():
        own, flat = flat[: value.numel()], flat[value.numel() :]
        found[name] = own if value.ndim else own[0]
    return found
