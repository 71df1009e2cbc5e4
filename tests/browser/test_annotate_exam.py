"""Qualifying before the work: examples, exam, what was wrong, and the next try."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.annotating import answers_of, enter, heard, working
from tests.browser.contract import Contract
from tests.browser.labelling import serve


def test_examples_exam_result_and_another_try(page: Page, tmp_path: Path) -> None:
    contract = Contract(must_qualify=True)
    ids = [f"{n + 1:016x}" for n in range(3)]
    contract.questions = dict(
        zip(ids, [("yes", "The knife."), ("no", "No mug."), ("yes", "A cloth.")], strict=True)
    )
    contract.guideline = {
        "version": 1,
        "text": "Listen.",
        "examples": [
            {"clip_id": ids[0], "narration": "#C C x", "flags": [], "label": "no", "reason": "So."}
        ],
    }
    with serve(tmp_path / "workspace", clips=5, first=contract.router) as served:
        enter(page, served, "Ana")
        expect(page.get_by_role("heading", name="Show that you hear")).to_be_visible()
        front = page.locator(".an-front")
        expect(front).to_contain_text("3 clips, 85 % of them right")
        expect(front).to_contain_text("So.")
        page.keyboard.press("Enter")
        expect(page.locator(".an-batch")).to_have_text("Exam 1 of 3")
        heard(page)
        page.keyboard.press("u")
        expect(page.locator(".an-hint")).to_contain_text("every clip has an answer")
        page.keyboard.press("y")
        expect(page.locator(".an-batch")).to_have_text("Exam 2 of 3")
        heard(page)
        page.reload()  # it goes on where it was
        expect(page.get_by_label("Name")).to_have_value("Ana")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Start the exam").click()
        expect(page.locator(".an-batch")).to_have_text("Exam 2 of 3")
        for key in ("y", "n"):
            heard(page)
            page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible()
        expect(front).to_contain_text("1 of 3 right")
        expect(front.locator(".an-examples li")).to_have_count(2)
        expect(front).to_contain_text("No mug.")
        front.get_by_role("button", name="Play: ").first.click()
        page.wait_for_function("() => document.querySelector('.an-front video')?.currentTime > 0.2")
        page.keyboard.press("Escape")  # later
        expect(page.get_by_label("Name")).to_be_visible()
        page.keyboard.press("Enter")
        expect(front).to_contain_text("You have tried")
        page.keyboard.press("Enter")
        working(page)
        for key in ("y", "n", "y"):
            heard(page)
            page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Passed")).to_be_visible()
        page.keyboard.press("Enter")
        working(page)
        expect(page.locator(".an-batch")).to_have_text("kitchen-3")
        assert answers_of(served, "Ana") == []


def test_a_clip_that_does_not_play_waits_at_the_end_of_the_exam(page: Page, tmp_path: Path) -> None:
    contract = Contract(must_qualify=True)
    contract.questions = {f"{n + 1:016x}": ("yes", "So.") for n in range(2)}
    with serve(tmp_path / "workspace", clips=2, first=contract.router) as served:
        (served.media / f"{served.clips[0]}.mp4").write_bytes(b"no film at all" * 99)
        enter(page, served, "Ben")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Show that you hear")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(".an-note")).to_contain_text("does not play", timeout=8000)
        page.keyboard.press("b")
        heard(page)
        page.keyboard.press("y")
        expect(page.locator(".an-note")).to_contain_text("does not play", timeout=8000)
        page.keyboard.press("b")
        expect(page.get_by_role("heading", name="Some clips")).to_be_visible()
