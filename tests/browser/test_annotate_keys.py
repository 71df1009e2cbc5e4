"""Keys of one's own: sets for one hand, single keys, conflicts, and what is printed on them."""

import json
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.annotating import begin, enter, heard, resume, saved, working
from tests.browser.labelling import serve

# A German keyboard: Y and Z have changed places.
GERMAN = """
const map = new Map([...'abcdefghijklmnopqrstuvwxyz'].map((c) => [
  'Key' + ({ y: 'Z', z: 'Y' }[c] ?? c.toUpperCase()), c]));
map.set('Semicolon', 'ö');
Object.defineProperty(navigator, 'keyboard', { value: { getLayoutMap: async () => map } });
"""


def test_a_set_for_the_left_hand_by_keyboard_alone_and_remembered(
    page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Ana")
        page.keyboard.press("?")
        page.get_by_role("button", name="Choose your keys").last.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Choose your keys")
        dialog.get_by_role("radio", name="Letters").focus()
        page.keyboard.press("ArrowRight")
        expect(dialog.get_by_role("radio", name="Left hand")).to_be_checked()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        yes = page.locator(".an-answer.an-yes")
        expect(yes.locator("kbd")).to_have_text("F")
        expect(yes).to_have_attribute("aria-keyshortcuts", "F")
        heard(page)
        page.keyboard.press("y")  # means nothing now
        page.keyboard.press("f")
        saved(page, served, "Ana", ["yes"])
        resume(page, "Ana")
        expect(yes.locator("kbd")).to_have_text("F")
        heard(page)
        page.keyboard.press("d")
        saved(page, served, "Ana", ["yes", "no"])


def test_one_key_is_changed_by_pressing_it_and_a_conflict_is_refused(
    page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path / "workspace", clips=4) as served:
        begin(page, served, "Ben")
        page.get_by_role("button", name="Choose your keys").click()
        dialog = page.get_by_role("dialog", name="Choose your keys")
        row = dialog.get_by_role("button", name="Can’t tell")
        row.focus()
        page.keyboard.press("Enter")
        expect(row).to_contain_text("press a key")
        page.keyboard.press("s")
        expect(dialog.get_by_role("alert")).to_have_text(
            "S is taken by “Half speed”: choose another key."
        )
        for kept in ("Enter", "Tab"):
            page.keyboard.press("Enter")
            page.keyboard.press(kept)
            expect(dialog.get_by_role("alert")).to_contain_text(f"{kept} is kept for")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")  # leaves it as it is; the dialog stays
        expect(row.locator("kbd")).to_have_text("U")
        page.keyboard.press("Enter")
        page.keyboard.press("k")
        expect(row.locator("kbd")).to_have_text("K")
        expect(dialog.get_by_role("radio", name="My own")).to_be_checked()
        page.keyboard.press("Escape")
        heard(page)
        page.keyboard.press("k")
        saved(page, served, "Ben", ["unsure"])
        # Somebody else at this browser has their own keys.
        enter(page, served, "Cem")
        working(page)
        expect(page.locator(".an-answer.an-unsure kbd")).to_have_text("U")


def test_places_are_shown_in_the_layout_of_the_keyboard(
    context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    page.add_init_script(GERMAN)
    with serve(tmp_path / "workspace", clips=3) as served:
        begin(page, served, "Dora")
        # By letters, Y is what prints Y, wherever it is.
        expect(page.locator(".an-answer.an-yes kbd")).to_have_text("Y")
        heard(page)
        page.evaluate(
            "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', code: 'KeyZ'}))"
        )
        saved(page, served, "Dora", ["yes"])
        page.get_by_role("button", name="Choose your keys").click()
        page.get_by_role("radio", name="Right hand").check()
        page.keyboard.press("Escape")
        expect(page.locator(".an-answer.an-broken kbd")).to_have_text("Ö")


def test_without_the_browsers_list_a_layout_is_learned_from_presses(
    page: Page, tmp_path: Path
) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'keyboard', { value: undefined })")
    with serve(tmp_path / "workspace", clips=3) as served:
        begin(page, served, "Emil")
        page.evaluate(
            "localStorage.setItem('sounding-keys-1', '{\"preset\": \"left\"}')"
            "; document.dispatchEvent(new KeyboardEvent('keydown', {key: 'q', code: 'KeyA'}))"
        )
        assert json.loads(page.evaluate("localStorage.getItem('sounding-layout')")) == {"KeyA": "q"}
        resume(page, "Emil")
        expect(page.locator(".an-answer.an-broken kbd")).to_have_text("Q")
