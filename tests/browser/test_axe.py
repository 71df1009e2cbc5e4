"""Every page of the studio by axe-core's rules (WCAG 2 A and AA): nothing serious, both themes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from app.context import AppContext, open_database
from app.server import build_app, listen
from app.services.evaluation import evaluate
from app.services.exploration import explore
from db.accounts import set_password
from db.people import ensure_person
from tests.app.workspaces import RUN, make_workspace
from tests.browser.annotating import begin, enter, heard
from tests.browser.labelling import Served

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']}"
SOON = 30_000
TABS = {
    "data": ".page table, .page .chart",
    "desk": "#page-desk table, #page-desk .empty, #page-desk button",
    "explore": ".map-plot .plot-container",
    "train": "#page-train button",
    "evaluate": "#page-evaluate table",
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    workspace = make_workspace(tmp_path_factory.mktemp("axe") / "workspace", 48)
    evaluate(workspace, RUN, "refine")
    explore(workspace, RUN, clusters=4)
    database = open_database(workspace)
    with listen("127.0.0.1", 0) as listener:
        app = build_app(AppContext(workspace, database))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Served(address, database, (), workspace.media)
        server.should_exit = True
        thread.join()
    database.close()


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical: rule, and where."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {RULES})")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tab", TABS)
def test_no_tab_has_a_serious_fault(page: Page, studio: Served, tab: str, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('sounding-theme', '{theme}')")
    page.goto(f"{studio.address}/#{tab}")
    expect(page.locator(f"#tab-{tab}-button")).to_have_attribute(
        "aria-selected", "true", timeout=SOON
    )
    page.locator(TABS[tab]).first.wait_for(timeout=SOON)
    page.wait_for_timeout(500)  # what fades in has its full contrast
    assert serious(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_labelling_has_none_before_and_while_it_is_done(
    page: Page, studio: Served, theme: str
) -> None:
    page.add_init_script(f"localStorage.setItem('sounding-theme', '{theme}')")
    page.goto(f"{studio.address}/annotate")
    expect(page.get_by_label("Name")).to_be_visible(timeout=SOON)
    assert serious(page) == []
    enter(page, studio, f"Eve {theme}", checked=False)
    expect(page.get_by_role("heading").first).to_be_visible(timeout=SOON)
    assert serious(page) == []
    begin(page, studio, f"Eve {theme}")
    heard(page)
    page.wait_for_timeout(700)
    assert serious(page) == []
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    assert serious(page) == []


def test_the_doors_have_none(page: Page, studio: Served) -> None:
    with studio.database.write() as session:
        person = ensure_person(session, "Ada")
        set_password(session, person.id, "x")
    for door in ("signin", "join"):
        page.goto(f"{studio.address}/{door}")
        expect(page.get_by_role("heading").first).to_be_visible(timeout=SOON)
        assert serious(page) == []
