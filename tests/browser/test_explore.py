"""Explore and Evaluate in a real browser: a point plays with sound, a line selects, keys walk."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from app.context import AppContext, open_database
from app.server import build_app, listen
from app.services.evaluation import evaluate
from tests.app.test_map_routes import lay_out
from tests.app.workspaces import RUN, make_workspace

PLAYS = """() => {
  const video = document.querySelector(".clip-panel video");
  return video && !video.error && video.currentTime > 0.1 && video.webkitAudioDecodedByteCount > 0;
}"""
PLACE = """([trace, number]) => {
  const plot = document.querySelector(".map-plot"), { xaxis, yaxis } = plot._fullLayout;
  const frame = plot.getBoundingClientRect(), { x, y } = plot.data[trace];
  return [frame.left + xaxis._offset + xaxis.c2p(x[number]),
          frame.top + yaxis._offset + yaxis.c2p(y[number])];
}"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served workspace with a map of the joint space and figures on its test split."""
    workspace = make_workspace(tmp_path_factory.mktemp("explore") / "workspace", 48)
    lay_out(workspace, "joint")
    evaluate(workspace, RUN, "refine")
    database = open_database(workspace)
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(build_app(AppContext(workspace, database)), log_level="warning")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    database.close()


@pytest.fixture(scope="module")
def opened(chromium: Browser, studio: str) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests of the map, since loading it is the slow part; and its errors."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{studio}/#explore")
    page.wait_for_selector(".map-plot canvas", timeout=30_000)
    page.wait_for_function("() => document.querySelector('.map-plot').data?.length > 1")
    yield page, errors
    context.close()


@pytest.fixture
def explore(opened: tuple[Page, list[str]]) -> Iterator[Page]:
    page, errors = opened
    yield page
    assert not errors, errors


def point(page: Page, trace: int, number: int) -> tuple[float, float]:
    x, y = page.evaluate(PLACE, [trace, number])
    return x, y


def panel(page: Page) -> Locator:
    return page.locator(".clip-panel")


def test_a_click_on_a_point_plays_its_clip_with_sound(explore: Page) -> None:
    explore.mouse.click(*point(explore, 0, 0))
    explore.wait_for_function(PLAYS, timeout=10_000)
    expect(panel(explore).locator(".narration")).to_contain_text("#C C ")
    expect(panel(explore).locator(".thumbs .clip-card")).to_have_count(8)


def test_only_one_clip_sounds_and_arrow_keys_go_to_another(explore: Page) -> None:
    explore.mouse.click(*point(explore, 0, 0))
    explore.wait_for_function(PLAYS, timeout=10_000)
    video = panel(explore).locator("video")
    first = video.get_attribute("src")
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        explore.keyboard.press(key)
        if video.get_attribute("src") != first:
            break
    assert video.get_attribute("src") != first
    explore.wait_for_function(PLAYS, timeout=10_000)
    playing = "() => [...document.querySelectorAll('video')].filter((v) => !v.paused).length"
    assert explore.evaluate(playing) <= 1


def test_a_drawn_line_selects_and_escape_lets_go(explore: Page) -> None:
    box = explore.locator(".map-plot").bounding_box()
    assert box is not None
    left, top = box["x"] + 8, box["y"] + 60
    right, bottom = box["x"] + box["width"] - 8, box["y"] + box["height"] - 8
    explore.mouse.move(left, top)
    explore.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 8)):
        explore.mouse.move(x, y, steps=4)
    explore.mouse.up()
    expect(explore.locator(".selection .clip-card").first).to_be_visible()
    expect(explore.locator(".selection .group-figures")).to_contain_text("n =")
    explore.locator(".map-host").focus()
    explore.keyboard.press("Escape")
    expect(explore.locator(".cluster-line").first).to_be_visible()


def test_a_cluster_opens_with_examples_that_play(explore: Page) -> None:
    explore.locator(".cluster-line").first.click()
    example = explore.locator(".cluster.open .clip-media").first
    example.click()
    explore.wait_for_function(
        "() => document.querySelector('.cluster.open video')?.currentTime > 0.1", timeout=10_000
    )


def test_another_number_of_clusters_and_other_colours_redraw_the_same_points(
    explore: Page,
) -> None:
    drawn = "() => document.querySelector('.map-plot').data.reduce((n, t) => n + t.x.length, 0)"
    assert explore.evaluate(drawn) == 48
    explore.get_by_label("Number of clusters").fill("5")
    expect(explore.locator(".cluster-line")).to_have_count(5)
    explore.get_by_label("Colour").select_option("label")
    expect(explore.locator(".legend-item").first).to_contain_text("sounds")
    assert explore.evaluate(drawn) == 48


def test_an_unseen_source_is_marked_on_the_map(explore: Page) -> None:
    expect(explore.locator("#page-explore .notice.unseen")).to_contain_text("kitchen20")


def test_the_map_comes_back_after_its_graphics_context_was_lost(explore: Page) -> None:
    explore.evaluate(
        "() => document.querySelectorAll('.map-plot canvas').forEach((canvas) => "
        "(canvas.getContext('webgl') ?? canvas.getContext('webgl2'))"
        "?.getExtension('WEBGL_lose_context').loseContext())"
    )
    explore.wait_for_function(
        "() => [...document.querySelectorAll('.map-plot canvas')].every((canvas) => "
        "!(canvas.getContext('webgl') ?? canvas.getContext('webgl2'))?.isContextLost())"
    )
    explore.mouse.click(*point(explore, 0, 0))
    explore.wait_for_function(PLAYS, timeout=10_000)


def test_a_space_without_a_map_offers_to_make_it(explore: Page) -> None:
    explore.get_by_role("radio", name="text", exact=True).click()
    expect(explore.locator("#page-explore .empty button")).to_have_text("Draw the map")
    explore.get_by_role("radio", name="joint", exact=True).click()
    expect(explore.locator(".map-plot canvas").first).to_be_visible()


def test_evaluate_shows_figures_curves_and_clips_to_play(page: Page, studio: str) -> None:
    page.goto(f"{studio}/#evaluate")
    expect(page.locator(".charts svg")).to_have_count(3, timeout=30_000)
    expect(page.locator("#page-evaluate .figures tbody tr")).to_have_count(2)
    page.locator(".charts svg").first.hover()
    expect(page.locator(".chart-told").first).to_contain_text("score ≥")
    page.locator(".example-columns .clip-media").first.click()
    page.wait_for_function(
        "() => document.querySelector('.example-columns video')?.currentTime > 0.1", timeout=10_000
    )
    with page.expect_download() as download:
        page.get_by_text("Download report").click()
    assert download.value.suggested_filename == f"{RUN}-discovery-refine-test.json"
