// Evaluate: how well the scores tell what sounds, with the clips that are right and wrong.

import { at } from "./base.js";
import { api, fill, h, plural, url, whole } from "./dom.js";
import { clipCard, unseenNotice } from "./cards.js";
import { curveChart, histogramChart } from "./charts.js";
import { emptyState, onShown, startAndWait, useStyles } from "./making.js";
import { PaperTable } from "./paper_table.js";

const SPLITS = { test: "test", val: "validation", train: "train", all: "all clips" };
const NAMES = { av: "A·V", al: "A·L" };
const LISTS = {
  false_alarms: ["Wrong: scored high, but silent", "false alarms"],
  missed: ["Wrong: sounds, but scored low", "missed"],
  sounding: ["Right: sounds, scored highest", ""],
  silent: ["Right: silent, scored lowest", ""],
};
const DIRECTIONS = { v_a: "video → sound", a_v: "sound → video", l_a: "text → sound", a_l: "sound → text" };

export function mount(element) {
  useStyles("controls.css", "evaluate.css");
  const page = new Evaluate(element);
  page.start();
  onShown(element, () => page.start());
}

class Evaluate {
  constructor(element) {
    this.state = { split: null, score: "av" };
    this.run = h("select", { ariaLabel: "Run", onchange: () => this.choose({ run: this.run.value, stage: null }) });
    this.stage = h("select", { ariaLabel: "Stage", onchange: () => this.choose({ stage: this.stage.value }) });
    this.split = h("select", { ariaLabel: "Split", onchange: () => this.choose({ split: this.split.value }) },
      Object.entries(SPLITS).map(([value, name]) => h("option", { value }, name)));
    this.actions = h("span.row");
    this.body = h("div.evaluate-body");
    this.paper = new PaperTable();
    this.rest = h("div.evaluate-rest");
    fill(element, h("section.evaluate", {},
      h("div.controls", {}, h("label", {}, "run", this.run), h("label", {}, "stage", this.stage),
        h("label", {}, "clips", this.split), h("span.grow"), this.actions), this.body, this.paper.element, this.rest));
  }

  async start() {
    this.paper.load();
    try {
      this.known = await api("/api/evaluation");
    } catch (error) {
      return this.show(emptyState(error.message, { text: "Try again", onclick: () => this.start() }));
    }
    if (!this.known.clips) {
      return this.show(emptyState("No clips yet. Bring in videos with their narrations first.",
        { text: "Bring in clips", onclick: () => { location.hash = "#data"; } }, () => this.start()));
    }
    if (!this.known.runs.length) {
      return this.show(emptyState("Nothing to score yet: there is no trained run. A short one takes a few minutes.",
        { text: "Train a run", onclick: () => { location.hash = "#train"; } }, () => this.start()));
    }
    return this.choose({});
  }

  async choose(change) {
    Object.assign(this.state, change);
    const run = this.known.runs.find((r) => r.run === this.state.run) ?? this.known.runs[0];
    const stage = run.stages.find((one) => one.stage === this.state.stage) ?? run.stages.at(-1);
    Object.assign(this.state, { run: run.run, stage: stage.stage });
    this.state.split ??= stage.reports[0] ?? "test"; // what was scored, until somebody chooses
    fill(this.run, this.known.runs.map((r) => h("option", { value: r.run }, r.run)));
    fill(this.stage, run.stages.map((one) => h("option", { value: one.stage }, one.stage)));
    this.run.value = run.run;
    this.stage.value = stage.stage;
    this.split.value = this.state.split;
    fill(this.actions);
    this.base = `/api/evaluation/${encodeURIComponent(run.run)}/${encodeURIComponent(stage.stage)}`;
    const base = this.base, split = this.state.split;
    try {
      const found = await api(url(base, { split }));
      if (base !== this.base || split !== this.state.split) return;
      if (found.discovery) this.draw(found);
      else this.offer(stage);
    } catch (error) {
      this.show(emptyState(error.message, { text: "Try again", onclick: () => this.start() }));
    }
  }

