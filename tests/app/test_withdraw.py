"""A withdrawn video is gone from every file, stays gone, and the rest goes on."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from safetensors.torch import load_file

from app.api import media, withdrawal
from app.context import AppContext, open_database
from app.services.forgetting import forget_files
from app.services.video_names import shown
from app.services.withdrawal import withdraw
from app.settings import Settings
from app.workspace import Workspace, open_workspace
from db.labelling import claim, verdicts
from db.people import ensure_person
from mc3core.data.cache import ClipCache
from mc3core.data.clips import MANIFEST_NAME, Clip, read_manifest
from mc3core.data.shards import Shard, shard_path
from mc3core.embeddings import load_embeddings
from mc3core.errors import RunError
from mc3core.training.run_dir import RunDir, RunStatus
from tests.app.conftest import Sounding
from tests.app.test_map_routes import lay_out
from tests.app.workspaces import RUN, make_workspace

SMALL = (
    "batch_size=8", "encoders.dimension=16", "encoders.audio.width=16", "encoders.audio.layers=1",
    "encoders.video.width=16", "encoders.video.layers=1", "encoders.text.width=16",
)  # fmt: skip


@dataclass(frozen=True)
class Trained:
    """A workspace with an MC3 run, a CMC run that keeps a memory bank, and a map."""

    root: Path
    world: Path
    run: str
    bank: str

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def clips(self) -> list[Clip]:
        return read_manifest(self.workspace.cache / MANIFEST_NAME)


def train(sounding: Sounding, root: Path, *words: str) -> str:
    sets = [word for value in SMALL for word in ("--set", value)]
    done = sounding("train", "-w", root, *words, *sets, "--set", "max_steps=4", "--json")
    assert done.code == 0, done.err
    return done.json["run"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sounding: Sounding) -> Trained:
    folder = tmp_path_factory.mktemp("withdraw")
    world, root = folder / "w", folder / "workspace"
    small = ("--clips", "60", "--seed", "3", "--side", "64", "--fps", "6", "--workers", "1")
    assert sounding("world", "--out", world, *small).code == 0
    assert ingest(sounding, root, world).code == 0
    run = train(sounding, root)
    bank = train(sounding, root, "--method", "cmc", "--preset", "bank")
    explored = sounding("explore", "-w", root, "--run", run, "--clusters", "4", "--json")
    assert explored.code == 0, explored.err
    truth = ("--truth", world / "truth.csv", "--json")
    assert sounding("evaluate", "-w", root, "--run", run, *truth).code == 0
    return Trained(root, world, run, bank)


@pytest.fixture
def trained(made: Trained, tmp_path: Path) -> Trained:
    return Trained(shutil.copytree(made.root, tmp_path / "copy"), made.world, made.run, made.bank)


def ingest(sounding: Sounding, root: Path, world: Path) -> Any:
    narrations = ("--narrations", world / "narration.json", "--videos", world / "videos")
    return sounding("ingest", "-w", root, *narrations, "--workers", "1", "--json")


def holders(root: Path, needles: list[bytes]) -> list[str]:
    """Files that hold any of these bytes; but not the user's own."""
    found: list[str] = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found += [str(path.relative_to(root)) for needle in needles if needle in content][:1]
    return found


