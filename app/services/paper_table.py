"""The paper's tables with what `sounding reproduce` found beside them, as the page shows them."""

from pathlib import Path
from typing import Any, Literal

import app
from mc3core.errors import InputError
from mc3core.json_files import read_object
from mc3core.reproduce.paper import paper_figures
from mc3core.reproduce.plan import ROWS
from mc3core.reproduce.table import AGAINST, COLUMNS, HEADS, NEWER

Which = Literal["table2", "table3"]
Row = dict[str, Any]

HOME = Path(app.__file__).resolve().parent
# In a checkout they lie under assets/, in an installed wheel beside this package's code.
FOLDERS = (HOME.parent / "assets" / "results", HOME / "results")
GROUPS = {
    "peers": "Compared in the paper",
    "ablations": "MC3 with a part taken away",
    "mc3": "MC3, by preset",
    "newer": "Newer peers, not in the paper",
}
# As the paper orders its rows; what is not named follows in the order it is trained.
ORDER = ("random", "clap", "cm_acc", "cmc", "cmc-bank", "imagebind")
ABLATIONS = ("no_consensus", "no_contrastive", "no_align")
PUBLISHED = "mc3-paper"


def paper_table(which: Which) -> dict[str, Any]:
    """Columns, groups of rows, and how the figures were made (`made`, None before anybody ran it).

    A row that is not trained yet has `seeds` [] and the paper's figures alone. The paper's MC3 has
    one row: it stands beside the preset that validation chose, and beside the published objective.
    Raises InputError where the results cannot be read.
    """
    found = _read(which)
    best = found.get("mc3")
    rows = {row["key"]: row for row in found.get("rows", ())}
    random = {"key": "random", "label": "Random", "family": "paper"}
    planned = [random, *(_planned(row.key, row.label, row.preset) for row in ROWS)]
    every = [rows.get(row["key"], row | {"seeds": []}) for row in planned]
    shown = [
        row
        | {
            "group": _group(row),
            "best": row["key"] == best,
            "paper": paper_figures(row["key"])
            if not row["key"].startswith("mc3-") or row["key"] in (best, PUBLISHED)
            else {},
        }
        for row in sorted(every, key=_place)
    ]
    made = {name: found.get(name) for name in ("world", "budget", "command", "commit", "date")}
    return {
        "table": which,
        "columns": [
            {
                "key": key,
                "head": HEADS[key],
                "percent": which == "table3",
                "against": key in AGAINST,
            }
            for key in COLUMNS[which]
        ],
        "groups": [
            {"name": name, "rows": [row for row in shown if row["group"] == group]}
            for group, name in GROUPS.items()
        ],
        "missing": [row["label"] for row in shown if not row["seeds"] and row["key"] != "random"],
        "made": made if found else None,
        "command": f"sounding reproduce {which}",
    }


def _read(which: Which) -> dict[str, Any]:
    """What the committed file holds; nothing where there is none. Only these two names exist."""
    if which not in COLUMNS:
        raise InputError(f"There is no table {which!r}; there is {', '.join(COLUMNS)}.")
    for folder in FOLDERS:
        path = folder / f"{which}.json"
        if path.is_file():
            advice = (
                f"Run `sounding reproduce {which}` again: what is finished is not trained anew."
            )
            found = read_object(path, advice)
            rows = found.get("rows")
            if not isinstance(rows, list) or not all(
                isinstance(row, dict) and {"key", "label", "seeds"} <= row.keys() for row in rows
            ):
                raise InputError(f"{path} has no rows of a table. {advice}")
            return found
    return {}


def _planned(key: str, label: str, preset: str) -> Row:
    return {
        "key": key,
        "label": label,
        "preset": preset,
        "family": "newer" if key in NEWER else "paper",
    }


def _group(row: Row) -> str:
    if row["key"].startswith("mc3-"):
        return "mc3"
    if row["key"] in ABLATIONS:
        return "ablations"
    return "newer" if row["family"] == "newer" else "peers"


def _place(row: Row) -> int:
    return ORDER.index(row["key"]) if row["key"] in ORDER else len(ORDER)
