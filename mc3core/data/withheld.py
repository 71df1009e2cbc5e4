"""Videos that are never to be cut again, each with its reason: ingest says it of every narration.

cache/withheld.json     {video uid: reason}

A video is known by its uid and by its file's stem and name, so that another spelling in another
narration file does not bring it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mc3core.data.video_files import name_form
from mc3core.json_files import read_object
from mc3core.training.run_dir import write_json

WITHHELD_NAME = "withheld.json"
WAY_OUT = "`sounding ingest` writes it anew from the workspace's labels."


@dataclass(frozen=True, slots=True)
class Withheld:
    """Reasons by the one Unicode form of a name."""

    reasons: Mapping[str, str]

    def reason(self, video_uid: str, path: Path | None = None) -> str | None:
        """Why this video, in this file where it has one, is not to be cut; None where it may be."""
        names = [video_uid] if path is None else [video_uid, path.stem, path.name]
        return next((self.reasons[n] for n in map(name_form, names) if n in self.reasons), None)


def withhold(cache_dir: Path, reasons: Mapping[str, str]) -> None:
    """Make this the list, and nothing but it; `reasons` are by video uid."""
    path = cache_dir / WITHHELD_NAME
    if reasons or path.exists():
        write_json(path, dict(reasons))


def read_withheld(cache_dir: Path) -> Withheld:
    """The list of a cache; InputError where it is damaged, so that nothing slips through."""
    try:
        found = read_object(
            cache_dir / WITHHELD_NAME,
            "`sounding ingest` writes it anew from the workspace's labels.",
        )
    except FileNotFoundError:
        found = {}
    return Withheld({name_form(uid): str(reason) for uid, reason in found.items()})
