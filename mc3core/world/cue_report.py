"""The cue tables of several worlds, side by side, as Markdown."""

from collections.abc import Sequence

from mc3core.world.cues import PRODUCT_BOUNDS, SINGLE_BOUNDS, CueTable


def cue_markdown(tables: Sequence[CueTable], pairs: int = 3) -> str:
    """A row a cue and a column a world; then each world's `pairs` products furthest either way.

    Values are ROC-AUC of the label; the bounds stand in the first line.
    """
    (low, high), (low2, high2) = SINGLE_BOUNDS, PRODUCT_BOUNDS
    rows = [
        f"ROC-AUC of the label; bounds {low:.2f} to {high:.2f}, of products of ranks "
        f"{low2:.2f} to {high2:.2f}.",
        "",
        _row("cue", [table.world for table in tables]),
        _row("---", ["---"] * len(tables)),
        _row("clips", [str(table.clips) for table in tables]),
        _row("positives", [f"{table.positives:.3f}" for table in tables]),
    ]
    rows += [_row(name, [f"{t.single[name]:.3f}" for t in tables]) for name in tables[0].single]
    ordered = [sorted(t.products.items(), key=lambda item: item[1]) for t in tables]
    for place in (*range(pairs), *range(-pairs, 0)):
        name = f"lowest product {place + 1}" if place >= 0 else f"highest product {-place}"
        rows.append(_row(name, [f"{o[place][1]:.3f} {o[place][0]}" for o in ordered]))
    rows.append(_row("out of bounds", [", ".join(table.broken) or "none" for table in tables]))
    return "\n".join(rows) + "\n"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"
