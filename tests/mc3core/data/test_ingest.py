"""Ingest: every narration ends as a clip or as a row with its reason."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import simplejpeg

from mc3core.data.cache import ClipCache
from mc3core.data.ingest import IngestReport, source_of
from mc3core.data.narration import Narration
from mc3core.data.shards import Shard, shard_path
from mc3core.errors import InputError


def said(video: str, time_s: float | None, text: str = "#C C chops", uid: str = "") -> Narration:
    return Narration(video, uid or f"{video}@{time_s}", "narration_pass_1", time_s, text)


@pytest.mark.parametrize(("name", "fps"), [("a.mp4", 30), ("a.mkv", 24), ("a.mp4", 15)])
def test_training_frames_are_those_on_display_at_the_centres_of_16_equal_parts(
    name: str,
    fps: int,
    video: Callable[..., Path],
    plainly: Callable[[Path], Any],
    run: Callable[..., IngestReport],
    tmp_path: Path,
) -> None:
    path = video(name, seconds=4, fps=fps)
    report = run([said("a", 0.2), said("a", 1.9)], path)
    reference = plainly(path)
    for clip in report.clips:
        shard = Shard(shard_path(tmp_path / "cache", "a"))
        for i in range(16):
            at_s = clip.start_s + (i + 0.5) * (clip.end_s - clip.start_s) / 16
            exact = reference.shown_at(at_s).to_ndarray(
                format="rgb24", width=80, height=60, interpolation="BILINEAR"
            )
            # The same picture through the same JPEG encoder has the same bytes, if bit-exact.
            expected = simplejpeg.encode_jpeg(
                np.ascontiguousarray(exact), 90, colorsubsampling="420"
            )
            assert shard.jpeg(clip.clip_id, i) == expected
        frames = ClipCache.open(tmp_path / "cache").frames(clip, 16)
        assert frames.shape == (16, 60, 80, 3)


def test_each_narration_is_accounted_for(
    video: Callable[..., Path], run: Callable[..., IngestReport], tmp_path: Path
) -> None:
    good = video("good.mp4", seconds=4)
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    text = tmp_path / "text.mp4"
    text.write_text("this is no video")
    rows = [
        said("good", 2.0),
        said("good", 0.2),
        said("good", 3.9),
        said("good", -1.0),
        said("good", 4.5),
        said("good", 3.0, ""),
        said("good", 3.0, "#C C"),
        said("good", None),
        replace(said("good", 1.0), problem="bad row 7: broken"),
        said("../../etc/passwd", 1.0),
        said("missing", 1.0),
        said("empty", 1.0),
        said("text", 1.0),
        said("good", 1.0, "<script>alert(1)</script>"),
        said("good", 1.5, "#C C " + "chops " * 2000),
        said("good", 2.5, "#O man X پز 🔪"),
    ]
    rows[7] = replace(rows[7], problem="no timestamp")
    report = run(rows, good, empty, text)
    answer = report.to_json()
    assert answer["narrations"] == len(rows) == answer["clips"] + len(answer["dropped"])
    reasons = {(r["video_uid"], r["time_s"], r["narration"][:9]): r["reason"]
               for r in answer["dropped"]}  # fmt: skip
    assert reasons == {
        ("good", -1.0, "#C C chop"): "before the start",
        ("good", 4.5, "#C C chop"): "after the end",
        ("good", 3.0, ""): "empty narration",
        ("good", 3.0, "#C C"): "empty narration",
        ("good", None, "#C C chop"): "no timestamp",
        ("good", 1.0, "#C C chop"): "bad row 7: broken",
        ("../../etc/passwd", 1.0, "#C C chop"): "no video file",
        ("missing", 1.0, "#C C chop"): "no video file",
        ("empty", 1.0, "#C C chop"): "unreadable video: the file is empty",
        ("text", 1.0, "#C C chop"): ("unreadable video: Invalid data found when processing input"),
    }
    json.dumps(answer)
    assert {c.narration for c in report.clips} >= {"<script>alert(1)</script>", rows[-1].text}
    for clip in report.clips:
        assert (tmp_path / "media" / f"{clip.clip_id}.mp4").stat().st_size > 1000
        assert (tmp_path / "media" / f"{clip.clip_id}.jpg").exists()
        assert ClipCache.open(tmp_path / "cache").frames(clip, 2).shape == (2, 60, 80, 3)


@pytest.mark.parametrize(
    ("time_s", "window", "reason"),
    [
        (0.0, (0.0, 1.0), None),
        (0.25, (0.0, 1.25), None),
        (3.75, (3.25, 4.0), None),
        (4.0, (3.5, 4.0), None),
        (4.01, None, "after the end"),
        (-0.01, None, "before the start"),
    ],
)
def test_windows_are_clamped_to_the_file(
    time_s: float,
    window: tuple[float, float] | None,
    reason: str | None,
    video: Callable[..., Path],
    run: Callable[..., IngestReport],
) -> None:
    report = run([said("a", time_s)], video("a.mp4", seconds=4))
    assert [(c.start_s, c.end_s) for c in report.clips] == ([window] if window else [])
    assert [d.reason for d in report.dropped] == ([reason] if reason else [])
    assert all("clamped" in clip.flags for clip in report.clips)


def test_under_half_a_second_is_too_little(
    video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    report = run([said("a", 3.9)], video("a.mp4", seconds=4), before_s=0.2)
    assert [d.reason for d in report.dropped] == ["under 0.5 s left"]
    with pytest.raises(InputError, match="--before-s"):
        run([said("a", 1.0)], before_s=0.1, after_s=0.1)


def test_modalities_and_flags_say_what_is_there(
    video: Callable[..., Path], run: Callable[..., IngestReport], tmp_path: Path
) -> None:
    files = {
        "mute": video("mute.mp4", seconds=3, sound=None),
        "silent": video("silent.mp4", seconds=3, sound="silence"),
        "blind": video("blind.m4a", seconds=3, pictures=False),
        "whole": video("whole.mp4", seconds=3),
    }
    report = run([said(name, 1.0) for name in files], *files.values())
    found = {clip.video_uid: (clip.modalities, clip.flags) for clip in report.clips}
    assert found == {
        "mute": (("video", "text"), ("no_audio",)),
        "silent": (("video", "text"), ("silent_audio",)),
        "blind": (("audio", "text"), ("no_video",)),
        "whole": (("audio", "video", "text"), ()),
    }
    assert {r["flag"] for r in report.to_json()["flagged"]} == {
        "no_audio", "silent_audio", "no_video",
    }  # fmt: skip
    cache = ClipCache.open(tmp_path / "cache")
    sizes = {clip.video_uid: cache.audio(clip).size for clip in cache.clips}
    assert sizes == {"mute": 0, "silent": 0, "blind": 24_000, "whole": 24_000}
    silent = next(clip for clip in cache.clips if clip.video_uid == "silent")
    with av.open(str(tmp_path / "media" / f"{silent.clip_id}.mp4")) as container:
        assert len(container.streams.audio) == 1  # people hear that it is silent


def test_duplicates_are_kept_apart_and_flagged(
    video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    rows = [
        said("a", 1.0, uid="same"),
        said("a", 1.0, uid="same"),
        said("a", 2.0, "#cc stirs #unsure", uid="same"),
        Narration("a", "same", "narration_pass_2", 1.0, "#C C chops"),
        said("a", 2.0, "#O man X stirs", uid="other"),
    ]
    report = run(rows, video("a.mp4", seconds=4))
    assert len({clip.clip_id for clip in report.clips}) == 5
    assert sum("duplicate_id" in clip.flags for clip in report.clips) == 4
    flags = {clip.narration: clip.flags for clip in report.clips}
    assert flags["#cc stirs #unsure"] == ("unsure", "odd_tag", "duplicate_id")
    assert flags["#O man X stirs"] == ("other_person",)
    assert run(rows, video("a.mp4", seconds=4)).new == 0


def test_splits_never_part_a_video(
    video: Callable[..., Path], run: Callable[..., IngestReport]
) -> None:
    path = video("a.mp4", seconds=4)
    clips = run([said("a", t / 10) for t in range(5, 30, 6)], path).clips
    assert len({clip.split for clip in clips}) == 1


def test_the_source_is_named_after_the_world_or_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "kitchen"
    folder.mkdir()
    assert source_of(folder / "narration.json") == "kitchen"
    (folder / "world.json").write_text("{}")
    assert source_of(folder / "narration.json") == "world"
