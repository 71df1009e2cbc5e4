"""The whole loop in a browser, on the real demo: label, look, train, see the curve."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

ROOT = Path(__file__).resolve().parents[2]
TABS = ("Annotate", "Data", "Desk", "Explore", "Train", "Evaluate")
BUILT = 1_200  # s that a loaded machine may take to render, cut, embed and map 400 clips
SOON = 60_000  # ms
PLAYS = """(where) => {
  const video = document.querySelector(where);
  return video && !video.error && video.currentTime > 0.1 && video.webkitAudioDecodedByteCount > 0;
}"""
# Where a point of the map lies on the screen: the first point of the first trace.
POINT = """() => {
  const plot = document.querySelector(".map-plot"), { xaxis, yaxis } = plot._fullLayout;
  const frame = plot.getBoundingClientRect(), { x, y } = plot.data[0];
  return [frame.left + xaxis._offset + xaxis.c2p(x[0]),
          frame.top + yaxis._offset + yaxis.c2p(y[0])];
}"""


@dataclass(frozen=True)
class Demo:
    """A demo that a person started from a terminal."""

    address: str
    workspace: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}") as answer:  # noqa: S310 (our own)
            return json.load(answer)

    def answers(self, person: str) -> list[str]:
        """This person's present answers in the SQLite file, oldest first."""
        with sqlite3.connect(f"file:{self.workspace}/sounding.db?mode=ro", uri=True) as database:
            rows = database.execute(
                "SELECT a.value FROM answer a JOIN assignment s ON s.id = a.assignment_id "
                "JOIN person p ON p.id = s.person_id WHERE p.name = ? AND a.value <> 'retracted' "
                "AND NOT EXISTS (SELECT 1 FROM answer b WHERE b.supersedes = a.id) ORDER BY a.id",
                (person,),
            )
            return [value for (value,) in rows]

    def wait_until_built(self) -> None:
        deadline = time.monotonic() + BUILT
        while any(job["active"] for job in self.get("/api/jobs")["jobs"]):
            assert time.monotonic() < deadline, self.get("/api/jobs")
            time.sleep(1)
        states = {job["kind"]: job["state"] for job in self.get("/api/jobs")["jobs"]}
        assert states["demo"] == "finished", self.get("/api/jobs")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Demo]:
    workspace = tmp_path_factory.mktemp("demo") / "workspace"
    command = [
        sys.executable,
        "-m",
        "app.cli",
        "demo",
        "--workspace",
        str(workspace),
        "--port",
        "0",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--no-browser"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+", line):
                yield Demo(found[0], workspace)
                break
        else:
            pytest.fail("".join(said))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def open_tab(page: Page, demo: Demo, name: str) -> None:
    if not page.url.startswith(demo.address):
        page.goto(demo.address)
    page.get_by_role("tab", name=name).click()


def begin(page: Page, name: str) -> None:
    page.evaluate("localStorage.setItem('sounding-level', String(Date.now()))")  # checked just now
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".an-root")).to_have_attribute("data-phase", "work", timeout=SOON)
    batch = page.locator(".an-batch")
    expect(batch).not_to_have_text("")
    if batch.inner_text().startswith("Warm-up"):  # its examples may have come since the last time
        page.keyboard.press("Escape")
        expect(batch).not_to_contain_text("Warm-up", timeout=SOON)


def saved(page: Page, demo: Demo, values: list[str]) -> None:
    """The page says so, and it is so; a press takes a moment to leave the page."""
    deadline = time.monotonic() + SOON / 1000
    while demo.answers("Visitor") != values and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert demo.answers("Visitor") == values
    expect(page.locator(".an-pill")).to_have_text("saved", timeout=SOON)


def test_a_visitor_labels_five_clips_while_the_demo_is_still_being_built(
    page: Page, demo: Demo
) -> None:
    outside: list[str] = []
    ours = (demo.address, "data:", "blob:")

    def look(sent: Request) -> None:
        if not sent.url.startswith(ours):
            outside.append(sent.url)

    page.on("request", look)
    open_tab(page, demo, "Annotate")
    begin(page, "Visitor")
    said = ["yes", "no", "yes", "unsure", "no"]
    for value in said:
        expect(page.locator(".an-answers")).to_have_class(re.compile("an-live"), timeout=SOON)
        assert page.evaluate(PLAYS, "video.an-shown")
        page.keyboard.press(value[0])
    saved(page, demo, said)

    page.keyboard.press("Backspace")
    expect(page.locator(".an-hint")).to_contain_text("Taken back")
    saved(page, demo, said[:-1])
    place = page.locator(".an-narration").inner_text()
    page.reload()
    begin(page, "Visitor")
    expect(page.locator(".an-narration")).to_have_text(place)
    assert not outside


def test_every_tab_opens_on_something_true(page: Page, demo: Demo) -> None:
    demo.wait_until_built()
    page.goto(demo.address)
    for name in TABS:
        open_tab(page, demo, name)
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".roc, .chart").first).to_be_visible(timeout=SOON)


def test_a_click_on_the_map_plays_the_clip_with_sound(page: Page, demo: Demo) -> None:
    demo.wait_until_built()
    page.goto(f"{demo.address}/#explore")
    page.wait_for_function(
        "() => document.querySelector('.map-plot canvas')"
        " && document.querySelector('.map-plot').data?.length > 1",
        timeout=SOON,
    )
    page.mouse.click(*page.evaluate(POINT))
    page.wait_for_function(PLAYS, arg=".clip-panel video", timeout=SOON)


def test_a_training_is_launched_seen_and_another_cancelled(page: Page, demo: Demo) -> None:
    demo.wait_until_built()
    page.goto(f"{demo.address}/#train")
    page.get_by_label("Steps at most").fill("6")
    page.get_by_role("button", name="Start training").click()
    state = page.locator(".run-detail .chip").first  # the others are scores
    expect(state).to_have_text("finished", timeout=4 * SOON)
    page.wait_for_function(
        "() => document.querySelector('.curves').data?.some((t) => t.x.length === 6)", timeout=SOON
    )

    page.get_by_label("Steps at most").fill("")
    page.get_by_role("button", name="Start training").click()
    expect(state).to_have_text("training", timeout=4 * SOON)
    until = time.monotonic() + 4 * SOON / 1000
    while demo.get("/api/runs")["runs"][0]["status"]["step"] == 0 and time.monotonic() < until:
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Cancel").click()
    expect(state).to_have_text("stopped", timeout=4 * SOON)
    stopped = demo.get("/api/runs")["runs"][0]["status"]
    assert 0 < stopped["step"] < stopped["total_steps"]
