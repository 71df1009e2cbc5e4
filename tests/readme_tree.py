"""The README's tree, made from the code: a line a file, from the first line of its docstring.

python -m tests.readme_tree --write      puts it into README.md
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mc3core", "annotation", "db", "app")
# What stands without a docstring of its own.
FOLDERS = {
    "mc3core/data": "clips from narrated videos: parsing, decoding, cutting, the training cache",
    "mc3core/world": "the procedural world: plan, pictures, sound, narrations, truth",
    "mc3core/world/acts": "what hands do: one function a kind of action",
    "mc3core/world/props": "objects as they are drawn",
    "mc3core/world/scenes": "places as they are drawn",
    "mc3core/world/sound": "stems: what moves is what sounds",
    "mc3core/encoders": "the three towers",
    "mc3core/losses": "one loss a file, with paper and equation",
    "mc3core/methods": "one method a file; registry.py lists them",
    "mc3core/training": "the trainer, its checkpoints and the run directory",
    "mc3core/evaluation": "embeddings and what they are worth",
    "db/migrations": "Alembic's steps from one version of the tables to the next",
    "app/api": "our own HTTP routes, for what is hot or private",
    "app/pages": "one file a tab; the only place that imports Gradio",
    "app/services": "what pages and commands do; no HTTP, no widgets",
    "app/static": "the browser's side: plain ES modules and stylesheets, no build step",
}
WIDTH = 30
LONGEST = 90


def tree() -> str:
    """The tree as README shows it."""
    lines: list[str] = []
    for package in PACKAGES:
        folder = ROOT / package
        lines += [_line(f"{package}/", _sentence(folder / "__init__.py")), *_inside(folder, 1), ""]
    return "\n".join(lines).rstrip()


def _inside(folder: Path, depth: int) -> list[str]:
    lines: list[str] = []
    pad = "    " * depth
    for path in sorted(folder.iterdir(), key=lambda p: (p.is_dir(), p.name)):
        name = str(path.relative_to(ROOT))
        if path.is_dir() and name in FOLDERS:
            lines += [_line(f"{pad}{path.name}/", FOLDERS[name]), *_inside(path, depth + 1)]
        elif path.suffix in {".py", ".js", ".css"} and path.name != "__init__.py":
            lines.append(_line(pad + path.name, _sentence(path)))
    return lines


def _line(name: str, sentence: str) -> str:
    return f"{name:<{WIDTH}} {sentence}".rstrip()


def _sentence(path: Path) -> str:
    """The first sentence of a file's docstring or leading comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        words = ast.get_docstring(ast.parse(text)) or ""
    else:
        comment = re.match(r"\s*(?:/\*+(.*?)\*/|((?://[^\n]*\n)+))", text, re.DOTALL)
        words = re.sub(
            r"^\s*(//|\*)\s?", "", (comment[1] or comment[2]) if comment else "", flags=re.M
        )
    first = re.split(r"(?<=\.)\s", " ".join(words.split("\n\n")[0].split()), maxsplit=1)[0]
    if len(first) > LONGEST:
        first = re.split(r"[;:]\s|,\s", first, maxsplit=1)[0]
    return first.rstrip(".;:")


def replace_block(readme: str, block: str) -> str:
    """README with the text between its tree markers replaced."""
    pattern = re.compile(r"(<!-- tree -->\n```text\n).*?(\n```\n<!-- /tree -->)", re.DOTALL)
    return pattern.sub(lambda found: found[1] + block + found[2], readme)


if __name__ == "__main__" and "--write" in sys.argv:
    path = ROOT / "README.md"
    path.write_text(replace_block(path.read_text(encoding="utf-8"), tree()), encoding="utf-8")
