"""What a person may give by mistake: each is named, ends with 1 or 2, and costs nothing else.

The commands run in this process, as `sounding` runs them.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.console import result
from app.services.map_list import map_list
from app.services.runs import list_runs
from app.workspace import Workspace, open_workspace
from mc3core.training.run_dir import RunDir
from tests.app.conftest import Done
from tests.app.workspaces import RUN, make_workspace

CSV = "video_uid,timestamp_sec,narration_text\n"
INGEST, TRUTH = "ingest", "truth.csv"
Command = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`sounding <words>` in this process; what escapes as an exception fails the test."""

    def command(*words: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["sounding", *map(str, words)])
        capsys.readouterr()
        code: object = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(int(str(code or 0)), said.out, said.err)

    return command


@pytest.fixture
def explored(tmp_path: Path) -> Workspace:
    """Clips, labels and a run with embeddings; no media, nothing trained."""
    return make_workspace(tmp_path / "workspace", 16, media=0)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("gone.json", None, "does not exist"),
        ("n.json", "", "is empty"),
        ("n.json", '{"videos": {"a": {"narration_pass_1"', "no complete JSON"),
        ("n.json", "[1]", "Ego4D's layout"),
        ("n.json", '{"videos": 3}', "Ego4D's layout"),
        ("n.json", '{"a": {"b": 1}}', "holds no narrations"),
        ("n.json", "[" * 100_000, "cannot be understood"),
        ("n.csv", CSV + "a,1,x\n", "--format csv"),
    ],
)
def test_a_narration_file_of_no_use(
    run: Command, tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    done = run(INGEST, "-w", tmp_path / "w", "--narrations", tmp_path / name, "--videos", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert name in done.err and said in done.err
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--videos", "nowhere"), "--videos"),
        (("--videos", "n.csv"), "is no folder"),
        (("--videos", ".", "--before-s", "0.1", "--after-s", "0.1"), "--before-s 0.1"),
        (("--videos", ".", "--before-s", "-1"), "--before-s"),
        (("--videos", ".", "--workers", "0"), "--workers"),
        (("--videos", ".", "--format", "epic"), "epic"),
    ],
)
def test_an_ingest_that_cannot_begin_makes_no_workspace(
    run: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.csv").write_text(CSV + "a,1,#C C cuts\n")
    done = run(INGEST, "-w", "w", "--narrations", "n.csv", "--format", "csv", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not Path("w").exists()


def test_hostile_texts_and_names_go_through_as_they_are(run: Command, tmp_path: Path) -> None:
    long, html = "#C C " + "chops " * 2_000, "<img src=x onerror=alert(1)>"
    rows = [("../../etc/passwd", "#C C cuts"), ("-rf $(x)", html), ("", html), ("a", long)]
    narrations = tmp_path / "n.csv"
    narrations.write_text(CSV + "".join(f"{uid},1,{text}\n" for uid, text in rows))
    words = ("--narrations", narrations, "--videos", tmp_path, "--format", "csv", "--json")
    done = run(INGEST, "-w", tmp_path / "w", *words)
    dropped = done.json["dropped"]
    assert (done.code, done.json["clips"], done.json["narrations"]) == (1, 0, 4)
    assert {row["narration"] for row in dropped} == {"#C C cuts", html, long.strip()}
    assert all(row["reason"] for row in dropped)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.csv", "w"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--clips", "0", "--out", "o"), "--clips"),
        (("--clips", "many", "--out", "o"), "--clips"),
        (("--seed", "-1", "--out", "o"), "--seed"),
        (("--side", "33", "--out", "o"), "even side"),
        (("--out", "mine"), "narration.json that no world made"),
        (("--workspace", "mine"), "is no workspace"),
    ],
)
def test_a_world_that_cannot_be_made(
    run: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    Path("mine/narration.json").write_text("years of work")
    done = run("world", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert Path("mine/narration.json").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("nonsense", 2, "postgresql://"),
        ("mysql://a/b", 2, "postgresql://"),
        ("postgresql://localhost:port/x", 1, "no address of a database"),
        ("postgresql://nobody@127.0.0.1:1/x", 1, "DATABASE_URL"),
    ],
)
def test_a_database_that_is_none(
    run: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    code: int,
    said: str,
) -> None:
    open_workspace(tmp_path / "w", create=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    done = run("labels", "stats", "-w", "w", "--json")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_a_damaged_database_is_named_and_left_as_it_is(run: Command, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w", create=True)
    workspace.database.write_bytes(b"no database at all" * 100)
    done = run("labels", "stats", "-w", workspace.root)
    assert done.code == 1
    assert "sounding.db" in done.err and "backup" in done.err
    assert workspace.database.read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("embed", "--run", "nobody"), f"Runs there: {RUN}"),
        (("embed", "--run", "x" * 5000), "There is no run"),
        (("embed", "--run", RUN, "--stage", "../.."), "no stage '../..'"),
        (("explore", "--run", RUN, "--stage", "polish"), "it has align, refine"),
        (("explore", "--run", RUN, "--clusters", "0"), "--clusters"),
        (("evaluate", "--run", "../.."), "There is no run"),
        (("evaluate", "--run", RUN, "--stage", "polish"), "it has align, refine"),
        (("evaluate", "--run", RUN, "--truth", "gone.csv"), "gone.csv does not exist"),
        (("train", "--resume", RUN, "--preset", "paper"), "--resume"),
        (("train", "--resume", "nobody"), "There is no run"),
        (("train", "--method", "l4net"), "there is mc3"),
        (("train", "--set", "encoders.video.patch=0"), "encoders.video.patch"),
        (("train", "--set", "runtime.threads=-4"), "runtime.threads"),
        (("train", "--set", "=3"), "key=value"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    run: Command, explored: Workspace, words: tuple[str, ...], said: str
) -> None:
    done = run(words[0], "-w", explored.root, *words[1:])
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert [path.name for path in explored.runs.iterdir()] == [RUN]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "needs a column `label`"),
        ("annotation_uid,label\na1,maybe\n", "row 2: label is 'maybe'"),
        ("video_uid,timestamp_sec,label\nvideo-0,nan,1\n", "row 2: timestamp_sec is 'nan'"),
        ("annotation_uid,label\nsomebody,1\n", "decides about no clip"),
        ("", "is empty"),
    ],
)
def test_a_truth_file_of_no_use(run: Command, explored: Workspace, text: str, said: str) -> None:
    truth = explored.root.parent / TRUTH
    truth.write_text(text)
    done = run("evaluate", "-w", explored.root, "--run", RUN, "--truth", truth, "--json")
    assert (done.code, done.out) == (2, "")
    assert TRUTH in done.err and said in done.err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("cache/manifest.jsonl", 'junk\n{"a": 1}\n', "damaged in line 1"),
        ("cache/manifest.jsonl", '{"clip_id": 1}\n', "damaged in line 1"),
        (f"runs/{RUN}/config.json", '{"method"', "config.json is damaged"),
        (f"runs/{RUN}/config.json", "[]", "config.json is damaged"),
        ("workspace.json", "{", "workspace.json"),
    ],
)
@pytest.mark.parametrize("command", ["explore", "evaluate"])
def test_a_damaged_file_is_named_with_the_way_out(
    run: Command, explored: Workspace, command: str, file: str, text: str, said: str
) -> None:
    (explored.root / file).write_text(text)
    done = run(command, "-w", explored.root, "--run", RUN)
    assert done.code == 2
    assert said in done.err


