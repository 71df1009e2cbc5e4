"""The manifest as a studio asks for it: read again only when the file has changed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from app.workspace import Workspace
from mc3core.data.clips import MANIFEST_NAME, Clip, read_manifest
from mc3core.errors import InputError


def manifest(workspace: Workspace) -> tuple[Clip, ...]:
    """Every clip of the workspace. Raises InputError where there is none."""
    return tuple(clips_by_id(workspace).values())


def clips_by_id(workspace: Workspace) -> Mapping[str, Clip]:
    """The same by clip id, in the order of the manifest."""
    path = workspace.cache / MANIFEST_NAME
    clips = _read(path, *_stamp(path))
    if not clips:
        raise InputError(
            f"{workspace.root} has no clips yet: run `sounding ingest --workspace {workspace.root} "
            "--narrations FILE --videos DIR` first."
        )
    return clips


def count_clips(workspace: Workspace) -> int:
    """How many clips there are, also while an ingest is adding them; none is no error."""
    path = workspace.cache / MANIFEST_NAME
    return path.read_bytes().count(b"\n") if path.exists() else 0


@lru_cache(maxsize=2)
def _read(path: Path, _modified_ns: int, _size: int) -> Mapping[str, Clip]:
    return MappingProxyType({clip.clip_id: clip for clip in read_manifest(path)})


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
