"""What the Data page may ingest: files under folders that the person who serves has named.

No path from a request reaches the disk. A request names a file by the id given here; ids are looked
up in a fresh listing of the workspace's `inbox/` and of the folders given by `serve --data`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.settings import Settings
from app.workspace import Workspace
from mc3core.errors import InputError

VIDEO_SUFFIXES = frozenset({".mp4", ".mkv", ".mov", ".webm", ".avi", ".m4v", ".mpg", ".ts"})
NARRATION_SUFFIXES = {".json": "ego4d", ".csv": "csv"}
DEPTH = 3
LONGEST = 400
SMALL_WORLD = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A narration file (`kind` is its likely format) or a folder with videos."""

    id: str
    kind: Literal["ego4d", "csv", "videos"]
    name: str
    path: Path
    videos: int = 0


def list_sources(workspace: Workspace, settings: Settings) -> list[Source]:
    """Narration files and folders of videos, at most three folders deep."""
    found: list[Source] = []
    for root in (workspace.inbox, *settings.data):
        for path in _walk(root, DEPTH):
            name = f"{root.name}/{path.relative_to(root)}" if path != root else root.name
            if path.is_dir():
                count = sum(1 for p in _entries(path) if p.suffix.lower() in VIDEO_SUFFIXES)
                if count:
                    found.append(Source(_id(path), "videos", name, path, count))
            elif path.suffix.lower() == ".csv":
                found.append(Source(_id(path), "csv", name, path))
            elif path.suffix.lower() == ".json":
                found.append(Source(_id(path), "ego4d", name, path))
    return found[:LONGEST]


def ingest_step(
    sources: Sequence[Source],
    narrations: str,
    videos: str,
    layout: str,
    before_s: float,
    after_s: float,
) -> tuple[str, ...]:
    """The command that ingests two listed things; InputError when one is no longer there."""
    by_id = {source.id: source for source in sources}
    file, folder = by_id.get(narrations), by_id.get(videos)
    if file is None or file.kind == "videos":
        raise InputError("That narration file is no longer there. Choose one from the list.")
    if folder is None or folder.kind != "videos":
        raise InputError("That folder of videos is no longer there. Choose one from the list.")
    return (
        "ingest",
        f"--format={layout}",
        f"--narrations={file.path}",
        f"--videos={folder.path}",
        f"--before-s={before_s:g}",
        f"--after-s={after_s:g}",
    )


def world_steps(workspace: Workspace) -> list[tuple[str, ...]]:
    """The commands that fill an empty workspace with a small made world."""
    out = workspace.inbox / "world"
    return [
        ("world", f"--out={out}", f"--clips={SMALL_WORLD}", "--seed=3"),  # videos in every split
        ("ingest", f"--narrations={out / 'narration.json'}", f"--videos={out / 'videos'}"),
    ]


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    if not folder.is_dir():
        return
    yield folder
    for entry in _entries(folder):
        if entry.is_dir():
            if depth > 1:
                yield from _walk(entry, depth - 1)
        elif entry.suffix.lower() in NARRATION_SUFFIXES:
            yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        return []


def _id(path: Path) -> str:
    text = str(path).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=8).hexdigest()
