// Agreement: the headline figures beside those of picked clips, over time, by verb, by batch.

import { course, forest } from "./desk_charts.js";
import { zoned, zoneName } from "./desk_time.js";
import { asOf, estimate } from "./desk_words.js";
import { api, fill, h, poll, whole } from "./dom.js";

const MEASURES = {
  unanimous: ["All agree", "the share of clips on which everybody says the same"],
  fleiss_kappa: ["Fleiss’ kappa", "agreement of single answers beyond chance"],
  alpha: ["Krippendorff’s alpha", "the same by disagreement, with gaps as gaps"],
  ac1: ["Gwet’s AC1", "beyond chance, where chance stays small when one answer is rare"],
  k_rater: ["Reliability of the mean of k votes", "Spearman–Brown on alpha: that of the share of votes, not of the majority label itself"],
};
const SHARES = new Set(["unanimous"]);
const WAYS = { missing: "as no answer", category: "as an answer" };

export function agreementView(body) {
  const state = { way: "missing", measure: "fleiss_kappa", found: null };
  const host = h("div.agreement");
  const radio = (name, options, key) => h("div.segments", { role: "radiogroup", ariaLabel: name }, Object.entries(options).map(([value, text]) =>
    h("button", { type: "button", role: "radio", ariaChecked: String(state[key] === value), onclick: (event) => {
      state[key] = value;
      for (const other of event.target.parentNode.children) other.ariaChecked = String(other === event.target);
      draw();
    } }, text)));
  const measure = h("select", { onchange: () => { state.measure = measure.value; draw(); } },
    Object.entries(MEASURES).map(([value, [name]]) => h("option", { value, selected: value === state.measure }, name)));
  fill(body, h("h1", {}, "Agreement"),
    h("div.controls", {}, h("span.row.small.muted", {}, "“Can’t tell” counts", radio("Can’t tell counts", WAYS, "way")), h("label", {}, "Plots show", measure)), host);
  const draw = () => { if (state.found) drawAll(host, state); };
  let before = "";
  poll(host, 10, async () => {
    const found = await api("/api/desk/agreement");
    const now = JSON.stringify(found);
    if (now === before) return;
    before = now;
    state.found = found;
    draw();
  });
}

function drawAll(host, state) {
  const view = state.found[state.way];
  if (!view.all.ratings && !view.picked.ratings) {
    fill(host, h("div.empty", {}, h("h2", {}, "No agreement to measure yet"),
      h("p", {}, "It needs two people’s answers on the same clips. Open a batch with two or three answers a clip, and let people work on it; the figures come with their intervals, and narrow as answers come in.")));
    return;
  }
  const plot = (rows) => rows.map((row) => ({ name: row.name, one: row[state.measure] }));
  const name = MEASURES[state.measure][0], all = view.all[state.measure];
  fill(host, headline(view),
    h("div.charts", {},
      view.by_day.length ? course({ title: `By day (${zoneName()})`, yName: name, rows: plot(view.by_day) }) : null,
      view.by_batch.length ? forest({ title: "By batch", xName: name, rows: plot(view.by_batch), all }) : null,
      view.by_verb.length ? forest({ title: "By verb, the most answered first", xName: name, rows: plot(view.by_verb), all }) : null),
    h("details", {}, h("summary", {}, "The same as a table"), ["by_day", "by_verb", "by_batch"].map((key) => groupTable(key, view[key]))),
    h("p.muted.small", {}, "A clip’s day is that of its first answer. Batches that stop early count with their random full share only; surplus answers and checks count nowhere. "
      + "Intervals: 95 %, clips drawn again 1,000 times."),
    asOf(state.found, zoned(state.found.as_of)));
}

function headline(view) {
  const columns = [["Random clips and rules", view.all]];
  if (view.picked.ratings) columns.push(["Picked clips", view.picked]);
  return h("div.table-wrap", {}, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Measure"), columns.map(([name, found]) =>
      h("th", { scope: "col" }, `${name}: ${whole(found.ratings)} answers on ${whole(found.clips)} clips with two or more`)))),
    h("tbody", {}, Object.entries(MEASURES).map(([key, [name, about]]) => h("tr", {},
      h("th", { scope: "row" }, name.replace(" k ", ` ${view.all.k} `), h("div.small.muted", {}, about)),
      columns.map(([, found]) => h("td", {}, estimate(found[key], { share: SHARES.has(key) }))))))));
}

const GROUPS = { by_day: "Day", by_verb: "Verb", by_batch: "Batch" };

function groupTable(key, rows) {
  return h("div.table-wrap", {}, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, GROUPS[key]), h("th.num", { scope: "col" }, "Clips"),
      Object.values(MEASURES).map(([name]) => h("th.num", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name), h("td.num", {}, whole(row.clips)),
      Object.keys(MEASURES).map((measure) => h("td.num", {}, estimate(row[measure], { share: SHARES.has(measure), n: false }))))))));
}
