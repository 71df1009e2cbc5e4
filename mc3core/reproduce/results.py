"""Finished cells as small JSON files, each with the fingerprint of what made it."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mc3core.json_files import read_object
from mc3core.reproduce.plan import Budget, Cell, fingerprint
from mc3core.training.run_dir import write_json


@dataclass(frozen=True, slots=True)
class Results:
    """A folder of finished cells: <variant>/{grid,seed-<n>}/<training>.json.

    Files of another budget or configuration are not taken for this one's: their fingerprint
    differs, and the cell counts as missing.
    """

    folder: Path
    budget: Budget

    def path(self, cell: Cell) -> Path:
        part = "grid" if cell.split == "val" else f"seed-{cell.seed}"
        return self.folder / cell.variant / part / f"{cell.training}.json"

    def figures(self, cell: Cell) -> dict[str, Any] | None:
        """The figures of a finished cell, or None."""
        path = self.path(cell)
        if not path.exists():
            return None
        row = read_object(path, "Delete it: the cell is then trained again.")
        return row["figures"] if row.get("fingerprint") == fingerprint(cell, self.budget) else None

    def write(self, cell: Cell, figures: dict[str, Any], seconds: float) -> None:
        value = {
            **asdict(cell),
            "fingerprint": fingerprint(cell, self.budget),
            "budget": asdict(self.budget),
            "seconds": round(seconds),
            "date": time.strftime("%Y-%m-%d"),
            "figures": {
                name: round(v, 5) if isinstance(v, float) else v for name, v in figures.items()
            },
        }
        write_json(self.path(cell), value)

    def seconds(self) -> Iterator[tuple[str, float]]:
        """Row and duration of every finished cell."""
        for path in sorted(self.folder.glob("*/*/*.json")):
            row = json.loads(path.read_text(encoding="utf-8"))
            if "seconds" in row:
                yield row["row"], row["seconds"]
