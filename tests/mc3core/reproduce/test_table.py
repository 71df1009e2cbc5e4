"""The table: means and spreads over seeds, paired differences, the paper beside it."""

import statistics
from collections.abc import Callable

import pytest
from scipy import stats

from mc3core.reproduce.paper import TABLE2, TABLE3, paper_figures
from mc3core.reproduce.results import Results
from mc3core.reproduce.table import difference, markdown, picks_of, spread, table

Finish = Callable[..., None]


def test_rows_hold_mean_spread_and_seeds_and_the_difference_to_mc3(
    results: Results, finish: Finish
) -> None:
    finish(results, ("cmc", "mc3-gated_ego", "mc3-scaled"), seeds=3)
    value = table(results, picks_of(results), 5, "mc3-gated_ego")
    rows = {row["key"]: row for row in value["rows"]}
    assert list(rows) == ["random", "cmc", "mc3-gated_ego", "mc3-scaled", "no_consensus"]
    cmc = rows["cmc"]
    figures = [0.80 + 0.004 + seed / 500 for seed in range(3)]
    assert cmc["av_roc_auc"]["mean"] == pytest.approx(statistics.mean(figures), abs=1e-5)
    assert cmc["av_roc_auc"]["sd"] == pytest.approx(statistics.stdev(figures), abs=1e-5)
    assert cmc["seeds"] == [0, 1, 2] and cmc["temperature"] == 0.3
    gap = cmc["mc3_minus_this"]["av_roc_auc"]
    assert gap["mean"] == pytest.approx(0.064, abs=1e-5) and len(gap["per_seed"]) == 3
    assert "mc3_minus_this" not in rows["mc3-gated_ego"]
    assert rows["random"]["av_average_precision"]["mean"] == pytest.approx(0.54)
    assert rows["random"]["v_a_recall_at_5"]["mean"] == pytest.approx(0.05)
    assert "clap" in value["missing"] and value["world"] == "drawn world"
    assert rows["no_consensus"]["av_roc_auc"] == cmc["av_roc_auc"]  # the same training


def test_the_interval_of_a_paired_difference_is_students() -> None:
    ours = {seed: {"x": value} for seed, value in enumerate((0.9, 0.8, 0.95))}
    theirs = {seed: {"x": value} for seed, value in enumerate((0.85, 0.78, 0.86))}
    found = difference(theirs, ours, "x")
    assert found is not None
    pairs = [0.05, 0.02, 0.09]
    low, high = stats.t.interval(0.95, 2, statistics.mean(pairs), stats.sem(pairs))
    assert found["interval"] == pytest.approx([low, high], abs=1e-4)
    assert difference({0: {"x": 0.5}}, {}, "x") is None


def test_one_seed_has_no_spread() -> None:
    assert spread([0.5]) == {"mean": 0.5, "sd": None, "seeds": 1}
    assert spread([None]) == {"mean": None, "sd": None, "seeds": 0}


def test_the_markdown_has_the_papers_figures_in_brackets(results: Results, finish: Finish) -> None:
    finish(results, ("cmc", "mc3-gated_ego"), seeds=2)
    value = table(results, picks_of(results), 2, "mc3-gated_ego")
    second, third = markdown(value, "table2"), markdown(value, "table3")
    line = next(line for line in second.splitlines() if line.startswith("| CMC"))
    assert "(0.550)" in line and "± " in line and "+0.064" in line
    assert "(36.5)" in next(line for line in third.splitlines() if line.startswith("| CMC"))
    assert len({line.count("|") for line in second.splitlines()}) == 1


def test_the_papers_figures_are_whole() -> None:
    assert set(TABLE2) == set(TABLE3)
    assert paper_figures("mc3-kd") == paper_figures("mc3-gated") != {}
    assert paper_figures("egonce") == {}
    assert paper_figures("cmc")["v_a_recall_at_5"] == pytest.approx(0.365)
