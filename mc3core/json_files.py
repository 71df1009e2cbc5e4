"""Our own JSON files, read so that a damaged one is named, with the way out. Torch-free."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from mc3core.errors import InputError

T = TypeVar("T")


def read_object(path: Path, way_out: str) -> dict[str, Any]:
    """The JSON object a file holds. InputError, which ends with `way_out`, where it is damaged;
    FileNotFoundError where it is missing."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} is damaged ({error}). {way_out}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} is damaged (it holds no JSON object). {way_out}")
    return cast(dict[str, Any], found)


def read_lines(path: Path, make: Callable[[dict[str, Any]], T], way_out: str) -> list[T]:
    """One `make(object)` a line; none where the file is missing. A last line without its end is
    left out: it is still being written, or was when the process died.

    InputError names the line that is no such object, and ends with `way_out`.
    """
    rows: list[T] = []
    if not path.exists():
        return rows
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                break
            try:
                rows.append(make(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path} is damaged in line {number} ({type(error).__name__}: {error}). "
                    f"{way_out}"
                ) from error
    return rows
