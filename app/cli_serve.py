"""`sounding demo` and `sounding serve`: the studio."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import HostOption, JsonOption, PortOption, WorkspaceOption
from app.console import result
from app.progress import reporting
from app.public import public_address
from app.settings import DEFAULT_PORT, LOOPBACK, Settings, check_open
from app.workspace import Workspace, open_workspace


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
    behind_tls: Annotated[
        str | None,
        typer.Option(
            "--behind-tls",
            metavar="URL",
            help="The https address that people type, where a TLS proxy passes requests on.",
            show_default=False,
        ),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            metavar="IP",
            help="Address or network of that proxy, unless it runs on this machine; repeatable.",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser", help="Open a browser too.")] = False,
) -> None:
    """Serve a workspace in the browser: to this machine, or with accounts behind a TLS proxy."""
    from app.server import serve_studio

    public = None if behind_tls is None else public_address(behind_tls, tuple(proxy or ()))
    opened = open_workspace(workspace)
    if public is not None or host not in LOOPBACK:
        check_open(host, public, _has_accounts(opened))
    settings = Settings(
        host=host,
        port=port,
        data=tuple(folder.absolute() for folder in data or ()),
        public=public,
    )
    serve_studio(opened, settings, open_browser=browser)


def _has_accounts(workspace: Workspace) -> bool:
    from app.context import open_database
    from db.accounts import accounts_on

    with closing(open_database(workspace)) as database, database.read() as session:
        return accounts_on(session)


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
    commands.command(
        epilog="Example: sounding serve --workspace kitchen --port 7860 "
        "--behind-tls https://lab.example.org/sounding"
    )(serve)