def test_nothing_of_it_is_left_and_the_rest_goes_on(trained: Trained, sounding: Sounding) -> None:
    before, place = trained.clips(), ("-w", trained.root)
    video = next(clip.video_uid for clip in before if clip.split == "train")
    gone = [clip for clip in before if clip.video_uid == video]
    shard = Shard(shard_path(trained.workspace.cache, video))
    pieces = [shard.jpeg(clip.clip_id, 0)[-400:-100] for clip in gone]
    pieces += [
        shard.pcm(clip.clip_id)[4000:4100].tobytes() for clip in gone if "audio" in clip.modalities
    ]
    pieces += [(trained.workspace.media / f"{c.clip_id}.mp4").read_bytes()[2000:2300] for c in gone]
    small = ClipCache.open(trained.workspace.cache).derived(side=32, count=2)
    pieces += [small.frames(clip.clip_id)[0].tobytes()[600:1200] for clip in gone]
    del shard, small
    rows = load_embeddings(RunDir(trained.workspace.runs / trained.run).stage("refine"))
    where = [rows.clip_ids.index(clip.clip_id) for clip in gone]
    pieces += [rows.vectors["audio"][row].tobytes() for row in where if rows.present["audio"][row]]
    assert len(holders(trained.root, pieces)) >= 2

    looked = sounding("withdraw", video, *place, "--dry-run", "--json").json
    assert looked["clips"] == len(gone) == looked["media_files"] / 2
    assert {run["run"] for run in looked["runs"]} == {trained.run, trained.bank}
    assert holders(trained.root, pieces)

    done = sounding("withdraw", video, *place, "--reason", "the wearer asked", "--json").json
    assert done["media_files"] == 2 * len(gone)
    assert "not deleted" in done["original"]
    assert "stay" in done["weights"]
    assert holders(trained.root, pieces) == []
    # The ids stay in the database alone: as the trace of what was labelled.
    ids = [clip.clip_id.encode() for clip in gone]
    assert all(name.startswith("sounding.db") for name in holders(trained.root, ids))
    others = "\n".join(clip.narration for clip in before if clip.video_uid != video)
    texts = [clip.narration.encode() for clip in gone if clip.narration not in others]
    assert texts
    assert holders(trained.root, texts) == []

    explored = sounding("explore", *place, "--run", trained.run, "--clusters", "4", "--json").json
    assert explored["n"] == len(before) - len(gone)
    again = sounding("withdraw", video, *place, "--json").json
    assert again["again"]
    assert not any(again[name] for name in ("media_files", "cached_clips", "small_frames", "runs"))

    told = ingest(sounding, trained.root, trained.world)
    assert told.code == 1
    assert told.json["new"] == 0
    assert {row["reason"] for row in told.json["dropped"]} == {done["withdrawn"]}
    assert {row["narration"] for row in told.json["dropped"]} == {""}

    train(sounding, trained.root)
    for run in (trained.run, trained.bank):
        assert sounding("embed", *place, "--run", run, "--json").code == 0
    truth = ("--truth", trained.world / "truth.csv", "--json")
    scored = sounding("evaluate", *place, "--run", trained.run, *truth)
    assert scored.code == 0, scored.err
    assert scored.json["n"] <= len(before) - len(gone)


def test_a_memory_bank_loses_its_rows_and_a_stopped_run_is_resumed(
    trained: Trained, sounding: Sounding
) -> None:
    run_dir = RunDir(trained.workspace.runs / trained.bank)
    (stage,) = run_dir.stages()[-1:]
    weights = run_dir.checkpoint(stage) / "model.safetensors"
    names = (run_dir.path / "train_clips.txt").read_text().split()
    video = next(c.video_uid for c in trained.clips() if c.split == "train")
    of_video = {clip.clip_id for clip in trained.clips() if clip.video_uid == video}
    bank, stamp = load_file(weights)["bank_audio"], weights.stat().st_mtime_ns
    assert sounding("withdraw", video, "-w", trained.root).code == 0
    left = load_file(weights)["bank_audio"]
    keep = [place for place, name in enumerate(names) if name not in of_video]
    assert np.array_equal(left.numpy(), bank[keep].numpy())
    assert weights.stat().st_mtime_ns == stamp
    assert json.loads((run_dir.path / "withdrawn.json").read_text()) == {
        video: len(names) - len(keep)
    }
    config = run_dir.config()
    run_dir.config_path.write_text(json.dumps(config | {"max_steps": 6}))
    status = run_dir.status()
    run_dir.write_status(RunStatus(trained.bank, "stopped", status.stage, 4, 6, 0, 0.0, 0.0))
    resumed = sounding("train", "-w", trained.root, "--resume", trained.bank, "--json")
    assert resumed.code == 0, resumed.err


