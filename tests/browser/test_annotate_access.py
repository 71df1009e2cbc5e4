"""Usable by keyboard, by a screen reader, in both themes, at every size we promise."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.annotating import begin, enter, heard
from tests.browser.contract import Contract
from tests.browser.labelling import serve

# Every text against the surface behind it (WCAG 2.2, 1.4.3); what cannot be pressed now is exempt.
CONTRAST = """() => {
  const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const mix = (colours) => {
    paint.clearRect(0, 0, 1, 1);
    for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const poor = [];
  const scope = document.querySelector('dialog[open]') ?? document.querySelector('.an-root');
  for (const node of scope.querySelectorAll('*')) {
    const text = [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
    const style = getComputedStyle(node);
    if (!text || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.closest('[aria-disabled=true], :disabled, .an-digits:not(.an-live), option')) continue;
    const behind = [];
    for (let up = node; up; up = up.parentElement) {
      behind.unshift(getComputedStyle(up).backgroundColor);
    }
    const back = light(mix(['white', ...behind]));
    const front = light(mix(['white', ...behind, style.color]));
    const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    if (ratio < 4.5) poor.push([node.className, node.textContent.slice(0, 20), ratio.toFixed(2)]);
  }
  return poor;
}"""
# Everything that can be pressed has a name.
NAMELESS = """() => [...document.querySelectorAll('.an-root :is(button, input, select)')]
  .filter((node) => node.checkVisibility() && !(node.ariaLabel || node.textContent.trim()
    || node.labels?.length)).map((node) => node.outerHTML)"""


def looked_at(page: Page) -> None:
    page.wait_for_timeout(700)  # until the flash of a pressed key is over
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(NAMELESS) == []
    size = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert size[0] <= size[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(800, 700), (1440, 900)])
def test_every_page_reads_well_in_both_themes(
    chromium: Browser, tmp_path: Path, scheme: Any, size: tuple[int, int]
) -> None:
    contract = Contract(
        guideline={
            "version": 2,
            "text": "# Sounds\n\n- its own sound",
            "examples": [
                {"clip_id": f"{1:016x}", "narration": "#C C x", "label": "no", "reason": "Because."}
            ],
        }
    )
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    with serve(tmp_path / "workspace", clips=5, first=contract.router) as served:
        page.goto(f"{served.address}/annotate")
        expect(page.get_by_label("Name")).to_be_visible()
        looked_at(page)
        enter(page, served, "Ana", checked=False)
        expect(page.locator(".an-level-said")).to_have_text("How many were there?", timeout=12_000)
        looked_at(page)
        begin(page, served, "Ana")
        heard(page)
        page.keyboard.press("n")
        page.keyboard.press("1")
        looked_at(page)
        heard(page)
        contract.gold = dict.fromkeys(served.clips, ("yes", "One hears it."))
        page.keyboard.press("u")
        expect(page.locator(".an-explained")).to_be_visible()
        looked_at(page)
        contract.gold = {}
        page.keyboard.press("Enter")
        page.keyboard.press("?")
        looked_at(page)
        page.get_by_role("button", name="Choose your keys").last.click()
        looked_at(page)
        page.keyboard.press("Escape")
        page.keyboard.press("m")
        expect(page.locator(".an-mine-row").first).to_be_focused()
        looked_at(page)
    context.close()


def test_tab_reaches_every_control_and_its_ring_is_seen(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=3) as served:
        begin(page, served, "Ben")
        heard(page)
        seen: list[str] = []
        for _ in range(30):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "(() => { const a = document.activeElement; const s = getComputedStyle(a);"
                " return [a.ariaLabel || a.textContent, s.outlineStyle, s.outlineWidth]; })()"
            )
            if found[0] in seen:
                break
            if found[0] and page.evaluate("document.activeElement !== document.body"):
                assert found[1] == "solid" and found[2] == "2px", found
                seen.append(found[0])
        for wanted in ("My work", "Choose your keys", "Keys and", "Play again", "Volume", "Sounds"):
            assert any(wanted in name for name in seen), (wanted, seen)
        assert not any("unseen" in name for name in seen)  # no reason can be given yet
        page.keyboard.press("?")  # the dialog keeps the focus
        for _ in range(6):
            page.keyboard.press("Tab")
            outside = "document.activeElement.closest('.an-root > :not(dialog)') !== null"
            assert not page.evaluate(outside)
