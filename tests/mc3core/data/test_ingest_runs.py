"""Ingest again, in parallel, interrupted: what was finished stays, only what is new is done."""

import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip
from mc3core.data.ingest import Dropped, IngestOptions, IngestReport, ingest
from mc3core.data.ledger import read_videos
from mc3core.data.narration import Narration
from mc3core.errors import InputError, RunError

OPTIONS = IngestOptions(short_side=60, source="test", workers=1)


def said(video: str, time_s: float | None, text: str = "#C C chops", uid: str = "") -> Narration:
    return Narration(video, uid or f"{video}@{time_s}", "narration_pass_1", time_s, text)


def test_running_again_adds_only_what_is_new(
    video: Callable[..., Path], run: Callable[..., IngestReport], tmp_path: Path
) -> None:
    one, two = video("one.mp4", seconds=4), video("two.mp4", seconds=4)
    rows = [said("one", 1.0), said("one", 9.0), said("two", 1.0)]
    first = run(rows, one)
    assert (first.new, first.narrations, len(first.clips)) == (1, 3, 1)
    made = (tmp_path / "media" / f"{first.clips[0].clip_id}.mp4").stat().st_mtime_ns
    again = run(rows, one)
    assert (again.new, again.to_json()["dropped"]) == (0, first.to_json()["dropped"])
    later = run([*reversed(rows), said("one", 2.0)], one, two)
    assert (later.new, later.narrations, len(later.clips)) == (2, 4, 3)
    assert [d.reason for d in later.dropped] == ["after the end"]
    assert (tmp_path / "media" / f"{first.clips[0].clip_id}.mp4").stat().st_mtime_ns == made
    assert [c.video_uid for c in later.clips] == ["one", "one", "two"]
    nothing_asked = run([], one)
    assert (nothing_asked.new, nothing_asked.narrations) == (0, 4)


def test_a_repaired_video_is_tried_again(
    video: Callable[..., Path], run: Callable[..., IngestReport], tmp_path: Path
) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(b"nothing yet")
    assert run([said("v", 1.0)], path).dropped[0].reason.startswith("unreadable video")
    path.write_bytes(video("v.mp4", seconds=3).read_bytes())
    report = run([said("v", 1.0)], path)
    assert (report.new, report.dropped) == (1, ())


def test_workers_change_nothing_but_the_time(video: Callable[..., Path], tmp_path: Path) -> None:
    files = [video(f"w{i}.mp4", seconds=3, fps=15, gop=10 + i) for i in range(3)]
    rows = [said(f"w{i}", t) for t in (1.0, 1.4) for i in range(3)]
    for workers in (1, 2):
        place = tmp_path / str(workers)
        options = replace(OPTIONS, workers=workers)
        ingest(rows, files, place / "cache", place / "media", options)
    one, two = (sorted(p for p in (tmp_path / n).rglob("*") if p.is_file()) for n in "12")
    assert [p.name for p in one] == [p.name for p in two]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(one, two, strict=True))


def test_each_video_is_told_as_it_finishes(
    video: Callable[..., Path], run: Callable[..., IngestReport], tmp_path: Path
) -> None:
    told: list[tuple[list[Clip], list[Dropped]]] = []
    seen: list[int] = []

    def on_video(clips: list[Clip], dropped: list[Dropped]) -> None:
        told.append((clips, dropped))
        seen.append(len(ClipCache.open(tmp_path / "cache").clips))

    files = [video("x.mp4", seconds=3), video("y.mp4", seconds=3, sound=None)]
    run([said("x", 1.0), said("y", 1.0), said("y", 7.0), said("z", 1.0)], *files, on_video=on_video)
    assert [(len(c), [d.reason for d in ds]) for c, ds in told] == [
        (0, ["no video file"]),
        (1, []),
        (1, ["after the end"]),
    ]
    assert seen == [0, 1, 2]
    assert {v.video_uid: (v.duration_s, v.fps, v.width, v.has_audio)
            for v in read_videos(tmp_path / "cache")} == {
        "x": (3.0, 30.0, 160, True), "y": (3.0, 30.0, 160, False)}  # fmt: skip


def test_a_worker_that_dies_costs_nobody_elses_clips(
    video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    files = [video(f"k{i}.mp4", seconds=3, fps=15, gop=10 + i) for i in range(4)]
    killed: list[int] = []

    def kill_once(clips: list[Clip], dropped: list[Dropped]) -> None:
        for child in [] if killed else multiprocessing.active_children():
            child.kill()
            killed.append(child.pid or 0)

    report = run([said(f"k{i}", 1.0) for i in range(4)], *files, workers=2, on_video=kill_once)
    assert killed
    assert (len(report.clips), report.dropped) == (4, ())


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_run_with_a_message_and_the_next_goes_on(
    workers: int, video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    files = [video("x.mp4", seconds=3), video("y.mp4", seconds=3, sound=None)]
    rows = [said("x", 1.0), said("y", 1.0)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(RunError, match="Make room"):
            run(rows, *files, workers=workers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(run(rows, *files).clips) == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        ingest([], [], tmp_path / "file" / "cache", tmp_path / "media", OPTIONS)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_what_was_finished(
    workers: int, video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    files = [video("x.mp4", seconds=3), video("y.mp4", seconds=3, sound=None)]
    rows = [said("x", 1.0), said("y", 1.0)]

    def interrupt(clips: list[Clip], dropped: list[Dropped]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(rows, *files, workers=workers, on_video=interrupt)
    assert not multiprocessing.active_children()
    report = run(rows, *files)
    assert (report.new, len(report.clips)) == (1, 2)
