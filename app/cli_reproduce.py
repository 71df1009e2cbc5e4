"""`sounding reproduce`: the paper's tables again, on worlds that know the truth."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import JsonOption
from app.console import result
from app.progress import reporting


class Table(StrEnum):
    table2 = "table2"
    table3 = "table3"


def reproduce(
    table: Annotated[Table, typer.Argument(help="table2 (discovery) or table3 (retrieval).")],
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="Only CMC, ImageBind and MC3, anew, at what the full run chose; a quarter of "
            "an hour a seed and core.",
        ),
    ] = False,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, max=100, metavar="N", help="Worlds and weights.")
    ] = 5,
    worlds: Annotated[
        bool,
        typer.Option(
            "--worlds", help="CMC, ImageBind and MC3 on six variants of the world instead."
        ),
    ] = False,
    workspace: Annotated[
        Path,
        typer.Option(
            "--workspace", metavar="DIR", help="Where clips and runs are kept, to go on from."
        ),
    ] = Path("reproduce-workspace"),
    json: JsonOption = False,
) -> None:
    """Train every row of a table on drawn worlds and compare it with the paper's figures.

    Goes on where it was stopped: a finished cell is a small file under assets/results/, and only
    what is missing is trained. From nothing, the full form takes about four hours on two cores.
    """
    from app.services.reproduce import reproduce_table

    with reporting() as progress:
        value = reproduce_table(
            workspace, table.value, quick=quick, seeds=seeds, worlds=worlds, progress=progress
        )
    result(json, value, lambda: value["text"].splitlines())


def add_to(commands: typer.Typer) -> None:
    commands.command(epilog="Example: sounding reproduce table2 --quick --seeds 2")(reproduce)
