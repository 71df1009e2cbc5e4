"""What a person does at the labelling page, for the browser tests: come in, listen, look."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from db.labelling import my_answers
from db.people import ensure_person
from tests.browser.labelling import Served

LISTENED = 8_000  # ms within which a clip of 1.5 s has been heard, on a loaded machine
_CHECKED = "localStorage.setItem('sounding-level', String(Date.now()))"


def enter(page: Page, served: Served, name: str, *, checked: bool = True) -> None:
    """Sign in by name. `checked`: the level of the sound was checked a moment ago."""
    if checked:
        page.add_init_script(_CHECKED)
    page.goto(f"{served.address}/annotate")
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Enter")


def begin(page: Page, served: Served, name: str) -> None:
    """Sign in and get to the first clip."""
    enter(page, served, name)
    working(page)


def resume(page: Page, name: str) -> None:
    """Reload, and go on as the person one was."""
    page.reload()
    expect(page.get_by_label("Name")).to_have_value(name)
    page.keyboard.press("Enter")
    working(page)


def working(page: Page) -> None:
    expect(page.locator(".an-root")).to_have_attribute("data-phase", "work", timeout=LISTENED)


def heard(page: Page) -> None:
    expect(page.locator(".an-answers")).to_have_class(re.compile("an-live"), timeout=LISTENED)


def video(page: Page) -> dict[str, Any]:
    return page.locator("video.an-shown").evaluate(
        "v => ({time: v.currentTime, sound: v.webkitAudioDecodedByteCount, src: v.src,"
        " muted: v.muted || v.volume === 0, paused: v.paused})"
    )


def answers_of(served: Served, name: str) -> list[str]:
    """The present answers of a person in the database, oldest first."""
    with served.database.write() as session:
        person = ensure_person(session, name)
        return [mine.value for mine in reversed(my_answers(session, person.id))]


def saved(page: Page, served: Served, name: str, values: list[str]) -> None:
    """The page says so, and it is so."""
    expect(page.locator(".an-pill")).to_have_text("saved", timeout=LISTENED)
    found: list[str] = []
    for _ in range(160):
        if (found := answers_of(served, name)) == values:
            return
        page.wait_for_timeout(50)
    assert found == values


def until(page: Page, true: Callable[[], bool], seconds: float = 8) -> None:
    """Wait for what the database or the server says."""
    for _ in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()
