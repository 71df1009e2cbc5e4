"""My work: one's last answers, to hear again and to revise."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.annotating import begin, heard, saved, until, working
from tests.browser.contract import Contract
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


def test_ones_own_pace_and_accuracy(page: Page, tmp_path: Path) -> None:
    contract = Contract(
        mine={
            "pace": {"per_hour": 812.4, "minutes_today": 41.6, "zone": "Europe/Berlin"},
            "gold": {"right": 18, "total": 20, "low": 0.699, "high": 0.972},
        }
    )
    with serve(tmp_path / "workspace", clips=4, first=contract.router) as served:
        begin(page, served, "Ben")
        page.get_by_role("button", name="My work").click()
        facts = page.locator(".an-facts")
        expect(facts).to_contain_text("812 an hour")
        expect(facts).to_contain_text("42 min")
        expect(facts).to_contain_text("18 of 20 · 90 % [70 %, 97 %]")
        expect(page.locator(".an-front")).to_contain_text("You have not answered any clip yet.")
        page.keyboard.press("m")
        working(page)