def test_a_run_with_damaged_metrics_keeps_its_other_points(tmp_path: Path) -> None:
    run_dir = RunDir(tmp_path)
    row = {"step": 1, "kind": "train", "stage": "align", "loss": 1.0, "seconds": 1.0}
    lines = [json.dumps(row), "junk", "[]", '{"step": "one"}', json.dumps({**row, "step": 2})]
    run_dir.metrics_path.write_text("\n".join(lines) + "\n")
    assert [found["step"] for found in run_dir.metrics()] == [1, 2]


def test_the_json_line_needs_no_special_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    result(True, {"narration": "پز 🔪 \ud800"}, list)
    line = capsys.readouterr().out
    assert line.isascii() and json.loads(line) == {"narration": "پز 🔪 \ud800"}


def test_one_damaged_run_hides_no_other(explored: Workspace) -> None:
    damaged = explored.runs / "damaged"
    shutil.copytree(explored.runs / RUN, damaged)
    (damaged / "config.json").write_text("{")
    (damaged / "metrics.jsonl").write_text("junk\n" * 9)
    assert [run["run"] for run in map_list(explored)["runs"]] == [RUN]
    views = {view.status.run: view for view in list_runs(explored)}
    assert views.keys() == {RUN, "damaged"}
    assert views["damaged"].stages == ()
