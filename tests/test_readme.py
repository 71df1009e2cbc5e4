"""The README says what is so: its tree, its commands, its five lines."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mc3core.reproduce.table import markdown
from tests.benchmarks.shipped_run import RESULTS as DEMO_RESULTS
from tests.benchmarks.shipped_run import SHIPPED, card, with_table
from tests.readme_tables import NAMES, RESULTS, with_tables
from tests.readme_tree import FOLDERS, replace_block, tree

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip()
    for language, block in BLOCKS
    if language == "sh"
    for line in block.splitlines()
    if line.strip()
]
SOUNDING = [line for line in COMMANDS if line.startswith(".venv/bin/sounding ")]
MAKE = [line for line in COMMANDS if line.startswith("make ")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_tree_is_the_code() -> None:
    assert replace_block(README, tree()) == README, "python -m tests.readme_tree --write"


def test_every_folder_of_the_tree_exists() -> None:
    assert not [name for name in FOLDERS if not (ROOT / name).is_dir()]


def test_every_command_is_of_a_kind_that_is_checked() -> None:
    assert sorted(COMMANDS) == sorted([*SOUNDING, *MAKE])


@pytest.mark.parametrize("line", SOUNDING)
def test_commands_and_their_options_exist(line: str) -> None:
    words = shlex.split(line)[1:]
    command = [word for word in words[:2] if not word.startswith("-")]
    shown = run(sys.executable, "-m", "app.cli", *command, "--help")
    assert shown.returncode == 0, shown.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option in shown.stdout, f"{option} of: {line}"


@pytest.mark.parametrize("line", MAKE)
def test_make_targets_exist(line: str) -> None:
    shown = run(*shlex.split(line), "--dry-run")
    assert shown.returncode == 0, shown.stderr


def test_the_papers_tables_are_the_committed_ones() -> None:
    assert with_tables(README) == README, "python -m tests.readme_tables --write"
    for name in NAMES:
        value = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        shown = (RESULTS / f"{name}.md").read_text(encoding="utf-8")
        assert shown == markdown(value, name) + "\n"


def test_the_figures_are_those_of_the_committed_results() -> None:
    result = json.loads(DEMO_RESULTS.read_text(encoding="utf-8"))
    assert with_table(README, result) == README
    assert (SHIPPED / "CARD.md").read_text(encoding="utf-8") == card(result)


def test_the_shipped_run_is_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 8_000_000


def test_pictures_exist() -> None:
    missing = [
        path for path in re.findall(r"!\[.*?\]\((.*?)\)", README) if not (ROOT / path).exists()
    ]
    assert not missing


def test_the_lines_from_code_run_without_the_studio() -> None:
    (code,) = [block for language, block in BLOCKS if language == "python"]
    studio = ("gradio", "sqlalchemy", "plotly", "fastapi", "umap")
    guard = f"import sys\nfor name in {studio!r}:\n    sys.modules[name] = None\n"
    done = run(sys.executable, "-c", guard + code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tensor(")
