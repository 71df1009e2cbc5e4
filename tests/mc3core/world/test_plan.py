"""The plan of a world: the same everywhere by seed, honest windows, the label law by quota."""

import csv
import hashlib
import io
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from mc3core.errors import InputError
from mc3core.world.cast import NEGATIVES
from mc3core.world.law import DEFAULT, Law
from mc3core.world.narrations import VAGUE, VERB_PHRASES
from mc3core.world.plan import TURN_S, World
from mc3core.world.quota import largest_remainder, spread
from mc3core.world.timeline import timeline
from mc3core.world.truth import TRUTH_COLUMNS, truth_rows, write_records
from mc3core.world.variants import VARIANTS
from mc3core.world.vocabulary import GROUPS, MATERIALS, VERBS, p_sounding

# Digest of narration.json, world.json and truth.csv without its boxes (those come from drawing) for
# seed 7, 200 clips. It holds on every machine; a change of the recipe changes it, and then
# WORLD_VERSION.
GOLDEN = "c0e1f2d077b78dd1bcd21bf767c95ffc"


def records(folder: Path, seed: int, clips: int) -> bytes:
    write_records(folder, timeline(seed, clips), 320, 15)
    return b"".join(
        (folder / n).read_bytes() for n in ("narration.json", "truth.csv", "world.json")
    )


@pytest.fixture(scope="module")
def world() -> World:
    return timeline(3, 2000)


def test_records_are_byte_equal_by_seed_and_differ_for_another(tmp_path: Path) -> None:
    first = records(tmp_path / "a", 7, 200)
    assert first == records(tmp_path / "b", 7, 200)
    assert first != records(tmp_path / "c", 8, 200)


def test_records_are_those_of_every_other_machine(tmp_path: Path) -> None:
    records(tmp_path, 7, 200)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    planned = TRUTH_COLUMNS[: TRUTH_COLUMNS.index("boxes")]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, planned, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    parts = [(tmp_path / "narration.json").read_bytes(), text.getvalue().encode()]
    parts.append((tmp_path / "world.json").read_bytes())
    assert hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest() == GOLDEN


@pytest.mark.parametrize("clips", [1, 3, 12, 13, 50, 400])
def test_every_clip_is_planned_once(clips: int) -> None:
    plan = timeline(11, clips)
    assert len(plan.segments) == clips
    assert len({s.annotation_uid for s in plan.segments}) == clips
    assert len({v.uid for v in plan.videos}) == len(plan.videos)


def test_videos_last_about_half_a_minute(world: World) -> None:
    assert all(24 < video.duration_s < 36 for video in world.videos)


def test_windows_lie_inside_their_video_and_segment_and_never_overlap(world: World) -> None:
    for video in world.videos:
        for segment in video.segments:
            start_s, end_s = segment.window_s
            assert segment.start_s + TURN_S < start_s < end_s < segment.end_s - TURN_S
        assert all(a.window_s[1] < b.window_s[0] for a, b in pairwise(video.segments))
        assert video.segments[-1].window_s[1] < video.duration_s


def test_the_action_begins_about_when_it_is_narrated_and_outlasts_the_window(world: World) -> None:
    for segment in world.segments:
        if segment.shown is not None:
            assert -0.2 < segment.shown.onset_s - segment.time_s < 0.1
            assert segment.shown.end_s >= segment.window_s[1]


def test_about_half_of_all_clips_are_positive_and_label_means_seen_and_heard() -> None:
    rows = truth_rows(timeline(3, 600))
    assert 0.49 < sum(row["label"] for row in rows) / len(rows) < 0.58
    assert all(row["label"] == (row["visible"] and row["audible"]) for row in rows)
    assert all((row["label"] == 1) == (row["region"] == "I") for row in rows)


@pytest.mark.parametrize("clips", [400, 2000])
def test_each_verb_sounds_as_often_as_its_law_says(clips: int) -> None:
    plan = timeline(5, clips)
    for verb in VERBS:
        mine = [s for s in plan.segments if s.verb == verb]
        due = sum(p_sounding(s.verb, s.noun) for s in mine)
        assert abs(sum(s.label for s in mine) - due) <= 1.5


@pytest.mark.parametrize(("seed", "clips"), [(1, 400), (2, 700), (9, 2000)])
@pytest.mark.parametrize(
    "law", [DEFAULT, *(v.law for v in VARIANTS.values())], ids=lambda v: v.name
)
def test_regions_keep_their_stated_shares(seed: int, clips: int, law: Law) -> None:
    negatives = [s for s in timeline(seed, clips, law).segments if not s.label]
    counts = Counter(s.region for s in negatives)
    due = Counter[str]()
    for s in negatives:
        mix = dict(zip(NEGATIVES, law.negatives, strict=True))
        mix["IV"] *= min(1.0, round(1.6 * VERBS[s.verb].p_sounding, 3))
        due.update({region: share / sum(mix.values()) for region, share in mix.items()})
    assert all(abs(counts[region] - due[region]) <= 1 for region in NEGATIVES)


