"""The table of what is finished: means and spreads over seeds, differences, the paper beside it."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from mc3core.reproduce.choose import chosen
from mc3core.reproduce.paper import TABLE2_COLUMNS, TABLE3_COLUMNS, paper_figures
from mc3core.reproduce.plan import BY_KEY, FIRST_SEED, LONGER, QUICK_PEERS, ROWS, Cell, Row
from mc3core.reproduce.results import Results

COLUMNS = {"table2": TABLE2_COLUMNS, "table3": TABLE3_COLUMNS}
HEADS = {
    "av_roc_auc": "A·V ROC", "av_average_precision": "A·V AP",
    "al_roc_auc": "A·L ROC", "al_average_precision": "A·L AP",
    "v_a_recall_at_5": "V→A @5", "v_a_recall_at_10": "V→A @10",
    "a_v_recall_at_5": "A→V @5", "a_v_recall_at_10": "A→V @10",
    "l_a_recall_at_5": "L→A @5", "l_a_recall_at_10": "L→A @10",
    "a_l_recall_at_5": "A→L @5", "a_l_recall_at_10": "A→L @10",
}  # fmt: skip
AGAINST = (
    "av_roc_auc",
    "av_minus_audio_mean",
    "al_roc_auc",
    "v_a_recall_at_5",
    "a_v_recall_at_5",
)


def table(
    results: Results, picks: Mapping[str, Cell], seeds: int, best: str | None
) -> dict[str, Any]:
    """Rows of what is finished. `picks` says at which temperature and weight every row stands,
    `best` which of them is MC3: differences are its figures minus the others', seed by seed."""
    figures = {key: _per_seed(results, cell, seeds) for key, cell in picks.items()}
    rows = [_chance(figures)] if any(figures.values()) else []
    reference = figures.get(best or "", {})
    for row in ROWS:
        found = figures.get(row.key, {})
        if found:
            rows.append(_row(row, picks[row.key], found, reference, best))
    return {
        "world": "drawn world",
        "budget": asdict(results.budget),
        "mc3": best,
        "rows": rows,
        "longer": {
            key: results.figures(replace(cell, seed=FIRST_SEED, split="test", longer=LONGER))
            for key, cell in picks.items()
            if key in (*QUICK_PEERS, best)
        },
        "missing": [row.key for row in ROWS if not figures.get(row.key)],
    }


def picks_of(results: Results) -> dict[str, Cell]:
    """Every row whose grid is finished, with the cell that validation chose."""
    found = {row.key: chosen(row, results) for row in ROWS}
    return {key: cell for key, cell in found.items() if cell is not None}


def _per_seed(results: Results, cell: Cell, seeds: int) -> dict[int, dict[str, Any]]:
    found = {seed: results.figures(replace(cell, seed=seed, split="test")) for seed in range(seeds)}
    return {seed: figures for seed, figures in found.items() if figures is not None}


def _row(
    row: Row,
    cell: Cell,
    found: dict[int, dict[str, Any]],
    reference: dict[int, dict[str, Any]],
    best: str | None,
) -> dict[str, Any]:
    method = BY_KEY[row.same_as or row.key]
    value: dict[str, Any] = {
        "key": row.key,
        "label": row.label,
        "method": row.method,
        "preset": row.preset,
        "family": "newer" if method.key in NEWER else "paper",
        "temperature": cell.temperature,
        "weight": cell.weight,
        "seeds": sorted(found),
        "paper": paper_figures(row.key),
    }
    names = sorted({name for figures in found.values() for name in figures})
    value |= {name: spread([f[name] for f in found.values() if name in f]) for name in names}
    if row.key != best:
        value["mc3_minus_this"] = {
            name: difference(found, reference, name) for name in AGAINST if name in names
        }
    return value


NEWER = ("egonce", "robust_xid", "symile", "gram", "triangle", "siglip")


def _chance(figures: Mapping[str, dict[int, dict[str, Any]]]) -> dict[str, Any]:
    """What a random order has, computed from the clips and groups of the finished seeds."""
    by_seed: dict[int, dict[str, Any]] = {}
    for found in figures.values():
        for seed, each in found.items():
            by_seed[seed] = by_seed.get(seed, {}) | each  # a row may lack a modality
    shares = [f["positives"] / f["n"] for f in by_seed.values()]
    row: dict[str, Any] = {
        "key": "random", "label": "Random", "method": "random", "preset": "", "family": "paper",
        "temperature": None, "weight": None, "seeds": sorted(by_seed),
        "paper": paper_figures("random"),
    }  # fmt: skip
    for name in ("av", "al"):
        row[f"{name}_roc_auc"] = spread([0.5 for _ in shares])
        row[f"{name}_average_precision"] = spread(shares)
    for direction in ("v_a", "a_v", "l_a", "a_l"):
        for cutoff in (1, 5, 10):
            key = f"{direction}_chance_at_{cutoff}"
            values = [f[key] for f in by_seed.values() if key in f]
            if values:
                row[f"{direction}_recall_at_{cutoff}"] = spread(values)
    return row


