"""The desk in a real browser: three people label, a lead decides by keyboard, voids, exports."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.context import AppContext, open_database
from app.server import build_app, listen
from app.workspace import open_workspace
from db.clips import add_clips, clips_by_ids
from db.engine import Database
from db.labelling import judgements, verdicts
from tests.browser.labelling import make_clips

SOON = 30_000
# Two agree on the first clip against one; all agree on the others.
WORDS = {"Ana": "yny", "Ben": "yny", "Cem": "nny"}


@dataclass(frozen=True)
class Studio:
    address: str
    database: Database
    clips: tuple[str, ...]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A served workspace of three clips that nobody was asked about yet."""
    workspace = open_workspace(tmp_path_factory.mktemp("desk") / "workspace", create=True)
    rows = make_clips(workspace.media, 3)
    database = open_database(workspace)
    with database.write() as session:
        add_clips(session, rows)
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(build_app(AppContext(workspace, database)), log_level="warning")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Studio(address, database, tuple(row.clip_id for row in rows))
        server.should_exit = True
        thread.join()
    database.close()


def desk(page: Page, studio: Studio, part: str) -> None:
    page.goto(f"{studio.address}/#desk/{part}")
    page.reload()
    expect(page.get_by_role("tab", name=part.title(), exact=True)).to_have_attribute(
        "aria-selected", "true", timeout=SOON
    )


def label_all(context: BrowserContext, studio: Studio, name: str) -> None:
    """Hear and answer every clip by keyboard: by its place among the clips, in whatever order."""
    page = context.new_page()
    page.add_init_script("localStorage.setItem('sounding-level', String(Date.now()))")
    page.goto(f"{studio.address}/annotate")
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".an-root")).to_have_attribute("data-phase", "work", timeout=SOON)
    for done in range(len(studio.clips)):
        expect(page.locator(".an-answers")).to_have_class(re.compile("an-live"), timeout=SOON)
        shown = page.locator("video.an-shown").get_attribute("src") or ""
        # The clip may come as a blob; its narration names it.
        place = _place(page, studio, shown)
        page.keyboard.press(WORDS[name][place])
        page.wait_for_function(
            "n => fetch('/api/progress').then(a => a.json()).then(p => p.done === n)",
            arg=done + 1,
            timeout=SOON,
        )
    page.close()


def _place(page: Page, studio: Studio, src: str) -> int:
    for place, clip_id in enumerate(studio.clips):
        if clip_id in src:
            return place
    told = page.locator(".an-narration").inner_text()
    with studio.database.read() as session:
        rows = clips_by_ids(session, studio.clips)
    said = [rows[clip_id].narration.removeprefix("#C ") for clip_id in studio.clips]
    return next(place for place, text in enumerate(said) if text in told or told in text)


