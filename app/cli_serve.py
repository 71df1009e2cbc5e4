"""`sounding demo` and `sounding serve`: the studio."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import HostOption, JsonOption, PortOption, WorkspaceOption
from app.console import result
from app.progress import reporting
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
    from app.services.demo import claim

    opened = open_workspace(workspace, create=True)
    claim(opened)
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
    settings = Settings(
        host=host, port=port, data=tuple(folder.absolute() for folder in data or ())
    )
    serve_studio(opened, settings, open_browser=browser)


def demo_build(workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """Build what the demo workspace still lacks; `sounding demo` runs this in the background."""
    from app.services.demo import build

    opened = open_workspace(workspace, create=True)
    with reporting() as progress:
        build(opened, progress)
    result(json, {"workspace": str(opened.root)}, lambda: [f"The demo is in {opened.root}"])


def add_to(commands: typer.Typer) -> None:
    commands.command(
        epilog="Example: sounding demo --workspace demo-workspace --port 7860 --no-browser"
    )(demo)
    commands.command(hidden=True, epilog="Example: sounding demo-build --workspace demo-workspace")(
        demo_build
    )
    commands.command(epilog="Example: sounding serve --workspace kitchen --port 7860")(serve)
