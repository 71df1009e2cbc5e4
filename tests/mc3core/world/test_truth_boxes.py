"""truth.csv says where the thing acted on is, at a few times, and only when it is in view."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from mc3core.evaluation.truth import read_truth
from mc3core.progress import Progress
from mc3core.world.picture import boxes, picture
from mc3core.world.plan import World
from mc3core.world.timeline import timeline
from mc3core.world.training_cache import write_cache
from mc3core.world.truth import BOX_TIMES_S, truth_rows, write_truth


@pytest.fixture(scope="module")
def world() -> World:
    return timeline(4, 120)


def test_boxes_are_given_for_every_action_in_view_and_no_other(world: World) -> None:
    rows = truth_rows(world)
    assert {bool(row["boxes"]) for row in rows} == {True, False}
    for row in rows:
        assert bool(row["boxes"]) == bool(row["visible"])
        for t_s, x0, y0, x1, y1 in json.loads(row["boxes"] or "[]"):
            assert t_s in BOX_TIMES_S
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
            assert (x1 - x0) * (y1 - y0) < 0.9


def test_the_action_is_always_found_when_it_is_in_view(world: World) -> None:
    for row in truth_rows(world):
        if row["visible"]:
            assert [entry[0] for entry in json.loads(row["boxes"])] == list(BOX_TIMES_S)


def test_a_box_is_that_of_the_picture_at_its_time(world: World) -> None:
    video = world.videos[0]
    for row, segment in zip(truth_rows(world), video.segments, strict=False):
        for t_s, *box in json.loads(row["boxes"] or "[]"):
            marks = {mark.what: mark.box for mark in boxes(video, segment.window_s[0] + t_s)}
            assert box == pytest.approx(marks["action"], abs=6e-4)


def test_the_picture_moves_more_inside_the_box_than_outside(world: World) -> None:
    inside, outside = [], []
    for video in world.videos[:4]:
        for segment in video.segments:
            if segment.shown is None or segment.machine is not None or segment.region != "I":
                continue
            t_s = segment.window_s[0] + BOX_TIMES_S[1]
            frames = [picture(video, t_s + step, 64).astype(float) for step in (0.0, 0.12)]
            change = np.abs(frames[1] - frames[0]).mean(axis=2)
            (box,) = [m.box for m in boxes(video, t_s) if m.what == "action"]
            x0, y0, x1, y1 = (round(v * 64) for v in box)
            within = np.zeros((64, 64), dtype=bool)
            within[y0:y1, x0:x1] = True
            inside.append(change[within].mean())
            outside.append(change[~within].mean())
    assert len(inside) > 10
    assert np.mean(inside) > 1.5 * np.mean(outside)


def test_what_reads_truth_reads_it_with_boxes(world: World, tmp_path: Path) -> None:
    clips = write_cache(tmp_path / "cache", 30, 5, workers=1)
    planned = timeline(5, 30)
    steps: list[Progress] = []
    write_truth(tmp_path / "truth.csv", planned, steps.append)
    assert [(s.task, s.done, s.total) for s in steps] == [("truth", 1, 2), ("truth", 2, 2)]
    found = read_truth(tmp_path / "truth.csv", clips)
    due = {s.annotation_uid: bool(s.label) for s in planned.segments}
    assert found.labels == {clip.clip_id: due[clip.annotation_uid] for clip in clips}
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        assert all(len(row["boxes"]) < 120 for row in csv.DictReader(file))
