"""Starting, finding and ending processes of our own, so that none is mistaken for another."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import app

SOURCE = str(Path(app.__file__).resolve().parent.parent)


def python_module(module: str, arguments: Sequence[str]) -> list[str]:
    """The command that runs one of our modules. `-P` keeps the caller's folder out of the import
    path, where a folder named `app` would be taken for ours."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, with our own packages importable."""
    paths = [SOURCE, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **extra}


def start(
    command: Sequence[str], folder: Path, extra: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own (Ctrl-C at the studio does not reach it), writing to
    `folder`/stdout.log and stderr.log."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "stdout.log").open("ab") as out, (folder / "stderr.log").open("ab") as err:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment(extra),
            start_new_session=True,
        )


def be_polite(pid: int) -> None:
    """Let the studio, and whoever labels in it, come first."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, 5)


def is_ours(pid: int, mark: str) -> bool:
    """Whether `pid` lives and its command line holds `mark`: a number may have been given anew."""
    if pid <= 0:
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        return _lives(pid)  # no procfs (macOS)
    except OSError:
        return False
    return bool(command) and mark.encode() in command  # a zombie's is empty


def end_group(pid: int, wait_s: float = 5.0) -> None:
    """Ask a process and its children to end; make those that are left after `wait_s`."""
    deadline = time.monotonic() + wait_s
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGTERM)
        while is_ours(pid, "") and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def last_words(log: Path, limit: int = 2000) -> str:
    """The last line a process wrote that says something."""
    try:
        with log.open("rb") as file:
            file.seek(max(log.stat().st_size - limit, 0))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("Error: ") if lines else ""
