"""My work: one's last answers, to hear again and to revise."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.annotating import begin, heard, saved, until, working
from tests.browser.labelling import serve


def test_an_old_answer_is_heard_again_and_revised_by_keyboard(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Ana")
        for key in ("y", "n"):
            heard(page)
            page.keyboard.press(key)
        heard(page)
        present = page.locator(".an-narration").inner_text()
        page.keyboard.press("m")
        rows = page.locator(".an-mine-row")
        expect(rows).to_have_count(2)
        expect(rows.first).to_be_focused()
        expect(rows.first).to_contain_text("Does not")
        page.keyboard.press("ArrowDown")
        expect(rows.nth(1)).to_be_focused()
        text = rows.nth(1).locator(".an-mine-text").inner_text()
        page.keyboard.press("Enter")
        expect(page.locator(".an-narration")).to_have_text(text)
        expect(page.locator(".an-batch")).to_contain_text("you said “Sounds”")
        page.keyboard.press("n")
        expect(page.locator(".an-hint")).to_contain_text("Listen to the end")
        heard(page)
        page.keyboard.press("Escape")  # leaves it as it is
        expect(rows).to_have_count(2)
        page.keyboard.press("Enter")
        heard(page)
        page.keyboard.press("n")
        expect(page.locator(".an-front")).to_contain_text("Revised")
        page.keyboard.press("1")
        saved(page, served, "Ana", ["no", "no"])
        expect(page.locator(".an-count")).to_have_text("2 / 4")
        page.keyboard.press("Escape")
        working(page)
        expect(page.locator(".an-narration")).to_have_text(present)
        heard(page)
        page.keyboard.press("m")
        until(page, lambda: "unseen" in rows.first.inner_text())
        assert rows.count() == 2
