"""`sounding labels`: what people said about the clips."""

from contextlib import closing

import typer

from app.cli_options import JsonOption, WorkspaceOption
from app.console import result
from app.workspace import open_workspace

labels = typer.Typer(
    name="labels", help="Labels: counts, agreement.", no_args_is_help=True, rich_markup_mode=None
)


@labels.command(epilog="Example: sounding labels stats --workspace kitchen --json")
def stats(workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """How many clips have labels, how often people agree, and who they are."""
    from app.context import open_database
    from app.services.labels import label_stats

    with closing(open_database(open_workspace(workspace))) as database:
        found = label_stats(database)
    result(json, found.to_json(), found.lines)


def add_to(commands: typer.Typer) -> None:
    commands.add_typer(labels)
