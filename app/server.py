"""The studio's server: FastAPI with our own routes, and Gradio mounted behind them."""

import errno
import signal
import socket
import sys
import threading
from dataclasses import replace
from types import FrameType

from fastapi import FastAPI

from app.access import gate
from app.console import say
from app.context import AppContext, open_database
from app.security import guard
from app.settings import Settings
from app.workspace import Workspace, hold_studio_lock, refuse_second_studio
from mc3core.errors import InputError


def serve_studio(workspace: Workspace, settings: Settings, *, open_browser: bool) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises InputError: port taken, second studio."""
    refuse_second_studio(workspace)
    with listen(settings.host, settings.port) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        with hold_studio_lock(workspace, settings.host, settings.port):
            database = open_database(workspace)
            try:
                context = AppContext(workspace, database, settings)
                _run(context, listener, open_browser)
            finally:
                database.close()


def listen(host: str, port: int) -> socket.socket:
    """Take the port at once: a taken one is known before seconds of imports, and a browser that
    comes early waits instead of failing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, asyncio turns Nagle's wait off; unnamed, every answer is 40 ms late.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        raise InputError(
            f"Port {port} of {host} cannot be used ({error.strerror}): "
            + ("another program has it. Stop that program, or take" if taken else "take")
            + f" another port: --port {port + 1 if 1024 <= port < 65535 else 0}"
        ) from None
    listener.listen(128)
    return listener


def build_app(context: AppContext) -> FastAPI:
    """All routes of the studio, ours first, then Gradio at "/"."""
    from app.api import (
        account,
        annotate,
        data,
        desk,
        doors,
        errors,
        evaluation,
        jobs,
        labelling,
        map,
        media,
        runs,
        session,
        static,
        taxonomy,
        users,
        withdrawal,
    )
    from app.pages.shell import mount_shell

    app = FastAPI(title="sounding", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(static.router())
    app.include_router(annotate.router())
    for module in (
        session, account, users, doors, labelling, media, jobs, data, taxonomy, withdrawal, desk,
        runs, map, evaluation,
    ):  # fmt: skip
        app.include_router(module.router(context))
    app.include_router(doors.nothing())
    errors.explain_errors(app)
    app = mount_shell(app, context)
    gate(app, context)
    guard(app, context.settings)  # last added, first asked
    return app


def _run(context: AppContext, listener: socket.socket, open_browser: bool) -> None:
    import uvicorn

    from app.services import demo, runs

    say(f"Workspace {context.workspace.root}")
    context.jobs.reconcile()
    runs.reconcile(context.workspace)
    if context.settings.demo:
        demo.start_building(context)
    config = uvicorn.Config(
        build_app(context),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        proxy_headers=False,  # the guard reads them, from the proxy alone
        server_header=False,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(context.settings, open_browser)
                # Half a second where there are 100,000 answers: no page shall wait for it.
                threading.Thread(target=context.verdicts.latest, daemon=True).start()

    # uvicorn raises the signal again once it has shut down; then our `finally` blocks shall run.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        context.jobs.shut_down()
        say("Studio stopped. Runs that are training go on.")


def _announce(settings: Settings, open_browser: bool) -> None:
    address = settings.address if settings.public is None else settings.public.url
    say(f"Studio   {address}   (Ctrl-C stops it)")
    if settings.public is not None:
        say(f"Waits for its TLS proxy at {settings.address}")
    if open_browser and sys.stdout.isatty():
        import webbrowser

        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
