// The Data page: counts, clips with filters, verbs, the long tail, videos, what was dropped, the way in.

import { addData } from "./add-data.js";
import { clipMedia, labelChip } from "./cards.js";
import { api, clock, fill, h, plural, poll, url, whole } from "./dom.js";
import { onJobs } from "./jobs.js";
import { tailView } from "./long_tail.js";
import { stopClip } from "./player.js";
import { pagedTable } from "./table.js";
import { verbsView } from "./verb_table.js";
import { videosView } from "./videos.js";

const FLAG_WORDS = {
  no_audio: "no sound track", silent_audio: "digitally silent", no_video: "no picture",
  clamped: "window cut at the file's edge", duplicate_id: "id used twice", other_person: "another person (#O)",
  unsure: "marked #unsure", odd_tag: "odd tag", no_verb: "no verb found",
  training_only: "for training only, nothing to play", withdrawn: "withdrawn",
};
const WITHOUT_WORDS = { verb: "no verb found", noun: "no noun found" };
const VIEWS = { clips: "Clips", verbs: "Verbs", tail: "Long tail", videos: "Videos", dropped: "Dropped", add: "Add data" };

export function mount(element, options) {
  const state = { view: "clips", filter: {}, summary: null };
  const head = h("div.data-head");
  const tabs = h("div.segments", { role: "tablist", ariaLabel: "What to show" });
  const body = h("div.data-body");
  element.classList.add("data-page");
  element.append(head, h("div.row", {}, tabs, h("span.grow")), body);

  let table = null;
  const show = (view, filter = {}) => {
    // From a bar or a row of theirs there is a way back; a tab is a new beginning.
    state.from = view === "clips" && ["verbs", "tail"].includes(state.view) && Object.keys(filter).length ? state.view : null;
    state.view = view;
    state.filter = filter;
    stopClip();
    drawTabs();
    table = VIEW[view](body, state, options, show);
  };
  const drawTabs = () => fill(tabs, Object.entries(VIEWS).map(([id, name]) => h("button", {
    type: "button", role: "tab", ariaSelected: String(state.view === id), onclick: () => show(id),
  }, name, count(state.summary, id))));

  let seen = "";
  const look = poll(element, 3, async () => {
    const summary = await api("/api/data");
    const now = JSON.stringify(summary);
    if (now === seen) return;
    const first = !seen || (state.view === "add" && !state.summary.clips && summary.clips);
    seen = now;
    state.summary = summary;
    drawHead(head, summary, show);
    drawTabs();
    if (first) show(summary.clips ? "clips" : "add");
    else table?.refresh?.();
  });
  onJobs((jobs) => { if (jobs.some((job) => job.active)) look.now(); });
}

const VIEW = { clips: clipsView, verbs: verbsView, tail: tailView, videos: videosView, dropped: droppedView, add: addView };

function count(summary, view) {
  if (!summary || view === "add" || view === "tail") return null;
  const n = view === "dropped" ? total(summary.dropped) : view === "verbs" ? Object.keys(summary.verbs).length : summary[view];
  return h("span.count", {}, whole(n));
}

const total = (counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);

function drawHead(head, summary, show) {
  const splits = ["train", "val", "test"].filter((name) => summary.splits[name]);
  fill(head,
    h("div.row", {},
      h("h1", {}, plural(summary.clips, "clip")),
      h("span.muted", {}, `in ${plural(summary.videos, "video")} · `
        + `${plural(total(summary.dropped), "narration")} dropped`),
      h("span.grow"),
      Object.keys(summary.sources).map((name) => h("span.chip.outline", { title: "Source" }, name))),
    summary.clips ? h("div.split-bar", { role: "group", ariaLabel: "Clips by split" }, splits.map((name) =>
      h(`button.split.${name}`, { type: "button", style: `flex-grow:${summary.splits[name]}`,
        title: `Show the clips of ${name}`, onclick: () => show("clips", { split: name }) },
        h("strong", {}, name), h("span.num", {}, ` ${whole(summary.splits[name])}`)))) : null,
    Object.keys(summary.flags).length ? h("div.row.small", {}, h("span.muted", {}, "Flags"),
      Object.entries(summary.flags).map(([flag, n]) => h("button.chip", { type: "button",
        onclick: () => show("clips", { flag }) }, FLAG_WORDS[flag] ?? flag, h("span.num", {}, ` ${whole(n)}`)))) : null);
}

