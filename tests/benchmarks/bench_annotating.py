"""Three real browsers label the same clips by keyboard, one of them offline for a while.

    python -m tests.benchmarks.bench_annotating [--clips 200] [--offline-s 30]

A real studio serves real clips of 1.5 s; each browser is Debian's chromium with a profile of its
own. Measured in the page: from the key press until the next clip plays, and from sending an answer
until the server has confirmed it. Afterwards the database is asked whether every press is there.
Browsers, studio and this script share the machine's cores: on two of them the figures are an upper
bound for a person's own machine.
"""

import argparse
import multiprocessing
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from app.context import open_database
from app.workspace import open_workspace
from db.clips import add_clips
from db.labelling import create_batch, verdicts
from db.verdicts import judgements
from tests.benchmarks.bench_labelling import Studio, say
from tests.browser.annotating import heard, working
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.labelling import make_clips

PEOPLE = ("Ana", "Ben", "Cem")
OFFLINE = "Cem"
WATCH = """
localStorage.setItem('sounding-level', String(Date.now()));
window.waits = []; window.saves = [];
addEventListener('keydown', (event) => { if (event.key === 'y' || event.key === 'n') window.pressed = performance.now(); }, true);
document.addEventListener('playing', (event) => {
  if (window.pressed && event.target.matches('.an-shown')) {
    window.waits.push(performance.now() - window.pressed);
    window.pressed = null;
  }
}, true);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name.endsWith('/api/answers')) window.saves.push(entry.duration);
}).observe({ type: 'resource', buffered: true });
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one browser saw; milliseconds."""

    name: str
    pressed: int
    waits: list[float]
    saves: list[float]
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--offline-s", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "studio", create=True)
        rows = make_clips(workspace.media, options.clips)
        database = open_database(workspace)
        with database.write() as session:
            add_clips(session, rows)
            create_batch(session, "bench", [row.clip_id for row in rows])
        database.close()
        studio = Studio(workspace.root, Path(folder) / "log")
        address = f"http://127.0.0.1:{studio.port}"
        with multiprocessing.get_context("spawn").Pool(len(PEOPLE)) as pool:
            jobs = [(name, address, options.clips, options.offline_s) for name in PEOPLE]
            sittings = pool.starmap(annotate, jobs)
        studio.stop()
        _report(sittings)
        database = open_database(workspace)
        with database.read() as session:
            said = judgements(session)
            found = verdicts(session)
        database.close()
        for sitting in sittings:
            stored = sum(one.person == sitting.name for one in said)
            say(f"{sitting.name}: {sitting.pressed} pressed, {stored} stored")
        lost = sum(s.pressed for s in sittings) - len(said)
        complete = sum(v.complete and v.yes + v.no == 3 for v in found.values())
        say(f"lost {lost}; clips with exactly three answers {complete} of {options.clips}")


def annotate(name: str, address: str, clips: int, offline_s: float) -> Sitting:
    """One person at one browser, until nothing is left."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{address}/annotate")
        page.get_by_label("Name").fill(name)
        page.keyboard.press("Enter")
        working(page)
        began = time.monotonic()
        pressed, back_at, been_away = 0, float("inf"), False
        while pressed < clips:
            if page.locator(".an-root").get_attribute("data-phase") == "work":
                if back_at < float("inf") and not _plays(page):
                    # What was loaded ahead is answered: without the net there is no next clip.
                    context.set_offline(False)
                    back_at = float("inf")
                    page.keyboard.press(" ")
                heard(page)
                page.keyboard.press("y" if (pressed + len(name)) % 3 else "n")
                pressed += 1
            elif back_at < float("inf"):
                back_at = 0.0  # the clips at hand ran out: nothing more can be done offline
            if name == OFFLINE and pressed == clips // 4 and not been_away:
                been_away = True
                context.set_offline(True)
                back_at = time.monotonic() + offline_s
            if time.monotonic() > back_at:
                context.set_offline(False)
                back_at = float("inf")
            page.wait_for_timeout(20)
        page.locator(".an-pill", has_text="saved").wait_for(timeout=60_000)
        sitting = Sitting(
            name,
            pressed,
            page.evaluate("window.waits"),
            page.evaluate("window.saves"),
            time.monotonic() - began,
        )
        browser.close()
        return sitting


def _plays(page: Page) -> bool:
    """Offline: does the clip in front get heard?"""
    try:
        heard(page)
    except AssertionError:
        return False
    return True


def _report(sittings: list[Sitting]) -> None:
    for what in ("waits", "saves"):
        for sitting in sittings:
            ms = np.array(getattr(sitting, what))
            p50, p95 = np.percentile(ms, [50, 95])
            name = "key press to next clip playing" if what == "waits" else "answer confirmed"
            say(f"{sitting.name}: {name}: n {len(ms)}, p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    for sitting in sittings:
        each = sitting.seconds / max(sitting.pressed, 1)
        say(f"{sitting.name}: {each:.2f} s a clip, {3600 / each:.0f} clips an hour")


if __name__ == "__main__":
    main()
