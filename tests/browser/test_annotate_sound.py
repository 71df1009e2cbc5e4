"""What reaches the ears: the level check, the gain and the limit, and the way around them."""

import json
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.label_tables import Answer
from tests.browser.annotating import begin, enter, heard, resume, saved, working
from tests.browser.contract import Contract
from tests.browser.labelling import Served, serve

# Counts the clicks that are really scheduled, as ears would.
COUNT = """
window.clicks = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  window.clicks.push(when[0]);
  return start.apply(this, when);
};
"""
# Listens to all that goes to the ears.
METER = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
    window.meter ??= new AnalyserNode(this.context, { fftSize: 2048 });
    connect.call(this, window.meter);
  }
  return connect.call(this, to, ...rest);
};
window.peak = () => {
  const samples = new Float32Array(2048);
  window.meter.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
};
"""


def count(page: Page) -> list[float]:
    """Wait for the round to end; when its clicks came."""
    expect(page.locator(".an-level-said")).to_have_text("How many were there?", timeout=12_000)
    times: list[float] = page.evaluate("window.clicks.splice(0)")
    return times


def test_people_count_clicks_before_they_judge_sounds(page: Page, tmp_path: Path) -> None:
    page.add_init_script(COUNT)
    with serve(tmp_path / "workspace", clips=3) as served:
        enter(page, served, "Ana", checked=False)
        expect(page.get_by_role("heading")).to_have_text("Count the clicks")
        page.keyboard.press("3")
        expect(page.locator(".an-level-said")).to_have_text("Listen to the end first.")
        times = count(page)
        assert 2 <= len(times) <= 5
        # One of them comes after a silence in which an output may fall asleep.
        assert max(b - a for a, b in pairwise(times)) > 2.4
        page.keyboard.press(" ")  # the same once more
        assert len(count(page)) == len(times)
        page.keyboard.press(str(len(times) - 1))
        said = page.locator(".an-level-said")
        expect(said).to_contain_text(f"There were {len(times)}.")
        expect(said).to_contain_text("Turn the volume up")
        advice = page.locator(".an-level ul")
        expect(advice).to_be_hidden()
        page.keyboard.press(" ")
        page.keyboard.press(str(len(count(page)) + 1))
        expect(said).to_contain_text("soft clicks only")
        expect(advice).to_contain_text("Choose another output")
        page.get_by_role("button", name="Play the clicks").click()
        page.get_by_role("button", name=str(len(count(page))), exact=True).click()
        working(page)
        heard(page)
        # A reload soon after needs no second check; a new output does, before the next clip.
        resume(page, "Ana")
        heard(page)
        page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
        narration = page.locator(".an-narration").inner_text()
        page.keyboard.press("y")
        expect(page.get_by_role("heading")).to_have_text("Count the clicks")
        page.keyboard.press(str(len(count(page))))
        working(page)
        expect(page.locator(".an-narration")).to_have_text(narration)


def test_after_a_long_pause_the_level_is_checked_again(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=3) as served:
        begin(page, served, "Ben")
        heard(page)
        page.evaluate(
            "const now = Date.now; Date.now = () => now.call(Date) + 31 * 60000;"
        )  # the machine slept
        page.keyboard.press("y")
        expect(page.get_by_role("heading")).to_have_text("Count the clicks")


def gains(served: Served) -> list[float | None]:
    with served.database.read() as session:
        return list(session.scalars(select(Answer.gain_db).order_by(Answer.id)))


def test_a_clip_plays_at_its_gain_and_under_the_limit(page: Page, tmp_path: Path) -> None:
    page.add_init_script(METER)
    with serve(tmp_path / "workspace", clips=2, first=Contract(gain_db=18).router) as served:
        begin(page, served, "Cem")
        peaks = [page.evaluate("window.peak()")]
        while not page.locator(".an-live").count():
            peaks.append(page.evaluate("window.peak()"))
        # The taps stand at half of full scale: 18 dB more is far beyond it, the limit is not.
        assert 0.5 < max(peaks) <= 10 ** (-1 / 20) + 1e-3
        page.wait_for_timeout(300)
        asleep = page.evaluate("window.peak()")
        assert 1e-5 < asleep < 1e-3  # between clips the output stays awake, and nobody hears it
        page.keyboard.press("y")
        saved(page, served, "Cem", ["yes"])
        assert gains(served) == [18]


def test_below_the_limit_nothing_changes(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path / "workspace", clips=1) as served:
        page.goto(f"{served.address}/annotate")
        out = page.evaluate(
            """async () => {
              const { limiter } = await import('/static/sound_out.js');
              const peakOf = async (level) => {
                const context = new OfflineAudioContext(1, 48000, 48000);
                const tone = new OscillatorNode(context, { frequency: 997 });
                const gain = new GainNode(context, { gain: level });
                const limit = limiter(context);
                tone.connect(gain).connect(limit.input);
                limit.output.connect(context.destination);
                tone.start();
                const samples = (await context.startRendering()).getChannelData(0);
                return [...samples.slice(24000)].reduce((a, b) => Math.max(a, Math.abs(b)), 0);
              };
              const all = [];
              for (const level of [0.001, 0.1, 0.5, 1, 10]) all.push(await peakOf(level));
              return JSON.stringify(all);
            }"""
        )
    quiet, tenth, half, full, loud = json.loads(out)
    for got, wanted in ((quiet, 0.001), (tenth, 0.1), (half, 0.5)):
        assert abs(got / wanted - 1) < 0.02
    assert max(full, loud) <= 10 ** (-1 / 20) + 1e-4


def test_without_web_audio_the_clip_plays_as_it_is_and_the_record_says_so(
    page: Page, tmp_path: Path
) -> None:
    page.add_init_script("delete window.AudioContext")
    with serve(tmp_path / "workspace", clips=2) as served:
        enter(page, served, "Dora", checked=False)
        working(page)
        heard(page)
        page.keyboard.press("y")
        saved(page, served, "Dora", ["yes"])
        assert gains(served) == [None]


def test_an_output_that_stops_for_good_is_left_for_the_plain_element(
    page: Page, tmp_path: Path
) -> None:
    page.add_init_script(
        METER + "window.opened = []; const Real = AudioContext;"
        "window.AudioContext = class extends Real { constructor(...a) { super(...a);"
        " window.opened.push(this); } };"
    )
    with serve(tmp_path / "workspace", clips=3) as served:
        begin(page, served, "Emil")
        heard(page)
        page.evaluate("window.opened[0].close()")
        page.keyboard.press("y")
        heard(page)
        page.keyboard.press("n")
        saved(page, served, "Emil", ["yes", "no"])
        assert gains(served)[1] is None