function clipsView(body, state, options, show) {
  const { summary, filter } = state;
  const side = h("aside.side", { ariaLabel: "The chosen clip" });
  const refresh = () => table.reload();
  const pick = (key, label, counts, words = {}) => h("label", {}, label, h("select", {
    onchange: (event) => { filter[key] = event.target.value; refresh(); } },
    h("option", { value: "" }, "all"),
    Object.entries(counts).map(([value, n]) => h("option", { value, selected: filter[key] === value },
      `${words[value] ?? value} (${whole(n)})`))));
  let typing = 0;
  const search = h("label.grow", {}, "Narration holds", h("input", { type: "search", value: filter.text ?? "",
    placeholder: "onion", oninput: (event) => {
      clearTimeout(typing);
      typing = setTimeout(() => { filter.text = event.target.value; refresh(); }, 250);
    } }));
  const said = filter.video ? `video ${filter.video}` : filter.without ? WITHOUT_WORDS[filter.without] : "";
  const chosen = said ? h("span.chip.of-video", {}, h("bdi", {}, said), h("button.quiet", { type: "button",
    ariaLabel: "Show all", onclick: () => show("clips") }, "×")) : null;
  const back = state.from ? h("button.quiet", { type: "button", onclick: () => show(state.from) }, `← ${VIEWS[state.from]}`) : null;
  const table = pagedTable({
    columns: [["Narration", (c) => h("span.clamp", { title: c.narration }, c.narration)], ["Verb", (c) => c.verb ?? "–"],
      ["Noun", (c) => c.noun ?? "–", "wide"], ["Split", (c) => c.split], ["Time", (c) => clock(c.time_s), "num"],
      ["Video", (c) => h("span.clamp", {}, c.video_uid), "wide"],
      ["Flags", (c) => c.flags.map((flag) => h("span.chip", {}, FLAG_WORDS[flag] ?? flag))]],
    fetch: (offset, limit) => api(url("/api/clips", { ...filter, offset, limit })),
    key: (clip) => clip.clip_id,
    open: (clip) => showClip(side, clip, show),
    empty: summary.clips ? "No clip passes these filters." : "No clips yet.",
  });
  fill(body, h("div.filters", {}, back, search, pick("verb", "Verb", summary.verbs), pick("noun", "Noun", summary.nouns),
    pick("split", "Split", summary.splits), pick("flag", "Flag", summary.flags, FLAG_WORDS), chosen),
    h("div.with-side", {}, table.element, side));
  fill(side, h("p.muted", {}, "Choose a clip: it plays here, with its sound. ↑ and ↓ go through the list."));
  return { refresh };
}

async function showClip(side, clip, show) {
  const media = clipMedia(clip);
  const votes = h("div.row.small.muted");
  fill(side, media, h("h3", {}, clip.narration), votes,
    h("dl.facts", {}, [
      ["Verb", clip.verb ?? "none found"], ["Noun", clip.noun ?? "none found"], ["Split", clip.split], ["Source", clip.source],
      ["Video", h("button.link", { type: "button", onclick: () => show("clips", { video: clip.video_uid }) }, clip.video_uid)],
      ["Time", `${clock(clip.time_s)} (clip ${clip.start_s.toFixed(2)} to ${clip.end_s.toFixed(2)} s)`],
      ["Holds", clip.modalities.join(", ") || "nothing"],
      ["Flags", clip.flags.map((flag) => FLAG_WORDS[flag] ?? flag).join(", ") || "none"], ["Clip id", h("code", {}, clip.clip_id)],
    ].map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)])));
  media.click();
  try {
    const card = await api(`/api/clips/${clip.clip_id}`);
    fill(votes, labelChip(card), h("span", {}, votesText(card.counts)));
  } catch { /* the clip plays all the same */ }
}

/** Everybody's answers so far, and who is missing. */
function votesText(counts) {
  if (!counts) return "nobody is asked about this clip";
  const said = ["yes", "no", "unsure", "broken"].filter((value) => counts[value] || ["yes", "no"].includes(value))
    .map((value) => `${counts[value]} ${value === "unsure" ? "can’t tell" : value}`);
  if (counts.missing) said.push(`${plural(counts.missing, "answer")} of ${counts.needed} missing`);
  if (counts.holders.length) said.push(`with ${counts.holders.join(", ")} now`);
  return said.join(" · ");
}

function droppedView(body, state) {
  const { summary, filter } = state;
  const reasons = Object.entries(summary.dropped);
  const table = pagedTable({
    columns: [["Reason", (d) => h("strong", {}, d.reason)], ["Narration", (d) => h("span.clamp", {}, d.narration || "(empty)")],
      ["Video", (d) => d.video_uid], ["Time", (d) => clock(d.time_s), "num"], ["Annotation", (d) => h("code", {}, d.annotation_uid)]],
    fetch: (offset, limit) => api(url("/api/dropped", { reason: filter.reason, offset, limit })),
    key: (row) => `${row.video_uid} ${row.annotation_uid} ${row.time_s}`,
    empty: "Nothing was dropped: every narration became a clip.",
  });
  const chips = h("div.row");
  const draw = () => fill(chips, [["", total(summary.dropped)], ...reasons].map(([reason, n]) => h("button.chip", {
    type: "button", ariaPressed: String((filter.reason ?? "") === reason),
    onclick: () => { filter.reason = reason; draw(); table.reload(); } }, reason || "all", h("span.num", {}, ` ${whole(n)}`))));
  draw();
  fill(body, reasons.length > 1 ? chips : null, table.element);
  return { refresh: table.reload };
}

function addView(body, state, options) {
  addData(body, options, Boolean(state.summary?.clips));
  return {};
}
