"""`sounding ingest` into a workspace: files, rows, codes, and going on after a kill."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from app.context import open_database
from app.services.ingest import only_ingest
from app.workspace import open_workspace
from db import clips as rows
from mc3core.data.clips import MANIFEST_NAME, read_manifest
from mc3core.errors import RunError
from tests.app.conftest import Sounding


def words(workspace: Path, narrations: Path, videos: Path) -> tuple[str | Path, ...]:
    return ("ingest", "-w", workspace, "--narrations", narrations, "--videos", videos, "--json")


def test_every_clip_is_a_row_with_a_file_and_slots(ingested: Path) -> None:
    workspace = open_workspace(ingested)
    manifest = read_manifest(workspace.cache / MANIFEST_NAME)
    assert len(manifest) == 24
    with closing(open_database(workspace)) as database, database.read() as session:
        found = {row.clip_id: row for row in rows.all_clips(session)}
        videos = rows.page_of_videos(session).rows
    assert found.keys() == {clip.clip_id for clip in manifest}
    for clip in manifest:
        row = found[clip.clip_id]
        assert (row.narration, row.split, row.flags) == (clip.narration, clip.split, clip.flags)
        assert (workspace.media / f"{clip.clip_id}.mp4").stat().st_size > 0
    assert all(video.video.duration_s and video.video.file_name for video in videos)


def test_again_adds_nothing_and_says_so(sounding: Sounding, workspace: Path, world: Path) -> None:
    report = sounding(*words(workspace, world / "narration.json", world / "videos")).json
    assert (report["clips"], report["new"], report["narrations"]) == (24, 0, 24)


def test_a_missing_video_ends_with_1_and_is_listed(
    sounding: Sounding, tmp_path: Path, world: Path
) -> None:
    videos = tmp_path / "videos"
    shutil.copytree(world / "videos", videos)
    lost = sorted(videos.iterdir())[0]
    lost.unlink()
    workspace = tmp_path / "workspace"
    done = sounding(*words(workspace, world / "narration.json", videos))
    report = done.json
    assert done.code == 1
    assert report["clips"] + len(report["dropped"]) == report["narrations"] == 24
    assert {row["video_uid"] for row in report["dropped"]} == {lost.stem}
    assert all(row["reason"] and row["annotation_uid"] for row in report["dropped"])
    with closing(open_database(open_workspace(workspace))) as database, database.read() as session:
        assert rows.page_of_dropped(session).total == len(report["dropped"])

    shutil.copy(world / "videos" / lost.name, lost)
    later = sounding(*words(workspace, world / "narration.json", videos))
    assert later.code == 0
    assert later.json["new"] == len(report["dropped"])
    with closing(open_database(open_workspace(workspace))) as database, database.read() as session:
        assert rows.page_of_dropped(session).total == 0
        assert rows.count_clips(session) == 24


def test_what_a_kill_left_out_of_the_database_is_added(
    sounding: Sounding, workspace: Path, world: Path
) -> None:
    for file in workspace.glob("sounding.db*"):
        file.unlink()
    assert sounding(*words(workspace, world / "narration.json", world / "videos")).json["new"] == 0
    stats = sounding("labels", "stats", "-w", workspace, "--json").json
    (batch,) = stats["batches"]
    assert (batch["name"], batch["complete"], batch["clips"]) == ("all clips", 0, 24)


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "narration.json"), ('{"videos": {"a": {"narr', "narration.json"), ("[1, 2]", "Ego4D")],
)
def test_an_unreadable_narration_file_ends_with_2_and_makes_nothing(
    sounding: Sounding, tmp_path: Path, text: str | None, said: str
) -> None:
    narrations = tmp_path / "narration.json"
    if text is not None:
        narrations.write_text(text)
    done = sounding(*words(tmp_path / "workspace", narrations, tmp_path))
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "workspace").exists()


def test_epic_is_named_as_not_read_yet(sounding: Sounding, tmp_path: Path) -> None:
    done = sounding(*words(tmp_path / "w", tmp_path / "x.csv", tmp_path), "--format", "epic")
    assert done.code == 2
    assert "epic" in done.err
    assert "csv" in done.err


def test_other_windows_than_the_workspaces_are_refused_by_name(
    sounding: Sounding, workspace: Path, world: Path
) -> None:
    done = sounding(
        *words(workspace, world / "narration.json", world / "videos"), "--before-s", "2"
    )
    assert done.code == 2
    assert "before_s" in done.err


def test_two_ingests_at_once_are_one_too_many(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w", create=True)
    with (
        only_ingest(workspace),
        pytest.raises(RunError, match="Another ingest"),
        only_ingest(workspace),
    ):
        pass
    with only_ingest(workspace):
        pass


def test_progress_goes_to_the_named_file_and_output_stays_one_line(
    sounding: Sounding, tmp_path: Path, world: Path
) -> None:
    progress = tmp_path / "progress.json"
    done = sounding(
        *words(tmp_path / "w", world / "narration.json", world / "videos"),
        SOUNDING_PROGRESS_FILE=str(progress),
    )
    assert done.json["clips"] == 24
    last = json.loads(progress.read_text())
    assert last["done"] == last["total"] == 24
