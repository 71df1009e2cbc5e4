"""Known answers: warm-ups, checks answered wrong, guidelines, and the way back after a pause."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.annotating import begin, enter, heard, resume, saved, until, working
from tests.browser.contract import Contract
from tests.browser.labelling import serve

ONE, TWO, THREE = (f"{n:016x}" for n in (1, 2, 3))
TEXT = """# What counts

The sound must be
of the <b>narrated</b> action.

- a radio does not count
- nor does the next action
"""
EXAMPLE = {
    "clip_id": ONE,
    "narration": "#C C chops <i>the</i> onion",
    "flags": [],
    "label": "yes",
    "reason": "The knife hits the board.",
}


def guideline(version: int) -> dict[str, object]:
    return {"version": version, "text": TEXT, "examples": [EXAMPLE]}


def test_warm_ups_are_explained_not_stored_and_come_once_a_day(page: Page, tmp_path: Path) -> None:
    contract = Contract(
        warmups=[
            {"clip_id": ONE, "label": "yes", "reason": "One hears the knife."},
            {"clip_id": TWO, "label": "no", "reason": "The mug stands already."},
        ]
    )
    with serve(tmp_path / "workspace", clips=4, first=contract.router) as served:
        enter(page, served, "Ana")
        expect(page.locator(".an-batch")).to_contain_text("Warm-up 1 of 2")
        heard(page)
        page.keyboard.press("n")
        panel = page.locator(".an-explained")
        expect(panel).to_contain_text("One hears the knife.")
        expect(panel).to_contain_text("You said Does not")
        expect(panel).to_contain_text("The answer is Sounds")
        expect(page.locator(".an-answers")).to_be_hidden()
        page.keyboard.press("n")  # answered already
        page.keyboard.press("Enter")
        expect(page.locator(".an-batch")).to_contain_text("Warm-up 2 of 2")
        heard(page)
        page.keyboard.press("n")
        expect(panel).to_contain_text("Right.")
        page.keyboard.press("Enter")
        expect(page.locator(".an-batch")).to_have_text("kitchen-3")
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Ana", ["yes"])
        resume(page, "Ana")
        expect(page.locator(".an-batch")).to_have_text("kitchen-3")
        enter(page, served, "Ben")  # another person has their own
        expect(page.locator(".an-batch")).to_contain_text("Warm-up 1 of 2")
        page.keyboard.press("Escape")
        expect(page.locator(".an-batch")).to_have_text("kitchen-3")


def test_guidelines_are_text_their_examples_play_and_a_change_is_said_once(
    page: Page, tmp_path: Path
) -> None:
    contract = Contract(guideline=guideline(3))
    with serve(tmp_path / "workspace", clips=4, first=contract.router) as served:
        begin(page, served, "Ana")
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("heading", name="What counts")).to_be_visible()
        expect(dialog).to_contain_text("The sound must be of the <b>narrated</b> action.")
        assert dialog.locator(".an-guideline b, .an-examples i").count() == 0
        expect(dialog.locator(".an-guideline li")).to_have_count(2)
        play = dialog.get_by_role("button", name="Play: C chops")
        play.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('dialog video')?.currentTime > 0.2")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Ana", ["yes"])
        assert contract.said[-1].guideline_version == 3
        contract.guideline = guideline(4)
        page.reload()
        expect(page.get_by_label("Name")).to_have_value("Ana")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="The guidelines have changed")).to_be_visible()
        page.keyboard.press("Enter")
        working(page)
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Ana", ["yes", "yes"])
        assert contract.said[-1].guideline_version == 4
        resume(page, "Ana")  # said once


def test_a_check_answered_wrong_comes_back_with_its_reason_and_can_be_disputed(
    page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=4, first=(contract := Contract()).router) as served:
        begin(page, served, "Ana")
        heard(page)
        contract.gold = dict.fromkeys(served.clips, ("yes", "The cloth is heard on the table."))
        page.keyboard.press("n")
        panel = page.locator(".an-explained")
        expect(panel).to_contain_text("The cloth is heard on the table.")
        contract.gold = {}
        shown = page.locator("video.an-shown")
        first = shown.get_attribute("src") or ""
        page.wait_for_function("() => document.querySelector('video.an-shown').ended")
        page.keyboard.press(" ")
        page.wait_for_function("() => !document.querySelector('video.an-shown').ended")
        page.keyboard.press("d")
        page.keyboard.type("no cloth, only a tap")
        page.keyboard.press("Enter")
        expect(panel).to_contain_text("Disputed")
        assert [note for _, note in contract.disputes] == ["no cloth, only a tap"]
        page.keyboard.press("Enter")
        expect(panel).to_be_hidden()
        assert shown.get_attribute("src") != first
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Ana", ["no", "yes"])
        expect(page.locator(".an-count")).to_have_text("2 / 4")


def test_a_check_that_arrives_late_sets_the_present_clip_aside_and_may_pause(
    page: Page, tmp_path: Path
) -> None:
    contract = Contract(guideline=guideline(1), pause_after_gold=True)
    contract.questions = {ONE: ("yes", "The knife."), TWO: ("no", "No mug.")}
    with serve(tmp_path / "workspace", clips=6, first=contract.router) as served:
        begin(page, served, "Ben")
        contract.gold = dict.fromkeys(served.clips, ("yes", "One hears it."))
        page.route("**/api/answers", lambda route: route.abort())
        heard(page)
        page.keyboard.press("n")
        expect(page.locator(".an-pill")).to_have_text("1 waiting", timeout=8000)
        heard(page)
        second = page.locator(".an-narration").inner_text()
        page.unroute("**/api/answers")
        page.evaluate("dispatchEvent(new Event('online'))")
        panel = page.locator(".an-explained")
        expect(panel).to_contain_text("One hears it.")
        contract.gold = {}
        contract.paused = "Three of your last five checks were wrong."
        page.reload()  # not read yet: it comes again
        expect(page.get_by_label("Name")).to_have_value("Ben")
        page.keyboard.press("Enter")
        expect(panel).to_contain_text("One hears it.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your work is paused")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Show that you hear")).to_be_visible()
        page.keyboard.press("Enter")
        working(page)
        for key in ("y", "n"):
            heard(page)
            page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Passed")).to_be_visible()
        page.keyboard.press("Enter")
        working(page)
        expect(page.locator(".an-narration")).to_have_text(second)
        until(page, lambda: len(contract.said) == 1)
