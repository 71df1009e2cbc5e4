"""Why-not codes: a second key that costs nothing, while the next clip plays already."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.label_tables import Answer
from tests.browser.annotating import begin, heard, saved, until
from tests.browser.labelling import Served, serve


def rows(served: Served) -> list[tuple[str, tuple[str, ...]]]:
    with served.database.read() as session:
        return [
            (value, tuple(reasons))
            for value, reasons in session.execute(
                select(Answer.value, Answer.reasons).order_by(Answer.id)
            )
        ]


def test_a_code_goes_with_the_answer_before_while_the_next_clip_plays(
    page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Ana")
        line = page.locator(".an-why")
        heard(page)
        page.keyboard.press("2")  # no answer yet: the code means nothing
        page.keyboard.press("n")
        expect(line).to_contain_text("saved · why not?")
        page.keyboard.press("2")
        expect(line.locator("[aria-pressed=true]")).to_have_text("2 unheard".replace(" ", ""))
        page.keyboard.press("3")
        saved(page, served, "Ana", ["no"])
        heard(page)
        expect(line).to_be_hidden()  # the next clip was heard: its own answer is what counts now
        page.keyboard.press("1")
        page.keyboard.press("y")
        expect(line).to_be_hidden()  # a yes needs no reason
        saved(page, served, "Ana", ["no", "yes"])
        said = [("no", ()), ("no", ("not_audible",)), ("no", ("not_audible", "not_wearer"))]
        assert rows(served) == [*said, ("yes", ())]

        heard(page)
        page.keyboard.press("u")
        page.get_by_role("button", name="text").click()
        saved(page, served, "Ana", ["no", "yes", "unsure"])
        page.keyboard.press("Backspace")  # takes the whole of it back
        saved(page, served, "Ana", ["no", "yes"])
        expect(line).to_be_hidden()
        expect(page.locator(".an-count")).to_have_text("2 / 4")


def test_the_last_clip_gets_its_reason_on_the_last_page(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=1) as served:
        begin(page, served, "Ben")
        heard(page)
        page.keyboard.press("n")
        expect(page.get_by_role("heading")).to_contain_text("last one for you")
        page.keyboard.press("4")
        until(page, lambda: rows(served)[-1] == ("no", ("narration_wrong",)))
        page.keyboard.press("Backspace")
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Ben", ["yes"])
