"""Which file holds which video: looked up by stem in a listing, so that no uid is ever a path."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.errors import InputError

# In order of preference where one stem has several files.
VIDEO_SUFFIXES = (
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".wmv", ".flv",
    ".m4a", ".wav", ".flac", ".ogg", ".mp3",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VideoFiles:
    """Files by stem and by full name, both in one Unicode form; `refused` names links that lead out
    of the folder."""

    by_name: dict[str, Path]
    refused: frozenset[str]

    def find(self, video_uid: str) -> Path | None:
        """The file whose stem, or whole name, is `video_uid`; None where there is none."""
        return self.by_name.get(name_form(video_uid))

    def reason(self, video_uid: str) -> str:
        """Why `find` gave None."""
        if name_form(video_uid) in self.refused:
            return "no video file (a link that leads out of the folder is not followed)"
        return "no video file"


def list_videos(videos: Path | Sequence[Path]) -> VideoFiles:
    """List a folder's media files, or the files given; InputError where there is no such folder."""
    if not isinstance(videos, Path):
        return _listing(videos, None)
    if not videos.is_dir():
        what = "is no folder" if videos.exists() else "does not exist"
        raise InputError(f"{videos} {what}. Give the folder that holds the videos to --videos.")
    try:
        return _listing(sorted(videos.iterdir()), videos.resolve())
    except OSError as error:
        raise InputError(f"{videos} cannot be listed ({error.strerror}).") from error


def _listing(files: Iterable[Path], folder: Path | None) -> VideoFiles:
    found: dict[str, Path] = {}
    refused: set[str] = set()
    media = [file for file in files if file.suffix.lower() in VIDEO_SUFFIXES]
    for file in sorted(media, key=lambda f: VIDEO_SUFFIXES.index(f.suffix.lower())):
        names = (name_form(file.stem), name_form(file.name))
        if folder is not None and not file.resolve().is_relative_to(folder):
            refused.update(names)
        elif file.is_file():
            for name in names:
                found.setdefault(name, file)
    return VideoFiles(found, frozenset(refused - found.keys()))


def name_form(name: str) -> str:
    """One form for names that look the same: file systems store "é" as one sign or as two."""
    return unicodedata.normalize("NFC", name)
