"""Labelling in a real browser, on real clips, into a real database."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from db.labelling import judgements, verdicts
from tests.browser.annotating import LISTENED, answers_of, begin, enter, heard, saved, video
from tests.browser.labelling import Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    flags = ((), (), (), ("other_person",), ("no_audio",))
    with serve(
        tmp_path_factory.mktemp("studio") / "workspace", flags=flags, slots_per_clip=9
    ) as served:
        yield served


def test_five_clips_by_keyboard_undo_and_a_reload_that_finds_its_place(
    page: Page, served: Served
) -> None:
    begin(page, served, "Ana")
    said = ["yes", "no", "unsure", "broken", "yes"]
    seen: list[str] = []
    for value in said:
        heard(page)
        now = video(page)
        seen.append(now["src"])
        silent = page.locator(".an-flag", has_text="no sound track").count() > 0
        assert now["time"] > 1 and not now["muted"] and (silent or now["sound"] > 0)
        page.keyboard.press(value[0])
    saved(page, served, "Ana", said)
    assert len(set(seen)) == 5
    expect(page.locator(".an-count")).to_have_text("5 / 8")

    page.keyboard.press("Backspace")
    expect(page.locator(".an-hint")).to_contain_text("Taken back")
    assert video(page)["src"] == seen[-1]
    saved(page, served, "Ana", said[:-1])
    page.keyboard.press("n")  # heard before: no need to wait again
    saved(page, served, "Ana", [*said[:-1], "no"])

    heard(page)
    place = page.locator(".an-narration").inner_text()
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("Ana")
    page.keyboard.press("Enter")
    expect(page.locator(".an-narration")).to_have_text(place)
    expect(page.locator(".an-count")).to_have_text("5 / 8")
    heard(page)
    page.keyboard.press("Backspace")  # an undo beyond the reload is the server's
    expect(page.locator(".an-count")).to_have_text("4 / 8")
    saved(page, served, "Ana", said[:-1])


def test_keys_live_only_after_one_full_play_with_sound(page: Page, served: Served) -> None:
    begin(page, served, "Ben")
    narration = page.locator(".an-narration").inner_text()
    page.keyboard.press("y")
    expect(page.locator(".an-hint")).to_contain_text("Listen to the end")
    page.get_by_label("Volume").fill("0")
    page.wait_for_function("() => document.querySelector('video.an-shown').ended")
    if "sound track" not in page.locator(".an-flags").inner_text():
        expect(page.locator(".an-answers")).not_to_have_class(re.compile("an-live"))
        page.keyboard.press("y")
        expect(page.locator(".an-hint")).to_contain_text("volume up")
    page.get_by_label("Volume").fill("0.8")
    page.keyboard.press(" ")
    heard(page)
    expect(page.locator(".an-narration")).to_have_text(narration)
    assert answers_of(served, "Ben") == []
    page.keyboard.press("y")
    saved(page, served, "Ben", ["yes"])
    with served.database.read() as session:
        (mine,) = [one for one in judgements(session) if one.person == "Ben"]
    assert mine.heard and mine.plays >= 1 and mine.decision_ms is not None


def test_a_press_just_before_the_end_counts_at_the_end(page: Page, served: Served) -> None:
    begin(page, served, "Early")
    page.evaluate(
        """() => new Promise((done) => {
          const look = () => {
            const v = document.querySelector('video.an-shown');
            const early = v.duration - v.currentTime > 0.25 || !v.currentTime;
            if (early) return requestAnimationFrame(look);
            document.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
            done();
          };
          look();
        })"""
    )
    saved(page, served, "Early", ["no"])


def test_without_the_server_answers_wait_survive_a_reload_and_count_once(
    context: BrowserContext, page: Page, served: Served
) -> None:
    begin(page, served, "Cem")
    lost: list[str] = []

    def cut(route: Any) -> None:
        lost.append(route.request.url)
        route.fetch()  # the server has it, its acknowledgement gets lost
        route.abort()

    page.route("**/api/answers", cut)
    for value in ("y", "n"):
        heard(page)
        page.keyboard.press(value)
    expect(page.locator(".an-pill")).to_have_text("2 waiting", timeout=LISTENED)
    expect(page.locator(".an-pill")).to_have_class(re.compile("an-waiting"))
    heard(page)  # work goes on
    page.reload()
    page.unroute("**/api/answers")
    expect(page.get_by_label("Name")).to_have_value("Cem")
    page.keyboard.press("Enter")
    expect(page.locator(".an-root")).to_have_attribute("data-phase", "work", timeout=LISTENED)
    saved(page, served, "Cem", ["yes", "no"])
    expect(page.locator(".an-count")).to_have_text(re.compile("^2 / "))
    assert lost


def test_a_clip_that_does_not_play_can_only_be_marked_broken(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=1) as served:
        (served.media / f"{served.clips[0]}.mp4").write_bytes(b"no film at all" * 99)
        begin(page, served, "Dora")
        expect(page.locator(".an-note")).to_contain_text("does not play", timeout=LISTENED)
        page.keyboard.press("y")
        assert answers_of(served, "Dora") == []
        page.keyboard.press("b")
        saved(page, served, "Dora", ["broken"])
        expect(page.get_by_role("heading")).to_contain_text("last one for you")
        with served.database.read() as session:
            assert verdicts(session)[served.clips[0]].missing == 3


def test_narrations_are_text_and_nothing_is_fetched_from_elsewhere(
    page: Page, tmp_path: Path
) -> None:
    outside: list[str] = []
    with serve(tmp_path / "workspace", clips=4, slots_per_clip=1) as served:
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((served.address, "data:", "blob:"))
                else outside.append(request.url)
            ),
        )
        begin(page, served, "<img src=x onerror=alert(1)>")
        shown: set[str] = set()
        for _ in range(4):
            heard(page)
            shown.add(page.locator(".an-narration").inner_text())
            page.keyboard.press("n")
            page.wait_for_timeout(50)
        expect(page.get_by_role("heading")).to_contain_text("last one for you")
        assert "a man X opens the tap <b>slowly</b>" in shown
        assert page.locator(".an-head img, .an-narration b").count() == 0
        expect(page.locator(".an-person")).to_have_text("<img src=x onerror=alert(1)>")
    assert outside == []


def test_clips_in_no_batch_are_opened_by_one_button(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=2, batch=None) as served:
        enter(page, served, "Alone")
        page.get_by_label("People per clip").select_option("1")
        page.get_by_role("button", name="Open 2 clips for labelling").click()
        expect(page.locator(".an-rater, .chip", has_text="one rater")).to_be_visible(
            timeout=LISTENED
        )
        heard(page)


@pytest.mark.parametrize(("width", "height"), [(800, 700), (1440, 900), (1920, 1080)])
def test_everything_fits(page: Page, served: Served, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    begin(page, served, f"Fit {width}")
    size = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert size[0] <= width and size[1] <= height
    for answer in page.locator(".an-answer").all():
        box = answer.bounding_box()
        assert box is not None and box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