def test_regions_are_what_they_say(world: World) -> None:
    for s in world.segments:
        narrated_in_view = s.shown is not None and (s.shown.verb, s.shown.noun) == (s.verb, s.noun)
        heard = s.shown_sound is not None and not s.shown_sound.below_rest
        running = s.machine is not None and s.machine.level_db is not None
        assert narrated_in_view == (s.region in ("I", "II", "III", "III_other"))
        if s.region == "I":
            assert heard
        if s.region in ("II", "III", "III_other"):
            assert not heard
        assert not (s.region == "II" and not running)
        assert not (s.region in ("III", "III_other", "IV") and running)
        if s.region == "III_other":
            assert s.unseen is not None and s.unseen.verb != s.verb
        if s.region == "IV":
            assert s.unseen is not None and (s.unseen.verb, s.unseen.noun) == (s.verb, s.noun)


def test_unrelated_events_follow_one_law_for_every_clip(world: World) -> None:
    for label in (0, 1):
        mine = [s for s in world.segments if s.label == label]
        assert abs(sum(s.event is not None for s in mine) / len(mine) - DEFAULT.event) < 0.04


def test_a_share_of_likely_sounds_is_drowned_instead_of_absent(world: World) -> None:
    may = [
        s
        for s in world.segments
        if s.region in ("II", "III", "III_other") and p_sounding(s.verb, s.noun) > 0.3
    ]
    drowned = [s for s in may if s.shown_sound is not None]
    assert abs(len(drowned) / len(may) - DEFAULT.masked) < 0.02
    assert all(18 <= s.shown_sound.level_db <= 26 for s in drowned if s.shown_sound)


def test_force_in_view_goes_with_sounding(world: World) -> None:
    by_label = [
        [
            s.shown.force
            for s in world.segments
            if s.shown and s.label == y and s.region != "mistimed"
        ]
        for y in (0, 1)
    ]
    quiet, sounding = (sum(values) / len(values) for values in by_label)
    assert 0.05 < sounding - quiet < 0.3


def test_the_vocabulary_has_21_verbs_and_86_groups_with_materials() -> None:
    assert len(VERBS) == 21
    assert len(GROUPS) == len(set(GROUPS)) == 86
    assert all(noun in MATERIALS for _, noun in GROUPS)
    assert all(2 <= len(verb.nouns) <= 5 for verb in VERBS.values())
    assert p_sounding("cut", "carrot") > VERBS["cut"].p_sounding > p_sounding("cut", "paper")


def test_narrations_are_written_as_people_write_them(world: World) -> None:
    texts = [s.narration for s in world.segments]
    assert all(text.startswith("#C C ") for text in texts)
    for word in (
        " the ",
        " a ",
        " an ",
        " with a knife",
        " under the tap",
        " mug",
        "chops",
        "slices",
    ):
        assert any(word in text for text in texts), word
    clear = [s for s in world.segments if not s.vague]
    for s in clear:
        assert any(s.narration.startswith(f"#C C {said} ") for said in VERB_PHRASES[s.verb])


def test_a_few_narrations_say_next_to_nothing(world: World) -> None:
    vague = [s for s in world.segments if s.vague]
    assert len(vague) == round(DEFAULT.vague * len(world.segments))
    openings = {text.split("{")[0] for text in VAGUE}
    assert all(any(s.narration.startswith(o) for o in openings) for s in vague)


def test_truth_has_its_columns_and_a_row_a_narration(tmp_path: Path) -> None:
    write_records(tmp_path, timeline(2, 30), 320, 15)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == TRUTH_COLUMNS
    stated = json.loads((tmp_path / "narration.json").read_text(encoding="utf-8"))
    moments = {
        (uid, m["annotation_uid"]): m
        for uid, passes in stated.items()
        for m in passes["narration_pass_1"]["narrations"]
    }
    assert len(rows) == len(moments) == 30
    for row in rows:
        moment = moments[row["video_uid"], row["annotation_uid"]]
        assert float(row["timestamp_sec"]) == moment["timestamp_sec"]
        assert moment["timestamp_frame"] == round(moment["timestamp_sec"] * 30)
        assert row["narration_text"] == moment["narration_text"]


def test_impossible_worlds_are_refused() -> None:
    with pytest.raises(InputError, match="at least one clip"):
        timeline(1, 0)
    with pytest.raises(InputError, match="seed"):
        timeline(-1, 10)


def test_quotas_sum_up_and_stay_within_one() -> None:
    assert largest_remainder([1, 1, 1], 10) == [4, 3, 3]
    assert largest_remainder([0.36, 0.16, 0.28, 0.13, 0.07], 100) == [36, 16, 28, 13, 7]
    chosen = spread([(0.3, 0.7)] * 100)
    assert chosen.count(0) == 30
    assert all(abs(chosen[:k].count(0) - 0.3 * k) <= 1 for k in range(101))