  offer(stage) {
    if (!this.known.labelled) {
      return this.show(emptyState("No clip has a label yet, so there is nothing to compare scores with. "
        + "A clip needs the answers of its annotators, or give `sounding evaluate` a truth file.",
      { text: "Label clips", onclick: () => { location.hash = "#annotate"; } }, () => this.start()));
    }
    const seconds = 8 + (stage.embedded ? 0 : 10 + 0.03 * this.known.clips);
    const box = emptyState(`No figures for ${SPLITS[this.state.split]} of this run yet. `
      + `It takes about ${seconds < 45 ? "half a minute" : plural(Math.ceil(seconds / 60), "minute")}.`,
    { text: stage.embedded ? "Score it" : `Embed ${plural(this.known.clips, "clip")} and score them`,
      onclick: () => this.score(box) }, () => this.start());
    return this.show(box);
  }

  score(box) {
    const { run, stage, split } = this.state;
    return startAndWait(box, "/api/evaluate", { run, stage, split }, () => this.start());
  }

  waiting() {
    const box = h("div.empty");
    this.show(box);
    return box;
  }

  show(box) {
    fill(this.actions);
    fill(this.body, box);
    fill(this.rest);
    this.paper.own(null);
  }

  draw({ discovery, retrieval, cards }) {
    const { split } = this.state;
    fill(this.actions,
      h("button", { type: "button", onclick: () => this.score(this.waiting()) }, "Score again"),
      h("a.button", { href: at(url(`${this.base}/discovery.json`, { split })), download: "" }, "Download report"));
    fill(this.body, unseenNotice(discovery.unseen_sources),
      discovery.stale ? h("p.notice", {}, "People have answered since these figures were made: score again to count them.") : null,
      marks(discovery), table(discovery), this.charts(discovery));
    this.paper.own({ name: this.state.run, split: SPLITS[split], discovery, retrieval });
    fill(this.rest, this.lists(discovery, cards), retrieval ? retrievalTable(retrieval) : null);
  }

  charts(report) {
    const lines = (kind) => Object.keys(NAMES).filter((name) => report.curves[name]?.[kind])
      .map((name) => ({ name: NAMES[name], className: name, ...report.curves[name][kind] }));
    const roc = lines("roc"), pr = lines("pr");
    const binned = report.histogram.av?.edges.length ? "av" : "al"; // a method may never look at pictures
    const bars = report.histogram[binned] ?? { edges: [] };
    return h("div.charts", {},
      roc.length ? curveChart({ title: "ROC", xName: "false alarms", yName: "found", series: roc, baseline: "diagonal" }) : null,
      pr.length ? curveChart({ title: "Precision and recall", xName: "recall", yName: "precision", series: pr,
        baseline: report.av_chance_average_precision ?? report.al_chance_average_precision ?? null }) : null,
      bars.edges.length ? histogramChart({ title: `Scores ${NAMES[binned]} by label`, xName: "cosine", ...bars }) : null);
  }

  lists(report, cards) {
    const scored = Object.keys(NAMES).filter((name) => Object.values(report.examples[name] ?? {}).some((ids) => ids.length));
    if (scored.length && !scored.includes(this.state.score)) [this.state.score] = scored;
    const pick = (name) => h("button", { type: "button", role: "radio", ariaChecked: String(name === this.state.score),
      onclick: () => { this.state.score = name; section.replaceWith(this.lists(report, cards)); } }, `by ${NAMES[name]}`);
    const score = this.state.score;
    const section = h("section.examples", {},
      h("div.row", {}, h("h2", {}, "Best and worst clips"), h("div.segments", { role: "radiogroup", ariaLabel: "Score" },
        scored.map(pick))),
      h("div.example-columns", {}, Object.entries(LISTS).map(([list, [title, short]]) => h("div", {},
        h("h3", {}, title, short ? h("span.muted.small", {}, ` ${short}`) : null),
        report.examples[score][list].length
          ? h("div.cards", {}, report.examples[score][list].map((id) => cards[id] && clipCard(cards[id], { score })))
          : h("p.muted", {}, "none")))));
    return section;
  }
}

