"""`sounding methods`, `train`, `embed`, `explore`, `evaluate`: from clips to scores."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import JsonOption, RunOption, StageOption, WorkspaceOption
from app.console import EXIT_FAILED, result, warn
from app.progress import reporting
from app.workspace import open_workspace


class Task(StrEnum):
    discovery = "discovery"
    retrieval = "retrieval"


class Space(StrEnum):
    audio = "audio"
    video = "video"
    text = "text"
    joint = "joint"


def methods(json: JsonOption = False) -> None:
    """What can be trained: methods with their paper, presets with a sentence each."""
    from app.services.training import method_table

    table = method_table()
    result(json, {"methods": table}, lambda: [line for row in table for line in _method_lines(row)])


def train(
    workspace: WorkspaceOption,
    method: Annotated[str, typer.Option("--method", metavar="METHOD", help="See `sounding methods`.")] = "mc3",
    preset: Annotated[str | None, typer.Option("--preset", metavar="PRESET", help="The objective; see `sounding methods`.")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="SIZE", help="tiny (two CPU cores) or paper (8 GPUs).")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="S", help="Seed of weights and batches.")] = None,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one value, such as max_steps=100; repeatable."),
    ] = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a stopped run.")] = None,
    json: JsonOption = False,
) -> None:
    """Train on the train split of a workspace; prints the run's id.

    Ctrl-C stops at the next step with a checkpoint; --resume RUN goes on to the same numbers.
    """
    from app.services import training

    opened = open_workspace(workspace)
    run_dir = (
        training.reopen(opened, resume)
        if resume
        else training.prepare(opened, training.ask(method, preset, size, seed, set or []))
    )
    with reporting() as progress:
        status = training.fit_here(opened, run_dir, progress)
    value = {"run": run_dir.run, "state": status.state, "step": status.step, "stages": run_dir.stages()}
    result(json, value, lambda: [run_dir.run])
    if status.state == "stopped":
        warn(f"Stopped at step {status.step}; go on with: sounding train -w {workspace} --resume {run_dir.run}")
    if status.state == "failed":
        warn(f"Error: {status.error}")
        raise typer.Exit(EXIT_FAILED)