def spread(values: Sequence[float | None]) -> dict[str, Any]:
    """Mean and standard deviation (None for one seed) of the seeds that have a figure."""
    there = [value for value in values if value is not None]
    return {
        "mean": statistics.mean(there) if there else None,
        "sd": statistics.stdev(there) if len(there) > 1 else None,
        "seeds": len(there),
    }


def difference(
    found: dict[int, dict[str, Any]], reference: dict[int, dict[str, Any]], name: str
) -> dict[str, Any] | None:
    """Reference minus row, paired within seeds, with the 95 % interval of the mean by Student's
    t."""
    pairs = [
        reference[seed][name] - figures[name]
        for seed, figures in found.items()
        if seed in reference and figures.get(name) is not None and name in reference[seed]
    ]
    if not pairs:
        return None
    value: dict[str, Any] = {**spread(pairs), "per_seed": [round(pair, 5) for pair in pairs]}
    if len(pairs) > 1:
        from scipy.stats import t  # scikit-learn brings it

        half = float(t.ppf(0.975, len(pairs) - 1)) * value["sd"] / math.sqrt(len(pairs))
        value["interval"] = [round(value["mean"] - half, 5), round(value["mean"] + half, 5)]
    return value


def markdown(value: Mapping[str, Any], which: str) -> str:
    """The table as people read it; the paper's figures in brackets."""
    columns = COLUMNS[which]
    heads = ["method", "τ", "weight", "seeds", *(HEADS[c] for c in columns)]
    if which == "table2":
        heads += ["A·V region II", "MC3 − this, A·V", "swapped video", "minus audio mean"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [_line(row, columns, which) for row in value["rows"]]
    longer = {key: figures for key, figures in value["longer"].items() if figures is not None}
    if which == "table2" and longer:
        said = [f"{BY_KEY[key].label} {each['av_roc_auc']:.3f}" for key, each in longer.items()]
        lines += ["", f"A·V ROC with {LONGER} times the steps, first seed: {', '.join(said)}."]
    return "\n".join(lines)


def _line(row: Mapping[str, Any], columns: Sequence[str], which: str) -> str:
    percent = which == "table3"
    label = f"**{row['label']}**" if row["key"].startswith("mc3-") else row["label"]
    tau = "–" if row["temperature"] is None else f"{row['temperature']:g}"
    weight = "–" if row["weight"] is None else f"{row['weight']:g}"
    cells = [label, tau, weight, str(len(row["seeds"]))]
    for column in columns:
        shown, theirs = _shown(row.get(column), percent), row["paper"].get(column)
        if theirs is not None:
            shown += f" ({100 * theirs:.1f})" if percent else f" ({theirs:.3f})"
        cells.append(shown)
    if which == "table2":
        gap = (row.get("mc3_minus_this") or {}).get("av_roc_auc")
        interval = (gap or {}).get("interval")
        against = "–" if gap is None else f"{gap['mean']:+.3f}"
        against += f" [{interval[0]:+.3f}, {interval[1]:+.3f}]" if interval else ""
        cells += [_shown(row.get("av_roc_auc_II"), False), against]
        cells += [_shown(row.get(n), False) for n in ("av_swapped_video", "av_minus_audio_mean")]
    return "| " + " | ".join(cells) + " |"


def _shown(figure: Mapping[str, Any] | None, percent: bool) -> str:
    if figure is None or figure["mean"] is None:
        return "–"
    scale, digits = (100, 1) if percent else (1, 3)
    beside = "" if figure["sd"] is None else f" ± {scale * figure['sd']:.{digits}f}"
    return f"{scale * figure['mean']:.{digits}f}{beside}"


def worlds_table(
    results: Results, variants: Sequence[str], picks: Mapping[str, Cell], best: str
) -> dict[str, Any]:
    """A·V ROC-AUC of some rows on every variant of the world, one seed each."""
    rows: list[dict[str, Any]] = []
    for variant in variants:
        row: dict[str, Any] = {"variant": variant}
        for key, cell in picks.items():
            figures = results.figures(replace(cell, split="test", variant=variant))
            if figures is not None:
                row[key] = figures["av_roc_auc"]
        rows.append(row)
    return {"world": "drawn worlds", "mc3": best, "rows": rows, "columns": list(picks)}


def worlds_markdown(value: Mapping[str, Any]) -> str:
    """The table over variants as people read it."""
    columns = value["columns"]
    lines = [
        "| world | " + " | ".join(BY_KEY[key].label for key in columns) + " |",
        "|" + "---|" * (1 + len(columns)),
    ]
    for row in value["rows"]:
        cells = [f"{row[key]:.3f}" if key in row else "–" for key in columns]
        lines.append(f"| {row['variant']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
