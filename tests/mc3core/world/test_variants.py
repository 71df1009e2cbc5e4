"""Six other worlds: fixed numbers, told apart by their names, and as fair as the default."""

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from mc3core.errors import InputError
from mc3core.world.cues import CueTable, cue_table
from mc3core.world.law import DEFAULT, Law
from mc3core.world.plan import World
from mc3core.world.timeline import timeline
from mc3core.world.training_cache import write_cache
from mc3core.world.truth import write_records
from mc3core.world.variants import VARIANTS, law_named

CLIPS = 2_000
MEASURED = Path(__file__).resolve().parents[3] / "assets" / "results" / "world_cues.json"


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    laws = {DEFAULT.name: DEFAULT} | {name: variant.law for name, variant in VARIANTS.items()}
    return {name: timeline(2, CLIPS, law) for name, law in laws.items()}


def test_there_are_six_and_each_is_described() -> None:
    assert len(VARIANTS) == 6
    assert all(v.sentence.endswith(".") and v.law != DEFAULT for v in VARIANTS.values())
    assert all(
        name == variant.law.name == law_named(name).name for name, variant in VARIANTS.items()
    )
    assert law_named("default") == DEFAULT


def test_shares_are_kept_by_quota(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        law, segments = world.law, world.segments
        heard = [s for s in segments if s.region == "I"]
        running = [s for s in heard if s.machine is not None and s.machine.level_db is not None]
        assert len(running) / len(heard) == pytest.approx(law.machine_on, abs=0.02)
        far = [s for s in heard if s.unseen is not None]
        assert len(far) / len(heard) == pytest.approx(law.distractor, abs=0.02)
        assert sum(s.vague for s in segments) / CLIPS == pytest.approx(law.vague, abs=0.001)
        events = sum(s.event is not None for s in segments) / CLIPS
        assert events == pytest.approx(law.event, abs=0.001)


def test_a_variant_is_what_its_name_says(worlds: dict[str, World]) -> None:
    def machines(name: str) -> int:
        return sum(s.machine is not None for s in worlds[name].segments)

    def drowned(name: str) -> int:
        return sum(bool(s.shown_sound and s.shown_sound.below_rest) for s in worlds[name].segments)

    def unseen(name: str) -> int:
        return sum(s.unseen is not None for s in worlds[name].segments)

    assert machines("fewer_machines") < machines("default") < machines("more_machines")
    assert drowned("more_masked") > 1.8 * drowned("default")
    assert unseen("offscreen_heavy") > 1.4 * unseen("default")
    assert sum(s.vague for s in worlds["vague_heavy"].segments) > 2 * 0.1 * CLIPS
    regions = Counter(s.region for s in worlds["balanced_regions"].segments if not s.label)
    assert max(regions.values()) < 2.5 * min(regions.values())


def test_who_sounds_is_the_same_law_in_every_variant(worlds: dict[str, World]) -> None:
    by_verb = {
        name: Counter(s.verb for s in world.segments if s.label) for name, world in worlds.items()
    }
    assert all(counts == by_verb["default"] for counts in by_verb.values())


def test_no_cue_gives_the_label_away_in_any_world_that_was_measured() -> None:
    """`tests/benchmarks/world_cues.py` measures 2,500 clips a world, which takes minutes. A law
    that has changed since then, or that broke a bound, fails here."""
    worlds = json.loads(MEASURED.read_text(encoding="utf-8"))["worlds"]
    laws = [DEFAULT, *(variant.law for variant in VARIANTS.values())]
    assert [world["law"] for world in worlds] == [asdict(law) for law in laws]
    for law, world in zip(laws, worlds, strict=True):
        table = CueTable(**world["cues"])
        assert (table.world, table.clips, table.broken) == (law.name, 2_500, ())


def test_the_cues_of_a_variant_can_be_measured_anew() -> None:
    law = VARIANTS["balanced_regions"].law
    table = cue_table(timeline(3, 60, law))
    assert (table.world, table.clips) == ("balanced_regions", 60)
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))["worlds"][-1]["cues"]
    assert table.single.keys() == measured["single"].keys()
    assert table.products.keys() == measured["products"].keys()


def test_videos_of_a_variant_are_named_apart_and_share_a_cache(tmp_path: Path) -> None:
    law = VARIANTS["more_masked"].law
    write_cache(tmp_path, 6, 5, workers=1)
    clips = write_cache(tmp_path, 6, 5, workers=1, law=law)
    assert {clip.video_uid for clip in clips} == {"world-5-0000", "world-more_masked-5-0000"}
    assert len({clip.clip_id for clip in clips}) == 12


def test_the_recipe_of_a_variant_says_its_law_and_the_default_keeps_its_folder(
    tmp_path: Path,
) -> None:
    law = VARIANTS["vague_heavy"].law
    write_records(tmp_path, timeline(1, 20, law), 64, 5)
    recipe = json.loads((tmp_path / "world.json").read_text(encoding="utf-8"))
    assert recipe["command"].endswith("--variant vague_heavy")
    assert recipe["law"]["vague"] == 0.3
    with pytest.raises(InputError, match="variant differ"):
        write_records(tmp_path, timeline(1, 20), 64, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vague": 1.2},
        {"masked": -0.1},
        {"force_noise": float("nan")},
        {"region_ii": 0, "region_iii": 0, "region_iii_other": 0, "mistimed": 0},
        {"name": "../elsewhere"},
    ],
)
def test_an_impossible_law_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="law"):
        replace(DEFAULT, **wrong)


def test_an_unknown_variant_is_refused_with_the_names() -> None:
    with pytest.raises(InputError, match=r"more_machines.*balanced_regions"):
        law_named("quiet")
    assert Law() == DEFAULT
