"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace", "-w", metavar="DIR", help="The workspace folder.", show_default=False
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="End with one JSON object on one line, for programs.")
]
RunOption = Annotated[
    str,
    typer.Option(
        "--run", metavar="ID", help="The run, as `sounding train` named it.", show_default=False
    ),
]
StageOption = Annotated[
    str | None,
    typer.Option(
        "--stage",
        metavar="STAGE",
        help="align or refine; without it the last stage that has a checkpoint.",
    ),
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, metavar="N", help="Port; 0 takes a free one.")
]
HostOption = Annotated[
    str,
    typer.Option(
        "--host",
        metavar="H",
        help="Address to listen on; others than this machine's need accounts.",
    ),
]
