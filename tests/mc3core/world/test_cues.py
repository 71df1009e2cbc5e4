"""No simple cue tells the label: loudness, motion, file size and the like stay near chance."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from mc3core.world.cue_report import cue_markdown
from mc3core.world.cues import CueTable, cue_table, ranks, roc_auc
from mc3core.world.timeline import timeline

CLIPS, SEED = 1_200, 1


@pytest.fixture(scope="module")
def table() -> CueTable:
    return cue_table(timeline(SEED, CLIPS))


def test_no_simple_cue_gives_the_label_away(
    table: CueTable, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print("\n" + cue_markdown([table]))  # noqa: T201 (the table is the result)
    assert table.broken == ()
    # Written out once more: the bounds are the world's promise, not a setting.
    assert 0.49 <= table.positives <= 0.58
    assert all(0.35 <= auc <= 0.67 for auc in table.single.values())
    assert all(0.33 <= auc <= 0.70 for auc in table.products.values())


def test_every_cue_is_measured_alone_and_with_every_other(table: CueTable) -> None:
    sound = {"rms", "peak", "crest", "centroid", "onset max", "onset mean", "spread in time"}
    shown = {"motion", "luminance", "contrast"}
    sizes = {"jpeg bytes", "h264 bytes", "flac bytes", "jpeg + flac bytes", "h264 + flac bytes"}
    assert set(table.single) == sound | shown | sizes
    assert list(table.products) == [f"{a} x {b}" for a, b in combinations(table.single, 2)]


def test_what_breaks_a_bound_is_named() -> None:
    fair = CueTable("w", 10, 0.5, {"a": 0.5, "b": 0.67}, {"a x b": 0.70})
    assert fair.broken == ()
    unfair = replace(fair, positives=0.6, single={"a": 0.68, "b": 0.34}, products={"a x b": 0.71})
    assert unfair.broken == ("positives 0.600", "a 0.680", "b 0.340", "a x b 0.710")
    assert "a 0.680" in cue_markdown([fair, unfair], pairs=1)


def test_ranks_share_the_mean_of_ties_and_the_area_is_that_of_all_pairs() -> None:
    values = np.array([3.0, 1.0, 3.0, 2.0, 3.0])
    labels = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    assert ranks(values).tolist() == [4, 1, 4, 2, 4]
    pairs = [(p > n) + 0.5 * (p == n) for p in values[labels == 1] for n in values[labels == 0]]
    assert roc_auc(values, labels) == pytest.approx(np.mean(pairs))
