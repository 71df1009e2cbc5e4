"""A file or folder that is there whole or not at all."""

import os
import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mc3core.errors import InputError


@contextmanager
def replacing(
    path: Path, *, force: bool, folder_of: frozenset[str] = frozenset()
) -> Generator[Path]:
    """A path beside `path` to write a file or a folder to; it takes its place at the end, and is
    gone where an error comes first.

    InputError where something is there already and `force` is not set. A folder is replaced only
    where it holds nothing but `folder_of`.
    """
    path = path.absolute()
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder: make it first, or name another place.")
    if path.exists() and not force:
        raise InputError(f"{path} is there already: name another place, or replace it by --force.")
    if path.is_dir() and (others := {inside.name for inside in path.iterdir()} - folder_of):
        raise InputError(f"{path} holds other files ({min(others)}): name another place.")
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield unfinished
        sync(unfinished)
        if path.is_dir():
            shutil.rmtree(path)
        unfinished.replace(path)
        _sync_one(path.parent)
    finally:
        remove(unfinished)


def remove(path: Path) -> None:
    """Remove a file or a folder where it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Everything written to a file, or into a folder, is on the disk."""
    if path.is_dir():
        for inside in path.iterdir():
            sync(inside)
    _sync_one(path)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
