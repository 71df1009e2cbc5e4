// Is the sound on, loud enough, and awake? People count soft clicks before they judge soft sounds.

import { h, fill } from "./dom.js";
import { pattern, playClicks } from "./level_clicks.js";

const PAUSE_MS = 30 * 60_000;
const PLACE = "sounding-level";
const KEEP_MS = 30_000;

/** When the check is due: at first, after a long pause, and when the sound goes elsewhere. */
export class LevelGate {
  constructor() {
    this.changed = false;
    this.mono = null; // since when there was work, by the clock that nobody sets
    this.wall = null; // by the other one, for a reload
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.devices());
    this.devices();
  }

  get due() {
    this.wall ??= Number(localStorage.getItem(PLACE)) || null;
    if (this.changed || !this.wall) return true;
    const away = Date.now() - this.wall;
    if (this.mono === null) return away > PAUSE_MS || away < -PAUSE_MS;
    // A machine asleep stops the one clock, a person can set the other.
    return Math.max(performance.now() - this.mono, away) > PAUSE_MS;
  }

  passed() {
    this.changed = false;
    this.wall = 0;
    this.active();
  }

  /** There is work: the pause begins anew. */
  active() {
    this.mono = performance.now();
    const now = Date.now();
    if (Math.abs(now - this.wall) < KEEP_MS) return;
    this.wall = now;
    try { localStorage.setItem(PLACE, String(now)); } catch { /* full: asked again after a reload */ }
  }

  async devices() {
    const found = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
    const outputs = found.filter(({ kind }) => kind === "audiooutput").map(({ deviceId, groupId }) => `${deviceId}/${groupId}`);
    const named = outputs.some((name) => name !== "/");
    // Without names one cannot tell which one changed: then it was the output.
    if (this.outputs !== undefined && (!named || outputs.join() !== this.outputs)) this.changed = true;
    this.outputs = outputs.join();
  }
}

/** The page of the check: { element, key }. `ondone` once the count was right. */
export function levelScreen({ sound, volume, setVolume, ondone, onleave }) {
  let round = null;
  let playing = false;
  let failures = 0;
  const said = h("p.an-level-said", { role: "status", ariaLive: "polite" });
  const advice = h("ul.an-rules", { hidden: true },
    h("li", {}, "Turn up the volume here and in your system until the clicks are soft but clear."),
    h("li", {}, "Headphones without a wire fall asleep in silence and swallow what comes next: use a wire, or other headphones."),
    h("li", {}, "Choose another output in your system’s sound settings; the studio follows it at once."),
    h("li", {}, "Find a quieter place: many sounds in the clips are as soft as these clicks."));

  const play = async () => {
    if (playing) return;
    round ??= pattern();
    playing = true;
    fill(said, "Listen…");
    digits.classList.remove("an-live");
    if (await sound.unlock()) await playClicks(sound.context, round, Number(slider.value));
    playing = false;
    digits.classList.add("an-live");
    fill(said, "How many were there?");
  };

  const answer = (count) => {
    if (playing || !round) return fill(said, "Listen to the end first.");
    if (count === round.count) return ondone();
    failures += 1;
    const less = count < round.count;
    fill(said, `There were ${round.count}. `, less
      ? "Turn the volume up. Was the one after the silence missing? Then your output was asleep: it is awake now."
      : "Count the soft clicks only.", " Try again with new ones.");
    advice.hidden = failures < 2;
    round = null;
    playButton.focus({ preventScroll: true });
  };

  const slider = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: volume, id: "an-level-volume",
    oninput: () => setVolume(Number(slider.value)) });
  const digits = h("div.an-digits", { role: "group", ariaLabel: "How many clicks?" }, [0, 1, 2, 3, 4, 5].map((count) =>
    h("button", { type: "button", onclick: () => answer(count) }, String(count))));
  const playButton = h("button", { type: "button", onclick: play, "aria-keyshortcuts": "Space" }, "Play the clicks", h("kbd", {}, "Space"));
  const element = h("div.an-card.an-level", {},
    h("h1", {}, "Count the clicks"),
    h("p", {}, "Two to five soft clicks, some of them after a silence. Press the number that you heard."),
    h("div.an-start-row", {}, playButton,
      h("label.an-volume", { htmlFor: slider.id }, "volume", slider)),
    digits, said, advice,
    h("p.an-muted", {}, h("button.an-link", { type: "button", onclick: onleave }, "Back to the name")));
  setTimeout(() => { if (element.isConnected) play(); }, 500);

  const key = (name, event) => {
    const count = /^[0-9]$/.test(event.key) ? Number(event.key) : /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (count !== undefined) answer(Number(count));
    else if (event.key === " ") play();
    else return false;
    return true;
  };
  return { element, key };
}
