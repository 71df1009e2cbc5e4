"""Ingest of nine real videos with 48 narrations; skipped where they are not at hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from mc3core.data.cache import ClipCache
from mc3core.data.ego4d import read_ego4d
from mc3core.data.ingest import IngestOptions, IngestReport, ingest, source_of


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[IngestReport, Path]:
    clips, place = shared_data / "real_clips", tmp_path_factory.mktemp("real")
    rows = read_ego4d(clips / "narration.json")
    options = IngestOptions(source=source_of(clips / "narration.json"))
    return ingest(rows, clips, place / "cache", place / "media", options), place


def test_all_48_narrations_are_accounted_for(real: tuple[IngestReport, Path]) -> None:
    answer = real[0].to_json()
    assert answer["narrations"] == 48
    assert (answer["clips"], answer["new"], answer["dropped"]) == (48, 48, [])
    flagged = {(row["video_uid"], row["flag"]) for row in answer["flagged"]}
    assert flagged == {
        ("stirring-pan", "silent_audio"),
        ("chopping-cabbage", "clamped"),
        ("playing-congas", "other_person"),
    }


def test_a_silent_track_is_out_of_training_and_still_there_for_people(
    real: tuple[IngestReport, Path],
) -> None:
    report, place = real
    pans = [clip for clip in report.clips if clip.video_uid == "stirring-pan"]
    assert len(pans) == 2
    assert all(clip.modalities == ("video", "text") for clip in pans)
    with av.open(str(place / "media" / f"{pans[0].clip_id}.mp4")) as container:
        wave = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    assert np.abs(wave).max() < 1e-4


def test_every_clip_plays_for_as_long_as_its_window(
    real: tuple[IngestReport, Path], shared_data: Path, plainly: Callable[[Path], Any]
) -> None:
    report, place = real
    originals = {p.stem: plainly(p) for p in (shared_data / "real_clips").glob("*.m*")}
    for clip in report.clips:
        path = place / "media" / f"{clip.clip_id}.mp4"
        shown = plainly(path).frames
        assert len(shown) == len(originals[clip.video_uid].within(clip.start_s, clip.end_s))
        with av.open(str(path)) as container:
            assert container.start_time == 0
            seconds = (container.duration or 0) / av.time_base
            assert seconds == pytest.approx(clip.end_s - clip.start_s, abs=0.07)
            assert container.streams.video[0].height <= 480


def test_training_frames_match_a_plain_decode(
    real: tuple[IngestReport, Path], shared_data: Path, plainly: Callable[[Path], Any]
) -> None:
    report, place = real
    cache = ClipCache.open(place / "cache")
    for name in ("freight-train.mp4", "flipping-pancake.mkv"):
        reference = plainly(shared_data / "real_clips" / name)
        for clip in (c for c in report.clips if c.video_uid == Path(name).stem):
            frames = cache.frames(clip, 4)
            height, width = frames.shape[1:3]
            assert min(height, width) == 224
            for i, at in enumerate((2, 6, 10, 14)):
                time_s = clip.start_s + (at + 0.5) * (clip.end_s - clip.start_s) / 16
                exact = reference.shown_at(time_s).to_ndarray(
                    format="rgb24", width=width, height=height, interpolation="BILINEAR"
                )
                assert np.abs(frames[i].astype(int) - exact).mean() < 4  # JPEG, quality 90