function marks(report) {
  const chip = (text, title = "") => h("span.chip.outline", { title }, text);
  return h("div.chips.report-marks", {},
    chip(`labels: ${report.labels_from}`),
    report.simulated ? chip("simulated annotators", "Some of these labels come from simulated people") : null,
    report.one_rater ? chip("one rater", "Some of these labels rest on the answer of a single person") : null,
    chip(`${plural(report.n, "clip")} scored: ${whole(report.positives)} sound, ${whole(report.negatives)} silent`),
    report.unclear ? chip(`${whole(report.unclear)} unclear left out`) : null,
    report.masked && report.masked < report.n ? chip(`${whole(report.masked)} without sound or picture left out`) : null,
    report.trained_on ? chip(`${whole(report.trained_on)} of them trained on`, "Figures on clips that the run has seen flatter it") : null);
}

function table(report) {
  const cell = (value, interval, undefinedWhy) => (value === null || value === undefined
    ? h("td.num.muted", {}, undefinedWhy ?? "undefined")
    : h("td.num", {}, h("strong", {}, value.toFixed(3)), interval
      ? h("span.muted", {}, ` [${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]`) : null));
  return h("div.table-wrap.figures", {}, h("table", {},
    h("thead", {}, h("tr", {}, h("th", {}, "discovery: does the action sound?"), h("th.num", {}, "ROC-AUC [95 %]"),
      h("th.num", {}, "average precision [95 %]"), h("th.num", {}, "chance"), h("th.num", {}, "sound / silent"))),
    h("tbody", {}, Object.entries(NAMES).map(([name, shown]) => {
      const why = report[`${name}_undefined`];
      return h("tr", {},
        h("td", {}, h(`span.line-sign.${name}`, {}, h("i")), `${shown} `,
          h("span.muted", {}, name === "av" ? "cosine of sound and picture" : "cosine of sound and narration"),
          report.unseen_sources.length ? h("span.unseen-sign", { title: "on a source that training never saw" }, " †") : null),
        cell(report[`${name}_roc_auc`], report[`${name}_roc_auc_ci`], why),
        cell(report[`${name}_average_precision`], report[`${name}_average_precision_ci`], why),
        h("td.num.muted", {}, `0.500 / ${(report[`${name}_chance_average_precision`] ?? 0).toFixed(3)}`),
        h("td.num", { title: `${whole(report[`${name}_masked`])} more lack one of the two` },
          `${whole(report[`${name}_positives`])} / ${whole(report[`${name}_negatives`])}`));
    }))));
}

function retrievalTable(report) {
  const shown = (value) => (value === undefined ? "–" : value.toFixed(3));
  return h("section", {}, h("h2", {}, "Retrieval"),
    report.undefined ? h("p.muted", {}, `Undefined: ${report.undefined}`)
      : h("div.table-wrap.figures", {}, h("table", {},
        h("thead", {}, h("tr", {}, h("th", {}, `any hit among the first K (${plural(report.groups, "verb-noun group")})`),
          [1, 5, 10].map((k) => h("th.num", {}, `recall@${k} [95 %]`)), h("th.num", {}, "chance@10"), h("th.num", {}, "queries"), h("th.num", {}, "pool"))),
        h("tbody", {}, report.directions.map((one) => h("tr", {},
          h("td", {}, DIRECTIONS[one.name] ?? one.name),
          [1, 5, 10].map((k) => h("td.num", {}, h("strong", {}, shown(one.any_hit[k])), one.any_hit_ci?.[k]
            ? h("span.muted", {}, ` [${one.any_hit_ci[k].map((v) => v.toFixed(2)).join(", ")}]`) : null)),
          h("td.num.muted", {}, shown(one.chance_any_hit[10])), h("td.num", {}, whole(one.queries)), h("td.num", {}, whole(one.pool))))))));
}
