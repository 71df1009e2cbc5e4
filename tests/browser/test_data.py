"""The Data page in a real browser: verbs, the long tail, and a video that is withdrawn."""

import csv
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Locator, Page, expect

from app.context import AppContext, open_database
from app.server import build_app, listen
from app.workspace import Workspace, open_workspace
from tests.app.workspaces import make_workspace

PLAYS = """() => {
  const video = document.querySelector(".side video");
  return video && !video.error && video.currentTime > 0.1 && video.webkitAudioDecodedByteCount > 0;
}"""


def served(workspace: Workspace) -> Iterator[str]:
    database = open_database(workspace)
    context = AppContext(workspace, database)
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(build_app(context), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    context.jobs.shut_down()
    database.close()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("data") / "workspace", 48, media=48)


@pytest.fixture(scope="module")
def studio(workspace: Workspace) -> Iterator[str]:
    yield from served(workspace)


def view(page: Page, studio: str, name: str) -> None:
    if not page.url.startswith(studio):
        page.goto(f"{studio}/#data")
    page.locator(".segments").get_by_role("tab", name=name).click()


def first_words(rows: Locator) -> list[str]:
    return [row.split()[0] for row in rows.all_inner_texts()]


def test_verbs_sort_filter_walk_by_keys_and_open_clips_that_play(page: Page, studio: str) -> None:
    view(page, studio, "Verbs")
    rows = page.locator(".verb-table tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.first).to_contain_text("n = ")
    page.get_by_role("button", name="Verb", exact=True).click()
    expect(rows.first).to_contain_text("chop")
    assert first_words(rows) == sorted(first_words(rows))
    expect(page.locator("th", has_text="Verb")).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("Verb or noun holds").fill("plate")
    expect(rows).to_have_count(1)
    page.get_by_label("Verb or noun holds").fill("")
    expect(rows).to_have_count(6)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator(".verb-table")).to_be_visible()  # arrows only move
    verb = first_words(rows)[1]
    page.keyboard.press("Enter")
    clips = page.locator(".paged tbody tr")
    expect(clips).to_have_count(8)
    assert all(f" {verb}" in text for text in clips.all_inner_texts())
    clips.first.click()
    page.wait_for_function(PLAYS, timeout=10_000)
    page.get_by_role("button", name="← Verbs").click()
    expect(rows).to_have_count(6)


def test_bars_are_walked_by_keys_and_open_their_clips(page: Page, studio: str) -> None:
    view(page, studio, "Long tail")
    bars, told = page.locator(".tail-bars"), page.locator(".tail-told")
    bars.focus()
    page.keyboard.press("Home")
    expect(told).to_contain_text("hammer nail · 8 clips")
    page.keyboard.press("End")
    expect(told).to_contain_text("number 11")
    page.get_by_role("button", name="logarithmic").click()
    bars.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator(".paged tbody tr")).to_have_count(8)
    page.get_by_role("button", name="← Long tail").click()
    page.get_by_text("As a table").click()
    expect(page.locator(".tail-table tbody tr")).to_have_count(11)
    expect(page.locator(".tail-table tbody tr").first).to_contain_text("hammer nail")


@pytest.mark.parametrize("width", [1440, 800])
@pytest.mark.parametrize("name", ["Verbs", "Long tail", "Videos"])
def test_nothing_is_wider_than_the_window(page: Page, studio: str, width: int, name: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    view(page, studio, name)
    page.locator(".paged tbody tr, .tail-bars svg").first.wait_for()
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_the_table_is_saved_as_csv(page: Page, studio: str) -> None:
    view(page, studio, "Verbs")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    assert {row["verb"] for row in rows} == {"chop", "wash", "pour", "look", "hold", "hammer"}
    assert all(int(row["clips"]) == 8 for row in rows)


def test_an_empty_workspace_says_what_will_stand_here(page: Page, tmp_path: Path) -> None:
    for address in served(open_workspace(tmp_path / "empty", create=True)):
        for name in ("Verbs", "Long tail"):
            view(page, address, name)
            expect(page.locator(".data-body")).to_contain_text("No clips yet")
        page.get_by_role("button", name="Add data").click()
        expect(page.locator(".add-data")).to_be_visible()
        page.goto("about:blank")


def test_a_video_is_withdrawn_only_when_it_is_confirmed(
    page: Page, studio: str, workspace: Workspace
) -> None:
    view(page, studio, "Videos")
    row = page.locator(".paged tbody tr", has_text="video-5")
    row.get_by_role("button", name="Withdraw video-5").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.withdraw")
    expect(dialog).to_contain_text("8 clips with their narrations; 16 media files")
    expect(dialog).to_contain_text("is not deleted")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row).not_to_contain_text("withdrawn")

    row.get_by_role("button", name="Withdraw video-5").click()
    dialog.get_by_label("Why").fill("the wearer asked")
    dialog.get_by_role("button", name="Withdraw it for good").click()
    expect(row).to_contain_text("withdrawn on 20", timeout=20_000)
    expect(page.locator(".data-head h1")).to_have_text("40 clips", timeout=20_000)
    row.click()
    expect(page.locator(".paged tbody tr")).to_have_count(8)
    page.locator(".paged tbody tr").first.click()
    expect(page.locator(".side")).to_contain_text("was withdrawn: nothing of it is kept")
    deadline = time.monotonic() + 60
    while (job := page.request.get(f"{studio}/api/jobs").json()["jobs"][0])["active"]:
        assert time.monotonic() < deadline, job
        page.wait_for_timeout(200)
    assert (job["kind"], job["state"]) == ("withdraw", "finished"), job
    assert len(list(workspace.media.glob("*.mp4"))) == 40
