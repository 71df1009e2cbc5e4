"""A video as people name it: found exactly, or told what is near."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from app.workspace import Workspace
from db.engine import Database
from db.withdrawals import video_names
from mc3core.data.clips import MANIFEST_NAME, read_manifest
from mc3core.data.ledger import read_dropped
from mc3core.errors import InputError

SHOWN = 80


def find_video(workspace: Workspace, database: Database, said: str) -> str:
    """The uid of a video as people name it: exactly. InputError lists what is near."""
    with database.read() as session:
        names = set(video_names(session))
    if said in names:
        return said
    names.update(clip.video_uid for clip in read_manifest(workspace.cache / MANIFEST_NAME))
    names.update(row.video_uid for row in read_dropped(workspace.cache))
    if said in names:
        return said
    near = _near(said, sorted(names))
    hint = f" Did you mean {' or '.join(map(shown, near))}?" if near else ""
    where = "the page Data lists them" if names else "no video was ingested yet"
    raise InputError(f"There is no video {shown(said)} in {workspace.root}.{hint} ({where})")


def shown(name: str) -> str:
    """A name as it can stand in a terminal: on one line, control signs as codes, not for ever."""
    text = ascii(name) if not name.isprintable() else f"'{name}'"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…'"


def _near(said: str, names: Sequence[str]) -> list[str]:
    folded = {name.casefold(): name for name in names}
    for form in (said.casefold(), Path(said).stem.casefold()):
        if form in folded:
            return [folded[form]]
    close = difflib.get_close_matches(said.casefold()[:200], list(folded), 3, 0.6)
    return [folded[name] for name in close]
