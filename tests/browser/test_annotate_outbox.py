"""No answer is ever lost: reload, crash, ten minutes offline, two tabs, two devices, full disks."""

import os
import signal
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from db.labelling import judgements, verdicts
from tests.browser.annotating import (
    answers_of,
    begin,
    enter,
    heard,
    resume,
    saved,
    until,
    video,
    working,
)
from tests.browser.contract import Contract
from tests.browser.labelling import serve

KEPT = """async () => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => /outbox/.test(name));
  const promise = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const base = await promise(indexedDB.open(name));
  const count = await promise(base.transaction('operations').objectStore('operations').count());
  base.close();
  return count;
}"""


def waiting(page: Page, count: int) -> None:
    expect(page.locator(".an-pill")).to_have_text(f"{count} waiting", timeout=8000)


def test_offline_through_a_crash_and_back(
    chromium: Browser, context: BrowserContext, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=8) as served:
        page = context.new_page()
        begin(page, served, "Ana")
        heard(page)
        expect(page.locator(".an-pill")).to_have_text("saved")
        context.set_offline(True)
        for key in ("y", "n", "2"):
            if key != "2":
                heard(page)
            page.keyboard.press(key)
        waiting(page, 3)  # two answers, and the reason of the second
        until(page, lambda: page.evaluate(KEPT) == 3)
        kept = "Your answers are kept in this browser, and sent as soon as it takes them."
        pill = page.locator(".an-pill")
        expect(pill).to_have_attribute("title", f"The studio does not answer. {kept}")
        # The page's process is killed: nothing can be said or stored on the way out.
        devtools = chromium.new_browser_cdp_session()
        with page.expect_event("crash"):
            for process in devtools.send("SystemInfo.getProcessInfo")["processInfo"]:
                if process["type"] == "renderer":
                    os.kill(process["id"], signal.SIGKILL)
        page.close()
        context.set_offline(False)
        page = context.new_page()
        enter(page, served, "Ana")
        working(page)
        saved(page, served, "Ana", ["yes", "no"])
        expect(page.locator(".an-count")).to_have_text("2 / 8")


def test_the_net_comes_back_by_itself(context: BrowserContext, page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=8) as served:
        begin(page, served, "Ben")
        heard(page)
        context.set_offline(True)
        page.keyboard.press("u")
        waiting(page, 1)
        page.keyboard.press("Backspace")
        waiting(page, 2)
        heard(page)
        page.keyboard.press("y")
        waiting(page, 3)
        context.set_offline(False)
        saved(page, served, "Ben", ["yes"])


def test_a_studio_that_cannot_save_is_said_and_waited_for(page: Page, tmp_path: Path) -> None:
    contract = Contract()
    with serve(tmp_path / "workspace", clips=6, first=contract.router) as served:
        begin(page, served, "Cem")
        heard(page)
        for status in (503, 507, 500):
            contract.broken = (status, f"The disk of the studio is full ({status}).")
            if status == 503:
                page.keyboard.press("y")
            expect(page.locator(".an-trouble")).to_contain_text(
                f"The disk of the studio is full ({status}). Your answers are kept", timeout=9000
            )
        resume(page, "Cem")
        expect(page.locator(".an-trouble")).to_be_visible()
        contract.broken = None
        saved(page, served, "Cem", ["yes"])
        expect(page.locator(".an-trouble")).to_be_hidden()
        # A proxy's own refusal is not the studio's: nothing is thrown away for it.
        page.route("**/api/answers", lambda route: route.fulfill(status=404, body="<h1>404</h1>"))
        heard(page)
        page.keyboard.press("n")
        waiting(page, 1)
        page.unroute("**/api/answers")
        saved(page, served, "Cem", ["yes", "no"])


def test_one_answer_that_the_studio_stumbles_over_does_not_hold_up_the_rest(
    page: Page, tmp_path: Path
) -> None:
    contract = Contract()
    with serve(tmp_path / "workspace", clips=6, first=contract.router) as served:
        begin(page, served, "Ida")
        heard(page)
        contract.stumbles = {video(page)["src"].rsplit("/", 1)[1]}
        page.keyboard.press("n")
        page.keyboard.press("2")
        heard(page)
        page.keyboard.press("y")
        until(page, lambda: answers_of(served, "Ida") == ["yes"], 15)
        waiting(page, 2)
        contract.stumbles = set()
        page.evaluate("dispatchEvent(new Event('online'))")
        saved(page, served, "Ida", ["yes", "no"])
        assert contract.said[-1].reasons == ("not_audible",)


