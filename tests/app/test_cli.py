"""The command line: help, exit codes, messages, one JSON line."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import ROOT, Sounding

COMMANDS = ("demo", "serve", "world", "ingest", "methods", "train", "embed", "explore", "evaluate")
LABELS = tuple(
    f"labels {name}" for name in ("stats", "export", "import", "backup", "restore", "check")
)
HEAVY = {"torch", "transformers", "sklearn", "scipy", "umap", "numba", "gradio", "av"} | {
    "pandas",
    "sqlalchemy",
    "fastapi",
    "numpy",
    "rich",
}


@pytest.mark.parametrize("command", [*COMMANDS, *LABELS, "demo-build"])
def test_every_command_has_help_with_an_example(sounding: Sounding, command: str) -> None:
    done = sounding(*command.split(), "--help")
    assert done.code == 0
    assert f"Example: sounding {command}" in " ".join(done.out.split())


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['sounding', '--help']\n"
        "from app.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('heavy:', *sorted({HEAVY!r} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy:"
    for command in (*COMMANDS, "labels"):
        assert f"\n  {command} " in done.stdout


def test_a_library_without_the_studio_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['typer'] = None; sys.argv = ['sounding']\n"
        "from app.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "'typer' is missing" in done.stderr
    assert "sounding-actions[studio]" in done.stderr
    assert "Traceback" not in done.stderr


def test_methods_lists_what_works_with_a_sentence_each(sounding: Sounding) -> None:
    methods = sounding("methods", "--json").json["methods"]
    paper = [method["id"] for method in methods if method["family"] == "paper"]
    assert paper == ["mc3", "clap", "cm_acc", "cmc", "imagebind"]
    assert {"paper", "scaled", "demo"} <= methods[0]["presets"].keys()
    assert all(len(says) > 10 for method in methods for says in method["presets"].values())
    assert methods[0]["parameters"]["objective.alpha_video"] == 0.5
    told = sounding("methods").out
    assert "arXiv:2404.05206" in told
    assert "objective.weight=1.0  (weight of the consensus term" in told


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("train", "--method", "mc4"), ("mc4", "mc3")),
        (("train", "--preset", "fast"), ("fast", "scaled")),
        (("train", "--size", "huge"), ("huge", "tiny")),
        (("train", "--set", "speed=3"), ("speed", "batch_size")),
        (("train", "--set", "batch_size"), ("batch_size", "key=value")),
        (("train", "--set", "batch_size=many"), ("batch_size", "many")),
        (("train", "--resume", "nobody"), ("nobody", "Runs here")),
        (("train", "--resume", "../../etc"), ("../../etc",)),
        (("embed", "--run", "nobody"), ("nobody",)),
        (("explore", "--run", "../.."), ("../..",)),
        (("explore", "--run", "x", "--space", "smell"), ("smell", "joint")),
        (("evaluate", "--run", "x", "--task", "taste"), ("taste", "discovery")),
    ],
)
def test_bad_words_are_named_and_end_with_2(
    sounding: Sounding, ingested: Path, words: tuple[str, ...], named: tuple[str, ...]
) -> None:
    done = sounding(words[0], "-w", ingested, *words[1:])
    assert done.code == 2
    assert done.out == ""
    assert all(word in done.err for word in named), done.err


def test_an_empty_workspace_cannot_train_and_says_what_to_do(
    sounding: Sounding, tmp_path: Path
) -> None:
    (tmp_path / "workspace.json").write_text('{"format": 1}')
    done = sounding("train", "-w", tmp_path)
    assert done.code == 2
    assert "sounding ingest" in done.err
    assert list((tmp_path / "runs").iterdir()) == []


def test_world_needs_exactly_one_place(sounding: Sounding, tmp_path: Path) -> None:
    assert sounding("world", "--clips", "2").code == 2
    both = sounding("world", "--clips", "2", "--out", tmp_path / "o", "-w", tmp_path / "w")
    assert both.code == 2
    assert "--out" in both.err
    assert list(tmp_path.iterdir()) == []


def test_labels_stats_counts_and_says_so_on_one_line(sounding: Sounding, ingested: Path) -> None:
    stats = sounding("labels", "stats", "-w", ingested, "--json").json
    assert stats["clips"] == 24
    assert stats["answers"] == 0
    assert stats["unanimous_share"] is None
    (batch,) = stats["batches"]
    assert (batch["name"], batch["complete"], batch["clips"]) == ("all clips", 0, 24)
