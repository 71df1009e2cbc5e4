"""`sounding methods`, `train`, `embed`, `explore`, `evaluate`: from clips to scores."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli_options import JsonOption, RunOption, StageOption, WorkspaceOption
from app.console import EXIT_FAILED, counted, result, warn
from app.progress import reporting
from app.workspace import open_workspace
from mc3core.errors import InputError


class Task(StrEnum):
    discovery = "discovery"
    retrieval = "retrieval"


class Split(StrEnum):
    train = "train"
    val = "val"
    test = "test"
    all = "all"


class Space(StrEnum):
    audio = "audio"
    video = "video"
    text = "text"
    joint = "joint"


def methods(json: JsonOption = False) -> None:
    """What can be trained: methods with their paper, presets with a sentence each, parameters.

    Parameters are keys of `train --set`, with their value in the first preset at size tiny.
    """
    from app.services.methods import method_table

    table = method_table()
    result(json, {"methods": table}, lambda: [line for row in table for line in method_lines(row)])


def train(
    workspace: WorkspaceOption,
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help="See `sounding methods`.")
    ] = "mc3",
    preset: Annotated[
        str | None,
        typer.Option("--preset", metavar="PRESET", help="The objective; see `sounding methods`."),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            "--size",
            metavar="SIZE",
            help="tiny (two CPU cores), paper (8 GPUs) or frozen (pretrained encoders, only heads "
            "train).",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="S", help="Seed of weights and batches.")
    ] = None,
    set: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change one value, such as max_steps=100; repeatable.",
        ),
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Go on with a stopped run.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Train on the train split of a workspace; prints the run's id.

    Ctrl-C stops at the next step with a checkpoint; --resume RUN goes on to the same numbers.
    """
    from app.services import training

    opened = open_workspace(workspace)
    if resume and (preset or size or set or seed is not None or method != "mc3"):
        raise InputError(
            f"--resume {resume} goes on with the run's own settings: leave --method, --preset, "
            "--size, --seed and --set out, or start a new run without --resume."
        )
    run_dir = (
        training.reopen(opened, resume)
        if resume
        else training.prepare(opened, training.ask(method, preset, size, seed, set or []))
    )
    with reporting() as progress:
        status = training.fit_here(opened, run_dir, progress)
    value = {
        "run": run_dir.run,
        "state": status.state,
        "step": status.step,
        "stages": run_dir.stages(),
    }
    result(json, value, lambda: [run_dir.run])
    if status.state == "stopped":
        warn(
            f"Stopped at step {status.step}; go on with: "
            f"sounding train --workspace {workspace} --resume {run_dir.run}"
        )
    if status.state == "failed":
        warn(f"Error: {status.error}")
        raise typer.Exit(EXIT_FAILED)


def embed(
    workspace: WorkspaceOption, run: RunOption, stage: StageOption = None, json: JsonOption = False
) -> None:
    """Unit embeddings of every clip, in three modalities, from one stage of a run."""
    from app.services.embed import embed_run

    opened = open_workspace(workspace)
    with reporting() as progress:
        value = embed_run(opened, run, stage, progress)
    result(json, value, lambda: [f"{value['clips']} clips embedded by stage {value['stage']}"])


def explore(
    workspace: WorkspaceOption,
    run: RunOption,
    stage: StageOption = None,
    space: Annotated[Space, typer.Option("--space", help="Which embedding.")] = Space.joint,
    clusters: Annotated[int, typer.Option("--clusters", min=1, metavar="K", help="Clusters.")] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the map.")] = 0,
    json: JsonOption = False,
) -> None:
    """Clusters with names and top clips, and a UMAP map, stored with the run."""
    from app.services.exploration import explore as make

    opened = open_workspace(workspace)
    with reporting() as progress:
        value = make(opened, run, stage, space.value, clusters, seed, progress)
    result(json, value, lambda: _cluster_lines(value))


def evaluate(
    workspace: WorkspaceOption,
    run: RunOption,
    stage: StageOption = None,
    task: Annotated[Task, typer.Option("--task", help="What is measured.")] = Task.discovery,
    truth: Annotated[
        Path | None,
        typer.Option(
            "--truth",
            metavar="FILE",
            help="CSV with annotation_uid, or video_uid and timestamp_sec, and label 1/0 or sounds "
            "yes/no/unclear; without it the annotators' majorities count.",
        ),
    ] = None,
    split: Annotated[
        Split | None,
        typer.Option("--split", help="test, or every clip that --truth names, unless given."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Score a run against labels: does the action sound, and can one modality find another."""
    from app.services.evaluation import evaluate as score

    opened = open_workspace(workspace)
    with reporting() as progress:
        value = score(opened, run, stage, task.value, truth, split and split.value, progress)
    result(json, value, lambda: _figure_lines(value))


def add_to(commands: typer.Typer) -> None:
    commands.command(epilog="Example: sounding methods --json")(methods)
    commands.command(
        epilog="Example: sounding train --workspace kitchen --method mc3 --preset demo "
        "--set max_steps=200"
    )(train)
    commands.command(
        epilog="Example: sounding embed --workspace kitchen --run mc3-demo-20261121-031502"
    )(embed)
    commands.command(
        epilog="Example: sounding explore --workspace kitchen --run mc3-demo-20261121-031502 "
        "--space joint --clusters 20"
    )(explore)
    commands.command(
        epilog="Example: sounding evaluate --workspace kitchen --run mc3-demo-20261121-031502 "
        "--task discovery --truth truth.csv"
    )(evaluate)


def method_lines(row: dict[str, Any]) -> list[str]:
    stages = ", then ".join(row["stages"])
    newer = "; newer than the paper" if row["family"] == "newer" else ""
    about = {"objective.weight": f"  ({row['weight']})"}
    return [
        f"{row['id']}  {row['name']} ({', '.join(row['modalities'])}; {stages}{newer})",
        f"  {row['paper']}",
        "  presets:",
        *(f"    {name}: {says}" for name, says in row["presets"].items()),
        "  parameters:",
        *(f"    {key}={_value(val)}{about.get(key, '')}" for key, val in row["parameters"].items()),
        "",
    ]


def _value(value: object) -> str:
    """As `--set` reads it back."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cluster_lines(value: dict[str, Any]) -> list[str]:
    head = f"{value['n']} clips of the {value['space']} space in {len(value['clusters'])} clusters"
    return [head, *(f"  {c['name']}: {counted(c['size'], 'clip')}" for c in value["clusters"])]


def _figure_lines(value: dict[str, Any]) -> list[str]:
    """Every figure of a report on a line of its own, with its interval beside it; for one that is
    not defined its reason stands, once."""
    lines: list[str] = []
    for name, figure in value.items():
        if name.endswith("_ci") or figure is None or isinstance(figure, dict | list | tuple):
            continue
        interval = value.get(f"{name}_ci")
        shown = f"{figure:.3f}" if isinstance(figure, float) else str(figure)
        lines.append(
            f"{name}: {shown}" + (f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else "")
        )
    return lines