def test_two_tabs_of_one_person_do_not_answer_one_clip_twice(
    context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=6) as served:
        begin(page, served, "Dora")
        other = context.new_page()
        begin(other, served, "Dora")
        page.bring_to_front()
        first = page.locator(".an-narration").inner_text()
        expect(other.locator(".an-narration")).to_have_text(first)  # the same lease
        page.keyboard.press(" ")
        heard(page)
        page.keyboard.press("y")
        expect(other.locator(".an-narration")).not_to_have_text(first)
        other.bring_to_front()
        other.keyboard.press(" ")
        heard(other)
        other.keyboard.press("n")
        saved(other, served, "Dora", ["yes", "no"])
        with served.database.read() as session:
            clips = [one.clip_id for one in judgements(session)]
        assert len(set(clips)) == len(clips) == 2
        # Nor does an answer that a closed tab could not send: the next tab takes it along.
        context.set_offline(True)
        page.bring_to_front()
        page.keyboard.press(" ")
        heard(page)
        page.keyboard.press("y")
        waiting(page, 1)
        page.close()
        context.set_offline(False)
        enter(other, served, "Dora")
        working(other)
        saved(other, served, "Dora", ["yes", "no", "yes"])


def test_two_devices_of_one_person_the_last_word_counts(
    chromium: Browser, page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=1, slots_per_clip=1) as served:
        begin(page, served, "Emil")
        heard(page)
        phone = chromium.new_context()
        second = phone.new_page()
        begin(second, served, "Emil")
        heard(second)
        page.keyboard.press("y")
        saved(page, served, "Emil", ["yes"])
        second.keyboard.press("n")
        saved(second, served, "Emil", ["no"])
        phone.close()
        with served.database.read() as session:
            assert verdicts(session)[served.clips[0]].missing == 0


FULL = """
const add = IDBObjectStore.prototype.add;
window.full = false;
IDBObjectStore.prototype.add = function (...given) {
  if (window.full) throw new DOMException('full', 'QuotaExceededError');
  return add.apply(this, given);
};
"""


def test_without_room_in_the_browser_answers_stay_in_memory_and_it_says_so(
    page: Page, tmp_path: Path
) -> None:
    page.add_init_script(FULL)
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Fay")
        heard(page)
        page.evaluate("window.full = true")
        page.route("**/api/answers", lambda route: route.abort())
        page.keyboard.press("y")
        expect(page.locator(".an-trouble")).to_contain_text("no room left", timeout=8000)
        heard(page)
        page.unroute("**/api/answers")
        saved(page, served, "Fay", ["yes"])
        expect(page.locator(".an-trouble")).to_be_hidden()


def test_a_clock_set_back_changes_nothing(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Gil")
        heard(page)
        page.keyboard.press("y")
        page.evaluate("const now = Date.now; Date.now = () => now.call(Date) - 86400000;")
        heard(page)
        page.keyboard.press("n")
        saved(page, served, "Gil", ["yes", "no"])
        with served.database.read() as session:
            decided = [one.decision_ms for one in judgements(session)]
        assert all(ms is not None and 0 <= ms < 60_000 for ms in decided)


PACE = """
window.waits = [];
document.addEventListener('keydown', (event) => {
  if (event.key === 'y') window.pressed = performance.now();
}, true);
document.addEventListener('playing', (event) => {
  if (window.pressed && event.target.matches('.an-shown')) {
    window.waits.push(performance.now() - window.pressed);
    window.pressed = null;
  }
}, true);
"""


def test_the_next_clip_plays_at_once(page: Page, tmp_path: Path, record_property: Any) -> None:
    page.add_init_script(PACE)
    with serve(tmp_path / "workspace", clips=20) as served:
        begin(page, served, "Hal")
        for _ in range(19):
            heard(page)
            page.keyboard.press("y")
        until(page, lambda: len(page.evaluate("window.waits")) >= 19)
        waits = sorted(page.evaluate("window.waits"))
        record_property("next_clip_ms", {"p50": waits[9], "p95": waits[18]})
        until(page, lambda: len(answers_of(served, "Hal")) == 19)
