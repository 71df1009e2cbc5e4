"""Reads narrations in Ego4D's `narration.json` layout.

    {"videos": {<video_uid>: {"narration_pass_1": {"narrations": [
        {"timestamp_sec": 1.5, "narration_text": "#C C ...", "annotation_uid": ...}, ...]},
        "narration_pass_2": ...}}}

or the same without the outer "videos". Both passes are read (they are two people's work on the same
video), in the file's order; nothing is assumed about the order of times.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from mc3core.data.narration import Narration, writable
from mc3core.errors import InputError

_PASS = "narration_pass_"  # noqa: S105 (a key of the layout)
_LAYOUT = (
    'Expected Ego4D\'s layout: {"videos": {"<video_uid>": {"narration_pass_1": {"narrations": '
    "[...]}}}} (for a table use --format csv)."
)
TABLES = {".csv", ".tsv", ".txt"}


def read_ego4d(path: Path) -> list[Narration]:
    """All rows of a narration file; a row that cannot be used carries its `problem`.

    InputError where the file is missing, is no JSON (cut off, say), or has another layout.
    """
    videos = _videos(path, _load(path))
    rows = [row for uid, video in videos.items() for row in _rows_of(writable(uid), video)]
    if not rows:
        raise InputError(f"{path} holds no narrations. {_LAYOUT}")
    return rows


def read_text(path: Path, option: str = "--narrations") -> str:
    """The text of a file that the command's `option` names; InputError where it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist. Check the path given to {option}.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from error
    if not data.strip():
        raise InputError(f"{path} is empty. Give {option} a file that holds rows.")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # what spreadsheets save as "Unicode"
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def seconds_of(value: object) -> float | None:
    """A stated time in seconds, or None where it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _load(path: Path) -> Any:
    text = read_text(path)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path} is no complete JSON: {error.msg} at line {error.lineno}, "
            f"column {error.colno}. "
            "If it was cut off while being copied, copy it again."
            + (" For a table use --format csv." if path.suffix.lower() in TABLES else "")
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"{path} cannot be understood as JSON ({error}). {_LAYOUT}") from error


def _videos(path: Path, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise InputError(f"{path} holds a {type(data).__name__}, no table of videos. {_LAYOUT}")
    table = cast(dict[str, Any], data)
    videos = table.get("videos", table)
    if not isinstance(videos, dict):
        raise InputError(f'"videos" in {path} is a {type(videos).__name__}. {_LAYOUT}')
    return cast(dict[str, Any], videos)


def _rows_of(video_uid: str, video: Any) -> Iterator[Narration]:
    if not isinstance(video, dict):
        return  # "version", "date" and the like beside the videos
    for name, narration_pass in cast(dict[str, Any], video).items():
        if not name.startswith(_PASS):
            continue
        listed: Any = (
            cast(dict[str, Any], narration_pass).get("narrations")
            if isinstance(narration_pass, dict)
            else narration_pass
        )
        if isinstance(listed, list):
            for number, row in enumerate(cast(list[Any], listed), 1):
                yield _row(video_uid, name, number, row)
        elif listed is not None:
            problem = f"bad row: {name} holds no list of narrations"
            yield Narration(video_uid, "", name, None, "", problem=problem)


def _row(video_uid: str, narration_pass: str, number: int, row: Any) -> Narration:
    at = f"narration {number} of {narration_pass}"
    if not isinstance(row, dict):
        problem = f"bad row: {at} is a {type(row).__name__}"
        return Narration(video_uid, "", narration_pass, None, "", problem=problem)
    fields = cast(dict[str, Any], row)
    text, uid = fields.get("narration_text"), fields.get("annotation_uid")
    time_s = seconds_of(fields.get("timestamp_sec"))
    problem = None
    if text is not None and not isinstance(text, str):
        problem = f"bad row: narration_text of {at} is a {type(text).__name__}"
    elif time_s is None:
        problem = "no timestamp"
    return Narration(
        video_uid,
        writable(str(uid)) if isinstance(uid, str | int) else "",
        narration_pass,
        time_s,
        writable(text) if isinstance(text, str) else "",
        problem=problem,
    )
