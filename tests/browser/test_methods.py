"""Methods in a real browser: CLAP chosen by keyboard and trained, the paper's tables read."""

import json
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from app.context import AppContext, open_database
from app.server import build_app, listen
from app.services import paper_table
from app.services.evaluation import evaluate
from app.workspace import Workspace, open_workspace
from tests.app.results import BEST, write_tables
from tests.app.workspaces import RUN, make_workspace

ROOT = Path(__file__).resolve().parents[2]
SOON = 30_000  # ms
TRAINED = 240_000  # ms that a loaded machine may take to start a process and train four steps
DRAWN = """() => document.querySelector('.curves').data
  ?.filter((t) => t.visible === true && t.mode === 'lines').map((t) => t.name).sort()"""


@contextmanager
def serving(workspace: Workspace) -> Generator[str]:
    database = open_database(workspace)
    with listen("127.0.0.1", 0) as listener:
        app = build_app(AppContext(workspace, database))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    database.close()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A studio whose run has figures on its test split."""
    workspace = make_workspace(tmp_path_factory.mktemp("scored") / "workspace", 48, media=0)
    evaluate(workspace, RUN, "refine")
    evaluate(workspace, RUN, "refine", "retrieval")
    with serving(workspace) as address:
        yield address


@pytest.fixture(scope="module")
def trainable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A studio with decoded clips of a small world, and no run yet."""
    folder = tmp_path_factory.mktemp("trainable")
    world, workspace = folder / "world", folder / "workspace"
    small = ("--clips", "24", "--seed", "5", "--side", "64", "--fps", "6")
    files = ("--narrations", str(world / "narration.json"), "--videos", str(world / "videos"))
    for words in (
        ("world", "--out", str(world), *small),
        ("ingest", "-w", str(workspace), *files),
    ):
        subprocess.run([sys.executable, "-m", "app.cli", *words], cwd=ROOT, check=True)
    with serving(open_workspace(workspace)) as address:
        yield address


def test_clap_is_chosen_by_keyboard_trained_and_remembered(page: Page, trainable: str) -> None:
    page.goto(f"{trainable}/#train")
    methods = page.get_by_role("radiogroup", name="Method").get_by_role("radio")
    presets = page.get_by_role("radiogroup", name="Preset").get_by_role("radio")
    expect(methods).to_have_count(5, timeout=SOON)
    expect(page.locator("[data-preset=demo] input")).to_be_checked()
    expect(page.locator(".ablations")).not_to_have_attribute("open", "")
    page.locator("[data-method=mc3] input").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-method=clap] input")).to_be_checked()
    expect(presets).to_have_count(1)
    expect(page.locator(".method-about")).to_contain_text("CLAP: Learning Audio Concepts")

    page.get_by_label("Steps at most").fill("4")
    expect(page.locator("form [role=status]")).to_contain_text("4 steps", timeout=SOON)
    expect(page.locator("form [role=status]")).to_contain_text("(align)")
    page.get_by_role("button", name="Start training").click()
    state = page.locator(".run-detail .chip").first
    expect(state).to_have_text("finished", timeout=TRAINED)
    page.wait_for_function(
        "() => document.querySelector('.curves').data?.some((t) => t.x.length === 4)", timeout=SOON
    )
    assert page.evaluate(DRAWN) == ["audio → text", "loss", "text → audio"]

    page.reload()
    expect(page.locator("[data-method=clap] input")).to_be_checked(timeout=SOON)
    page.goto(f"{trainable}/#explore")
    spaces = page.get_by_role("radiogroup", name="Space").get_by_role("radio")
    expect(spaces).to_have_text(["joint", "audio", "text"], timeout=SOON)


def test_an_ablation_is_folded_until_somebody_looks(page: Page, trainable: str) -> None:
    page.goto(f"{trainable}/#train")
    hidden = page.locator("[data-preset=no_consensus]")
    expect(hidden).to_be_hidden(timeout=SOON)
    page.get_by_text("Ablations").click()
    hidden.click()
    page.reload()
    expect(page.locator("[data-preset=no_consensus] input")).to_be_checked(timeout=SOON)
    expect(hidden).to_be_visible()


def test_the_papers_table_stands_without_results_and_says_how_to_make_them(
    page: Page, scored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_table, "FOLDERS", (tmp_path,))
    page.goto(f"{scored}/#evaluate")
    section = page.locator(".paper-table")
    expect(section.locator(".notice code").first).to_have_text(
        "sounding reproduce table2", timeout=SOON
    )
    expect(section.locator("[data-row=cmc] .ours").first).to_have_text("–")
    expect(section.locator("[data-row=cmc] .printed").first).to_have_text("0.550")


def test_the_papers_table_has_our_rows_the_chosen_one_and_this_run(
    page: Page, scored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tables(tmp_path)
    monkeypatch.setattr(paper_table, "FOLDERS", (tmp_path,))
    table2 = json.loads((tmp_path / "table2.json").read_text())
    cmc = next(row for row in table2["rows"] if row["key"] == "cmc")
    page.goto(f"{scored}/#evaluate")
    section = page.locator(".paper-table")
    line = section.locator("[data-row=cmc]")
    expect(line).to_contain_text(f"{cmc['av_roc_auc']['mean']:.3f}", timeout=SOON)
    expect(line.locator(".gap").first).to_contain_text(
        f"+{cmc['mc3_minus_this']['av_roc_auc']['mean']:.3f} ["
    )
    expect(section.locator("tr.best")).to_have_attribute("data-row", BEST)
    expect(section.locator("[data-row=own]")).to_contain_text("this run, these labels")
    expect(section.locator("[data-row=cm_acc]")).to_contain_text("not yet run")
    expect(section.locator(".not-run")).to_contain_text("EgoNCE")

    section.get_by_role("radio", name="Table 3").click()
    expect(section.locator("thead")).to_contain_text("V→A @5")
    expect(section.locator("[data-row=cmc] .printed").first).to_have_text("36.5")
    page.reload()
    expect(section.locator("thead")).to_contain_text("V→A @5", timeout=SOON)