def test_from_a_new_batch_to_a_decision_a_void_and_a_file(
    page: Page, context: BrowserContext, studio: Studio, chromium: Browser, tmp_path: Path
) -> None:
    desk(page, studio, "batches")
    page.get_by_role("button", name="New batch").first.click()
    expect(page.locator(".new-batch")).to_contain_text("3 clips = 9 answers", timeout=SOON)
    page.locator(".new-batch").get_by_label("Name", exact=True).fill("kitchen")
    page.keyboard.press("Enter")
    batch = page.get_by_role("article", name="kitchen")
    expect(batch).to_contain_text("0 of 9 answers", timeout=SOON)

    for name in WORDS:
        worker = chromium.new_context()
        label_all(worker, studio, name)
        worker.close()
    expect(batch).to_contain_text("9 of 9 answers", timeout=SOON)
    expect(batch).to_contain_text("3 / 3")

    desk(page, studio, "people")
    table = page.locator(".people-table")
    for name in WORDS:
        expect(table.get_by_role("row", name=name)).to_be_visible(timeout=SOON)
    desk(page, studio, "agreement")
    expect(page.locator(".agreement")).to_contain_text("9 answers on 3 clips", timeout=SOON)
    expect(page.locator(".agreement")).to_contain_text("66.7 %")

    desk(page, studio, "adjudicate")
    expect(page.get_by_text("0 wait for a decision · 1 more")).to_be_visible(timeout=SOON)
    page.wait_for_function(
        "() => { const v = document.querySelector('.adjudicate video');"
        " return v && !v.error && v.readyState > 2; }",
        timeout=SOON,
    )
    expect(page.locator(".adjudicate tbody tr")).to_have_count(3)
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing to adjudicate")).to_be_visible(timeout=SOON)
    assert label_of(studio, 0) is False
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back")).to_be_visible(timeout=SOON)
    assert label_of(studio, 0) is True
    page.keyboard.press("r")
    page.keyboard.type("nothing is heard")
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing to adjudicate")).to_be_visible(timeout=SOON)
    assert label_of(studio, 0) is False

    desk(page, studio, "void")
    page.get_by_role("combobox", name="Answers of").select_option(label="Cem")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="3 answers on 3 clips")).to_be_visible(timeout=SOON)
    page.get_by_role("textbox", name="Reason").fill("headphones were muted")
    page.get_by_role("button", name="Void 3 answers").click()
    undo = page.get_by_role("button", name="Undo the void")
    expect(undo).to_be_visible(timeout=SOON)
    assert answers_of(studio) == 6
    undo.click()
    expect(page.get_by_text("undone")).to_be_visible(timeout=SOON)
    assert answers_of(studio) == 9

    desk(page, studio, "batches")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "labels.csv"
    download.value.save_as(file)
    assert all(clip_id in file.read_text() for clip_id in studio.clips)
    assert "nothing is heard" in file.read_text()

    desk(page, studio, "audit")
    for deed in ("batch opened", "clip decided", "answers voided", "void undone"):
        expect(page.get_by_role("cell", name=deed).first).to_be_visible(timeout=SOON)


def label_of(studio: Studio, place: int) -> bool | None:
    with studio.database.read() as session:
        return verdicts(session)[studio.clips[place]].label


def answers_of(studio: Studio) -> int:
    with studio.database.read() as session:
        return len(judgements(session))


def test_a_guideline_is_published_and_a_clip_becomes_an_example(page: Page, studio: Studio) -> None:
    """Goes on from the batch above: its clips are decided, so they may teach."""
    desk(page, studio, "guideline")
    text = page.get_by_role("textbox", name="Guideline")
    expect(text).to_have_value(re.compile("visible AND audible"), timeout=SOON)
    page.get_by_role("button", name="Publish as version 2").click()
    expect(page.get_by_role("alert").filter(has_text="version 1 already")).to_be_visible()
    text.fill("Sounds\n\nSeen <b>and</b> heard.")
    page.get_by_role("button", name="Publish as version 2").click()
    expect(page.get_by_role("button", name="Publish as version 3")).to_be_visible(timeout=SOON)
    page.get_by_label("Find a clip by its narration").fill("chops")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("^#C C chops")).click()
    page.get_by_label("Reason, told to annotators").fill("It is heard on the board.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 clip · shown to annotators")).to_be_visible(timeout=SOON)
    told = page.request.get(f"{studio.address}/api/desk/examples").json()
    assert [(one["label"], one["reason"]) for one in told] == [("yes", "It is heard on the board.")]
    page.get_by_role("button", name=re.compile("^Take out")).click()
    expect(page.get_by_text("0 clips · shown to annotators")).to_be_visible(timeout=SOON)
    page.get_by_label("people pass an exam before they label").check()
    page.get_by_role("button", name="Save the exam").click()
    expect(page.get_by_text("The exam begins once the pool")).to_be_visible(timeout=SOON)
    page.get_by_label("clips play at").fill("3")
    page.get_by_role("button", name="Save the gain").click()
    expect(page.get_by_text("From everybody’s next sitting on.")).to_be_visible(timeout=SOON)
    told = page.request.get(f"{studio.address}/api/desk/playback").json()
    assert told == {"gain_db": 3}
