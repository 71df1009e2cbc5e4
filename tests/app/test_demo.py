"""The demo: its plan, its simulated annotators, and going on after a kill."""

import json
from collections import Counter
from pathlib import Path

import pytest

from app.services import demo
from app.services.demo_checks import EXAM, GOLD, add_known, known_clips
from app.services.demo_plan import CLIPS, plan, split_of, visitors_clips
from app.services.demo_reasons import kind_of_reason
from app.services.simulated import (
    ANNOTATORS,
    HARD_FACTOR,
    LAW,
    UNSURE,
    Annotator,
    Truth,
    judge,
    truths,
)
from app.workspace import open_workspace
from db.clips import add_clips
from db.engine import Database
from db.examples import examples
from db.gold import list_gold, retire_gold
from mc3core.data.clips import Clip, Split
from mc3core.errors import InputError
from tests.app.conftest import Sounding
from tests.db.conftest import a_clip


def test_half_of_the_clips_train_and_forty_are_left_for_the_visitor() -> None:
    sizes: Counter[str] = Counter()
    for video in plan().videos:
        sizes[split_of(video.uid)] += len(video.segments)
    assert sizes.total() == CLIPS
    assert abs(sizes["train"] - CLIPS / 2) <= CLIPS * 0.02
    assert sizes["val"] >= 40
    assert sizes["test"] >= 100
    assert 40 <= len(visitors_clips()) <= 60
    assert len(visitors_clips()) < (sizes["val"] + sizes["test"]) / 2


def test_the_first_video_is_the_visitors_so_that_work_is_there_at_once() -> None:
    first = plan().videos[0]
    assert split_of(first.uid) != "train"
    assert {segment.annotation_uid for segment in first.segments} <= visitors_clips()


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("annotator", ANNOTATORS)
def test_simulated_annotators_keep_the_stated_law(annotator: Annotator, hard: bool) -> None:
    said = Counter(judge(annotator, f"clip-{n}", Truth(True, hard)) for n in range(8000))
    error = (1 - annotator.accuracy) * (HARD_FACTOR if hard else 1)
    assert abs(said["unsure"] / 8000 - UNSURE) < 0.006
    assert abs(said["yes"] / 8000 - (1 - UNSURE) * (1 - error)) < 0.015
    assert f"{annotator.accuracy:.0%}" in LAW
    assert annotator.name.startswith("Simulated")


def test_errors_of_two_annotators_are_independent() -> None:
    a, b = ANNOTATORS[:2]
    wrong = [
        (judge(a, f"c{n}", Truth(True, True)) == "no", judge(b, f"c{n}", Truth(True, True)) == "no")
        for n in range(8000)
    ]
    both = sum(x and y for x, y in wrong) / 8000
    apart = sum(x for x, _ in wrong) / 8000 * sum(y for _, y in wrong) / 8000
    assert abs(both - apart) < 0.01


def test_truth_of_every_narration_is_known_and_some_are_hard() -> None:
    known = truths(plan())
    assert len(known) == CLIPS
    assert 0.15 < sum(truth.hard for truth in known.values()) / CLIPS < 0.6
    assert 0.3 < sum(truth.sounds for truth in known.values()) / CLIPS < 0.7


def test_clips_that_train_are_in_no_batch() -> None:
    def clip(split: Split, uid: str) -> Clip:
        return Clip("0" * 16, "v", uid, "world", "", 1, 0.5, 2, split, None, None, ())

    some = next(iter(visitors_clips()))
    assert demo.batch_of(clip("train", "x")) is None
    assert demo.batch_of(clip("test", some)) == demo.YOURS
    assert demo.batch_of(clip("val", "x")) == demo.SIMULATED


def test_a_workspace_with_other_clips_is_no_demo(ingested: Path, sounding: Sounding) -> None:
    with pytest.raises(InputError, match="sounding serve"):
        demo.claim(open_workspace(ingested))
    done = sounding("demo", "-w", ingested, "--port", "0", "--no-browser")
    assert done.code == 2
    assert "holds other clips" in done.err
    assert not (ingested / "demo.json").exists()


def test_a_new_demo_says_what_it_is_until_complete(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "demo", create=True)
    assert demo.about(workspace) is None
    demo.claim(workspace)
    demo.claim(workspace)
    assert not demo.is_complete(workspace)
    text = demo.about(workspace)
    assert text is not None
    assert "simulated" in text.lower()
    assert str(len(visitors_clips())) in text
    assert json.loads((workspace.root / "demo.json").read_text())["complete"] is False


def test_known_clips_train_and_show_every_kind_of_reason() -> None:
    known = known_clips()
    assert not set(known) & visitors_clips()
    training = {
        segment.annotation_uid: segment
        for video in plan().videos
        if split_of(video.uid) == "train"
        for segment in video.segments
    }
    assert set(known) <= set(training)
    uses = Counter((one.used_for, one.label) for one in known.values())
    assert uses["exam", "yes"] == uses["exam", "no"] >= 20
    assert uses["gold", "yes"] == uses["gold", "no"] >= 20
    shown = {
        kind_of_reason(training[uid]) for uid, one in known.items() if one.used_for == "worked"
    }
    assert shown == {"I", "II", "III", "III_other", "IV", "mistimed", "drowned"}
    for uid, one in known.items():
        assert (one.label == "yes") == bool(training[uid].label)
        assert one.reason.endswith(".") and "None" not in one.reason


def test_known_clips_are_put_to_use_once(tmp_path: Path) -> None:
    uids = list(known_clips())
    pairs = [(f"{n:016x}", uid) for n, uid in enumerate(uids)]
    database = Database.open(tmp_path / "sounding.db")
    with database.write() as session:
        add_clips(session, [a_clip(n) for n in range(len(uids))])
        add_known(session, pairs[:50])
        add_known(session, pairs)
        gone = list_gold(session)[0].id
        retire_gold(session, gone)
        add_known(session, pairs)
        sizes = Counter(one.used_for for one in examples(session))
        assert len(list_gold(session)) == GOLD - 1 and sizes["exam"] == EXAM
        assert sizes["worked"] == len(uids) - GOLD - EXAM
    database.close()
