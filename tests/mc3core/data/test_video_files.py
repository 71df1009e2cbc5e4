"""Videos are found by stem in a listing; a uid is never a path."""

import os
from pathlib import Path

import pytest

from mc3core.data.video_files import list_videos
from mc3core.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    videos = tmp_path / "videos"
    videos.mkdir()
    for name in ("one.mp4", "Two.MKV", "both.mkv", "both.mp4", "notes.txt", "né.webm", "e.g.mp4"):
        (videos / name).write_bytes(b"x")
    (tmp_path / "secret.mp4").write_bytes(b"x")
    return videos


def test_files_are_found_by_stem_and_by_name(folder: Path) -> None:
    files = list_videos(folder)
    found = {uid: files.find(uid) for uid in ("one", "Two", "both", "one.mp4", "e.g", "né")}
    assert {uid: path and path.name for uid, path in found.items()} == {
        "one": "one.mp4",
        "Two": "Two.MKV",
        "both": "both.mp4",
        "one.mp4": "one.mp4",
        "e.g": "e.g.mp4",
        "né": "né.webm",
    }
    assert files.find("ne\u0301") == files.find("n\u00e9")
    assert files.find("notes") is None


@pytest.mark.parametrize(
    "uid",
    [
        "../secret",
        "../secret.mp4",
        "/etc/passwd",
        "",
        ".",
        "..",
        "a" * 10_000,
        "one\0",
        "o*",
        "\u202e",
    ],
)
def test_hostile_names_find_nothing(uid: str, folder: Path) -> None:
    files = list_videos(folder)
    assert files.find(uid) is None
    assert files.reason(uid) == "no video file"


def test_links_out_of_the_folder_are_refused_and_links_within_followed(folder: Path) -> None:
    (folder / "out.mp4").symlink_to(folder.parent / "secret.mp4")
    (folder / "broken.mp4").symlink_to(folder / "nowhere.mp4")
    (folder / "alias.mp4").symlink_to(folder / "one.mp4")
    files = list_videos(folder)
    assert files.find("out") is None
    assert "link" in files.reason("out")
    assert files.find("broken") is None
    assert files.find("alias") is not None


def test_only_regular_files_are_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.mp4")
    (folder / "folder.mp4").mkdir()
    files = list_videos(folder)
    assert files.find("pipe") is None
    assert files.find("folder") is None


def test_a_list_of_files_is_a_listing_too(folder: Path) -> None:
    assert list_videos([folder / "one.mp4"]).find("one") == folder / "one.mp4"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        list_videos(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is no folder"):
        list_videos(tmp_path / "file")
