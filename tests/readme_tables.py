"""The README's copies of the paper's tables, taken from assets/results.

python -m tests.readme_tables --write      puts them into README.md
"""

import json
import re
import sys
from pathlib import Path

from mc3core.reproduce.table import markdown

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "assets" / "results"
NAMES = ("table2", "table3")


def with_tables(readme: str) -> str:
    """README with what stands between its markers replaced by the committed tables."""
    for name in NAMES:
        value = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        block = f"<!-- {name} -->\n{markdown(value, name)}\n<!-- /{name} -->"
        marked = re.compile(f"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
        readme = marked.sub(lambda _, block=block: block, readme)
    return readme


if __name__ == "__main__" and "--write" in sys.argv:
    path = ROOT / "README.md"
    path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")