@pytest.mark.parametrize("stop", range(1, 7))
def test_a_crash_in_the_middle_is_finished_by_the_next_one(
    trained: Trained, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it dies, the second call leaves what one whole call leaves."""
    video = trained.clips()[0].video_uid
    gone = [clip.clip_id.encode() for clip in trained.clips() if clip.video_uid == video]
    steps = 0

    def dies(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == stop:
            raise KeyboardInterrupt

    with closing(open_database(trained.workspace)) as database:
        try:
            withdraw(trained.workspace, Settings(), database, video, progress=dies)
        except KeyboardInterrupt:
            assert video not in {clip.video_uid for clip in trained.clips()} or stop <= 2
        withdraw(trained.workspace, Settings(), database, video)
    assert all(name.startswith("sounding.db") for name in holders(trained.root, gone))
    ClipCache.open(trained.workspace.cache)


@dataclass(frozen=True)
class Studio:
    context: AppContext
    client: TestClient
    clips: list[Clip]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    workspace = make_workspace(tmp_path / "labelled", 48, media=16)
    lay_out(workspace, "joint")
    database = open_database(workspace)
    context, app = AppContext(workspace, database), FastAPI()
    for module in (media, withdrawal):
        app.include_router(module.router(context))
    yield Studio(context, TestClient(app), read_manifest(workspace.cache / MANIFEST_NAME))
    context.jobs.shut_down()
    database.close()


def finished(studio: Studio, job: str) -> None:
    import time

    deadline = time.monotonic() + 60
    while studio.context.jobs.get(job).active and time.monotonic() < deadline:
        time.sleep(0.1)
    assert studio.context.jobs.get(job).state == "finished", studio.context.jobs.get(job)


def test_the_page_previews_and_withdraws_and_media_answer_410(studio: Studio) -> None:
    clip = studio.clips[0]
    assert studio.client.get(f"/media/{clip.clip_id}").status_code == 200
    looked = studio.client.get("/api/withdrawal", params={"video": clip.video_uid}).json()
    assert (looked["clips"], looked["media_files"], looked["blocked"]) == (8, 16, None)
    assert looked["answers"] > 0
    assert [run["run"] for run in looked["runs"]] == [RUN]
    job = studio.client.post("/api/withdrawal", json={"video": clip.video_uid}).json()
    for path in (f"/media/{clip.clip_id}", f"/poster/{clip.clip_id}"):
        answer = studio.client.get(path)
        assert answer.status_code == 410
        assert "withdrawn on" in answer.json()["detail"]
    finished(studio, job["id"])
    card = studio.client.get(f"/api/clips/{clip.clip_id}").json()
    assert card["flags"] == ["withdrawn"]
    assert card["narration"] == "(withdrawn)"
    assert not list(studio.context.workspace.media.glob(f"{clip.clip_id}.*"))
    run_dir = RunDir(studio.context.workspace.runs / RUN)
    left = load_embeddings(run_dir.stage("refine"))
    assert len(left.clip_ids) == 40


def test_the_map_opens_without_its_points(studio: Studio) -> None:
    from app.services.atlas import Atlases

    atlases = Atlases(studio.context.workspace)
    before = atlases.get(RUN, "refine", "joint")
    assert before is not None
    video = studio.clips[0].video_uid
    withdraw(studio.context.workspace, Settings(), studio.context.database, video)
    after = atlases.get(RUN, "refine", "joint")
    assert after is not None
    names = [clip.clip_id for clip in after.space.clips]
    assert names == [c.clip_id for c in before.space.clips if c.video_uid != video]
    old = {c.clip_id: tuple(p) for c, p in zip(before.space.clips, before.points, strict=True)}
    assert all(old[n] == tuple(p) for n, p in zip(names, after.points, strict=True))
    assert sum(len(group.rows) for group in after.cut(5).groups) == 40


def test_nobody_is_asked_again_and_answers_stay(studio: Studio) -> None:
    database, video = studio.context.database, studio.clips[0].video_uid
    ids = {clip.clip_id for clip in studio.clips if clip.video_uid == video}
    with database.write() as session:
        dora = ensure_person(session, "Dora").id
        held = {one.clip.clip_id for one in claim(session, dora, 200)}
    assert held & ids
    with database.read() as session:
        said = {i: (v.yes, v.no) for i, v in verdicts(session, sorted(ids)).items()}
    withdraw(studio.context.workspace, Settings(), database, video)
    with database.write() as session:
        for name in ("Dora", "Emil"):
            person = ensure_person(session, name).id
            assert not {one.clip.clip_id for one in claim(session, person, 200)} & ids
    with database.read() as session:
        assert {i: (v.yes, v.no) for i, v in verdicts(session, sorted(ids)).items()} == said
    with closing(sqlite3.connect(studio.context.workspace.database)) as raw:
        (told,) = raw.execute("SELECT detail FROM audit WHERE action = 'withdraw'").fetchall()
    assert json.loads(told[0])["clips"] == 8


@pytest.mark.parametrize("state", ["starting", "running"])
def test_while_a_run_trains_on_it_it_is_refused(studio: Studio, state: Any) -> None:
    run_dir = RunDir(studio.context.workspace.runs / RUN)
    import subprocess
    import sys

    with subprocess.Popen([sys.executable, "-c", "input()", "train"], stdin=subprocess.PIPE) as one:
        run_dir.write_status(RunStatus(RUN, state, "align", 1, 6, one.pid, 0.0, 0.0))
        answer = studio.client.post("/api/withdrawal", json={"video": "video-0"})
        assert answer.status_code == 409
        assert "Stop that run first" in answer.json()["detail"]
        assert studio.client.get(f"/media/{studio.clips[0].clip_id}").status_code == 200
        test_clips = [c for c in studio.clips if c.split == "test"]
        if state == "running" and test_clips:
            video = test_clips[0].video_uid
            done = studio.client.get("/api/withdrawal", params={"video": video}).json()
            assert done["blocked"] is None or "training" in done["blocked"]
        one.communicate(b"\n")


@pytest.mark.parametrize(
    ("said", "near"),
    [("vidoe-0", "video-0"), ("VIDEO-1", "video-1"), ("video-1.mp4", "video-1"), ("zzz", None)],
)
def test_an_unknown_video_is_told_with_what_is_near(
    studio: Studio, said: str, near: str | None
) -> None:
    answer = studio.client.get("/api/withdrawal", params={"video": said})
    assert answer.status_code == 404
    assert (f"'{near}'" if near else "page Data") in answer.json()["detail"]
    assert studio.client.post("/api/withdrawal", json={"video": said}).status_code == 404


@pytest.mark.parametrize(
    "said", ["../../etc", "", "--help", "a\0b", "\x1b[2J", "é" * 3000, "%2e%2e/", "' OR 1=1 --"]
)
def test_hostile_names_are_no_videos_and_delete_nothing(studio: Studio, said: str) -> None:
    before = sorted(studio.context.workspace.root.rglob("*"))
    answer = studio.client.post("/api/withdrawal", json={"video": said})
    assert answer.status_code == 404
    assert "\x1b" not in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 600
    assert len(shown(said)) <= 100
    assert [p for p in before if not p.exists()] == []


def test_a_video_with_a_hostile_name_can_be_withdrawn(tmp_path: Path, studio: Studio) -> None:
    """Its name is never a path nor an option."""
    from db.clips import add_clips
    from db.records import ClipRecord

    name = "--out=../../x\n\x1b[2J'"
    clip = ClipRecord(
        "f" * 16, name, "a", "test", "#C C hums", 1.0, 0.5, 2.0, "test", "hum", None, ()
    )
    with studio.context.database.write() as session:
        add_clips(session, [clip])
    job = studio.client.post("/api/withdrawal", json={"video": name}).json()
    finished(studio, job["id"])
    assert studio.client.get(f"/media/{clip.clip_id}").status_code == 410


def test_files_that_nobody_knows_any_more_go_too(studio: Studio) -> None:
    workspace = studio.context.workspace
    orphan, foreign = workspace.media / f"{'0' * 16}.mp4", workspace.media / "notes.txt"
    orphan.write_bytes(b"cut by a killed ingest")
    foreign.write_text("mine")
    done = withdraw(workspace, Settings(), studio.context.database, "video-2")
    assert done.orphans == 1
    assert not orphan.exists()
    assert foreign.exists()


def test_forgetting_in_an_empty_workspace_finds_nothing(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w", create=True)
    found = forget_files(workspace, "nothing", ["0" * 16])
    assert (found.media_files, found.cached_clips, found.runs) == (0, 0, ())


def test_an_ingest_that_runs_is_waited_for(studio: Studio) -> None:
    from app.services.ingest import only_ingest

    with only_ingest(studio.context.workspace), pytest.raises(RunError, match="Another ingest"):
        withdraw(studio.context.workspace, Settings(), studio.context.database, "video-0")
    assert studio.client.get(f"/media/{studio.clips[0].clip_id}").status_code == 200
