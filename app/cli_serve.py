"""`sounding demo` and `sounding serve`: the studio."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import HostOption, PortOption, WorkspaceOption
from app.settings import DEFAULT_PORT, Settings, check_host
from app.workspace import open_workspace


def demo(
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", metavar="DIR", help="Where the demo is built.")
    ] = Path("demo-workspace"),
    port: PortOption = DEFAULT_PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Build the demo workspace where it is missing, and serve it.

    The studio answers within seconds; clips, labels, embeddings and the map follow while you look.
    """
    from app.server import serve_studio

    opened = open_workspace(workspace, create=True)
    serve_studio(opened, Settings(port=port, demo=True), open_browser=not no_browser)


def serve(
    workspace: WorkspaceOption,
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="A folder with narrations and videos that the Data page may ingest; repeatable.",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser", help="Open a browser too.")] = False,
) -> None:
    """Serve a workspace in the browser, to this machine only."""
    from app.server import serve_studio

    check_host(host)
    opened = open_workspace(workspace)
    settings = Settings(host=host, port=port, data=tuple(folder.absolute() for folder in data or ()))
    serve_studio(opened, settings, open_browser=browser)


def add_to(commands: typer.Typer) -> None:
    commands.command(
        epilog="Example: sounding demo --workspace demo-workspace --port 7860 --no-browser"
    )(demo)
    commands.command(epilog="Example: sounding serve --workspace kitchen --port 7860")(serve)
