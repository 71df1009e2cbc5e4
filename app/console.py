"""What a command says at the end: one JSON line for programs, or a few lines for people."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def say(line: str = "") -> None:
    """A line for people, on standard output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def warn(line: str) -> None:
    """A line on standard error: errors and remarks never mix with figures."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def counted(number: int, thing: str) -> str:
    """1 clip, 2 clips."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def result(as_json: bool, value: Mapping[str, Any], lines: Callable[[], Sequence[str]]) -> None:
    """Write `value` as one JSON line, or `lines()` for people."""
    if as_json:
        say(json.dumps(value, default=str))  # ASCII: whatever the terminal's encoding is
    else:
        for line in lines():
            say(line)
