"""`sounding withdraw`: a video whose wearer asks for it goes."""

from contextlib import closing
from typing import Annotated, Any

import typer

from app.cli_options import JsonOption, WorkspaceOption
from app.console import counted, result
from app.progress import reporting
from app.settings import Settings
from app.workspace import open_workspace
from mc3core.errors import InputError


def withdraw(
    workspace: WorkspaceOption,
    video: Annotated[
        str | None,
        typer.Argument(
            metavar="VIDEO",
            help="The video as the page Data names it; without it, what was begun is finished.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the withdrawal.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    key: Annotated[str | None, typer.Option("--key", hidden=True)] = None,
    json: JsonOption = False,
) -> None:
    """Take a video out: its clips and posters, training cache, embeddings, map points, narrations.

    Answers stay as the trace of the work, and export says that the clips were withdrawn. Ingesting
    the same narrations again does not bring it back. The source file is yours and stays. Can be
    run again, after a crash too.
    """
    from app.context import open_database
    from app.services import at_stake, withdrawal

    opened = open_workspace(workspace)
    with closing(open_database(opened)) as database, reporting() as progress:
        if dry_run:
            if video is None:
                raise InputError("--dry-run needs the video: sounding withdraw VIDEO --dry-run.")
            looked = at_stake.preview(opened, Settings(), database, video).to_json()
            result(json, looked, lambda: _preview_lines(looked))
            return
        if video is None:
            done = withdrawal.finish(opened, Settings(), database, key, progress)
        else:
            done = [
                withdrawal.withdraw(opened, Settings(), database, video, reason, progress=progress)
            ]
    found = [one.to_json() for one in done]
    value = found[0] if video is not None else {"videos": found}
    result(json, value, lambda: [line for one in found for line in _lines(one)])


def _preview_lines(found: dict[str, Any]) -> list[str]:
    runs = [
        f"  run {run['run']}: trained on {run['trained'] or run['learned']} of its clips, "
        f"{counted(run['embedded'], 'embedding')}"
        for run in found["runs"]
    ]
    state = f"{found['video']!a} was {found['withdrawn']}" if found["withdrawn"] else (
        f"Would withdraw {found['video']!a}"
    )  # fmt: skip
    return [
        f"{state}: {counted(found['clips'], 'clip')}, "
        f"{counted(found['media_files'], 'media file')} ({found['media_bytes'] / 1e6:.1f} MB), "
        f"{counted(found['dropped'], 'dropped narration')}",
        f"  {counted(found['answers'], 'answer')} of {counted(found['people'], 'person')} stay as "
        "the trace of the work",
        *runs,
        *([f"  Not now: {found['blocked']}"] if found["blocked"] else []),
        f"  {found['original']}",
    ]


def _lines(found: dict[str, Any]) -> list[str]:
    touched = [
        f"  run {run['run']}: {counted(run['embeddings'], 'embedding')}, "
        f"{counted(run['points'], 'map point')}, {counted(run['maps_dropped'], 'old map')} and "
        f"{counted(run['trained'], 'training clip')} removed"
        for run in found["runs"]
    ]
    return [
        f"{found['video']!a} is {found['withdrawn']}: {counted(found['clips'], 'clip')}, of "
        f"which {counted(found['media_files'], 'media file')}, {found['cached_clips']} cached and "
        f"{found['small_frames'] + found['features']} derived rows were removed now; "
        f"{counted(found['answers'], 'answer')} stay",
        *touched,
        *([f"  {found['weights']}"] if found["weights"] else []),
        f"  {found['original']}",
    ]


def add_to(commands: typer.Typer) -> None:
    commands.command(
        epilog='Example: sounding withdraw kitchen-12 --workspace kitchen --reason "wearer asked"'
    )(withdraw)
