"""The way in: `sounding`. Turns errors into a message and an exit code.

0 done, 1 failed, 2 bad input; 130 interrupted, as shells have it.
Cheap to import: the commands, and what they need, are imported when they run.
"""

import io
import os
import sys
from typing import NoReturn

from app.console import EXIT_BAD_INPUT, EXIT_FAILED, EXIT_INTERRUPTED, warn
from mc3core.errors import InputError, RunError

OWN_PACKAGES = frozenset({"app", "annotation", "db", "mc3core"})


def main() -> None:
    """Run one command and exit."""
    # Set before anything imports gradio or the tokenizers: no telemetry, no fork warnings.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows its code
            stream.reconfigure(errors="backslashreplace")
    try:
        from app.cli_commands import commands

        commands()
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as ended:
        if ended.code == EXIT_INTERRUPTED:  # Typer says nothing
            _interrupted()
        raise
    except BrokenPipeError:  # `sounding ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except Exception as error:
        code, message = explain(error)
        if message is None:
            raise  # a bug of ours: the traceback is what helps
        warn(message)
        sys.exit(code)


def _interrupted() -> NoReturn:
    warn("Stopped. What was finished stays.")
    sys.exit(EXIT_INTERRUPTED)


def explain(error: Exception) -> tuple[int, str | None]:
    """Exit code and message of an error; no message for one that nobody foresaw."""
    if isinstance(error, InputError):
        return EXIT_BAD_INPUT, f"Error: {error}"
    if isinstance(error, RunError) or _is_database_error(error):
        return EXIT_FAILED, f"Error: {error}"
    if isinstance(error, ModuleNotFoundError) and _package(error) not in OWN_PACKAGES:
        return EXIT_FAILED, (
            f"Error: the package {_package(error)!r} is missing. The command line and the studio "
            "need more than the library: pip install 'sounding-actions[studio]'"
        )
    if isinstance(error, OSError) and error.filename is not None:
        return EXIT_FAILED, f"Error: {error.filename}: {error.strerror}."
    return EXIT_FAILED, None


def _package(error: ModuleNotFoundError) -> str:
    return (error.name or "").split(".")[0]


def _is_database_error(error: Exception) -> bool:
    """Without importing SQLAlchemy for a command that never used it."""
    engine = sys.modules.get("db.engine")
    return engine is not None and isinstance(error, engine.DatabaseError)


if __name__ == "__main__":
    main()
