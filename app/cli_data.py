"""`sounding world` and `sounding ingest`: data in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import JsonOption, WorkspaceOption
from app.console import EXIT_FAILED, counted, result, warn
from app.progress import reporting
from app.workspace import open_workspace
from mc3core.errors import InputError
from mc3core.world.variants import VARIANTS, law_named


class Format(StrEnum):
    """Layouts of a narration file."""

    ego4d = "ego4d"
    epic = "epic"
    csv = "csv"


class SplitName(StrEnum):
    """The splits of a workspace."""

    train = "train"
    val = "val"
    test = "test"


def world(
    clips: Annotated[
        int, typer.Option("--clips", min=1, max=1_000_000, metavar="N", help="Narrated clips.")
    ] = 400,
    seed: Annotated[
        int, typer.Option("--seed", min=0, metavar="S", help="Seed of everything.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the videos.")
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="Instead of --out: fill this workspace's training cache, without video files.",
        ),
    ] = None,
    side: Annotated[
        int | None,
        typer.Option(
            "--side",
            min=32,
            max=1024,
            metavar="PX",
            help="Picture side; 320 for people, 64 for training.",
        ),
    ] = None,
    fps: Annotated[int, typer.Option("--fps", min=1, max=60, help="Frames a second.")] = 15,
    split: Annotated[
        SplitName | None,
        typer.Option("--split", help="With --workspace: put every clip into one split."),
    ] = None,
    variant: Annotated[
        str,
        typer.Option("--variant", metavar="NAME", help=f"Another law: {', '.join(VARIANTS)}."),
    ] = "default",
    stems: Annotated[
        bool,
        typer.Option(
            "--stems", help="With --out: also each source of sound alone, as stems/VIDEO/*.wav."
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, metavar="N", help="Processes; all cores without it."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make the procedural world: videos with sound, Ego4D-style narrations, and truth.csv."""
    from app.services.world import fill_cache, write_videos

    if (out is None) == (workspace is None):
        raise InputError(
            "Give either --out DIR (video files) or --workspace DIR (its training cache)."
        )
    if stems and out is None:
        raise InputError("--stems writes sound files beside the videos: give --out DIR with it.")
    law = law_named(variant)
    with reporting() as progress:
        if out is not None:
            made = write_videos(out, clips, seed, side or 320, fps, workers, law, stems, progress)
        else:
            assert workspace is not None
            opened = open_workspace(workspace, create=True)
            share = split.value if split else None
            made = fill_cache(opened, clips, seed, side or 64, share, workers, law, progress)
    result(json, made, lambda: [f"{made['clips']} clips in {made['out']}"])


def ingest(
    workspace: WorkspaceOption,
    narrations: Annotated[
        Path,
        typer.Option(
            "--narrations", metavar="FILE", help="narration.json, or a CSV.", show_default=False
        ),
    ],
    videos: Annotated[
        Path,
        typer.Option(
            "--videos",
            metavar="DIR",
            help="Folder of the videos, found by stem.",
            show_default=False,
        ),
    ],
    format: Annotated[
        Format, typer.Option("--format", help="Layout of the narration file.")
    ] = Format.ego4d,
    before_s: Annotated[
        float | None,
        typer.Option(
            "--before-s",
            min=0.0,
            max=60.0,
            help="Seconds before the narration: 0.5, or as the workspace has it.",
        ),
    ] = None,
    after_s: Annotated[
        float | None,
        typer.Option(
            "--after-s",
            min=0.0,
            max=60.0,
            help="Seconds after it: 1.0, or as the workspace has it.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Name of where the data come from."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, metavar="N", help="Processes; all cores without it."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Cut a clip for every narration into a workspace, which is made where it is missing.

    Run it again after adding videos or narrations: only what is new is done. Ends with 1 when any
    narration was dropped; each is listed with its reason.
    """
    from app.services.ingest import check_request, ingest_into, options_for, read_narrations

    rows = read_narrations(format.value, narrations)
    opened = open_workspace(workspace, create=True, write=False)
    options = options_for(opened, narrations, before_s, after_s, source, workers)
    check_request(options, videos)
    opened = open_workspace(workspace, create=True)
    with reporting() as progress:
        report = ingest_into(opened, rows, videos, options, progress)
    value = report.to_json()
    dropped = value["dropped"]

    def lines() -> list[str]:
        head = f"{value['clips']} clips ({value['new']} new) of {value['narrations']} narrations"
        reasons: dict[str, int] = {}
        for row in dropped:
            reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
        return [head, *(f"  dropped {n}: {reason}" for reason, n in sorted(reasons.items()))]

    result(json, value, lines)
    if dropped:
        listed = "The page Data lists them, as does --json."
        warn(f"{counted(len(dropped), 'narration')} became no clip. {listed}")
        raise typer.Exit(EXIT_FAILED)


def add_to(commands: typer.Typer) -> None:
    commands.command(epilog="Example: sounding world --out world --clips 400 --seed 7")(world)
    commands.command(
        epilog="Example: sounding ingest --workspace kitchen --format ego4d "
        "--narrations ego4d/narration.json --videos ego4d/videos"
    )(ingest)
