// The paper's tables: our rows on the drawn world, the figures as printed beside them, this run below.

import { api, fill, h, plural, whole } from "./dom.js";

const TABLES = { table2: "Table 2: discovery", table3: "Table 3: retrieval" };
const KEPT = "sounding-paper-table";
const OURS = "Our rows: mean ± standard deviation over seeds, on test clips of the procedural world";
const THEIRS = "The paper's figures, as printed: Ego4D, its own clips, encoders and length of training";
const NOTES = {
  table2: "Other clips, other encoders, another length of training: compare the order of the rows and their distance, not their height.",
  table3: "Recall in percent. Ours counts any hit among the first K; the paper does not say how it counts, so compare the order of the rows.",
};

/** `element` to place; `own(reports)` says what the run above scored, {name, split, discovery, retrieval}
 * or null, and redraws its row. */
export class PaperTable {
  constructor() {
    this.which = TABLES[localStorage.getItem(KEPT)] ? localStorage.getItem(KEPT) : "table2";
    this.reports = null;
    this.shown = null;
    this.switch = h("div.segments", { role: "radiogroup", ariaLabel: "Table" });
    this.body = h("div.stack");
    this.element = h("section.paper-table", { ariaLabel: "The paper's table" },
      h("div.row", {}, h("h2", {}, "The paper's table"), this.switch), this.body);
  }

  async load() {
    const { which } = this;
    fill(this.switch, Object.entries(TABLES).map(([table, name]) => h("button", { type: "button", role: "radio",
      ariaChecked: String(table === which), onclick: () => this.choose(table) }, name)));
    try {
      const found = await api(`/api/evaluation/paper?table=${which}`);
      if (which !== this.which) return;
      this.shown = found;
      this.draw();
    } catch (error) {
      this.shown = null;
      fill(this.body, h("p.error-text", { role: "alert" }, error.message));
    }
  }

  choose(table) {
    this.which = table;
    localStorage.setItem(KEPT, table);
    const had = this.switch.contains(document.activeElement);
    const loaded = this.load();
    if (had) this.switch.querySelector("[aria-checked=true]").focus();
    return loaded;
  }

  own(reports) {
    this.reports = reports;
    if (this.shown) this.draw();
  }

  draw() {
    const { made, columns, groups, missing, command } = this.shown;
    const against = columns.filter((column) => column.against);
    const filled = groups.map(({ name, rows }) => ({ name, rows: rows.filter((row) => row.seeds.length || hasPaper(row, columns)) }));
    const width = 3 + 2 * columns.length + against.length;
    fill(this.body,
      made ? provenance(made) : h("p.notice", {}, "None of our rows has been run here yet; what stands below is the paper's. ",
        h("code", {}, command), " trains every row and writes the table: some hours on two cores, and a stopped run goes on where it was. ",
        h("code", {}, `${command} --quick`), " prints three rows after half an hour."),
      h("div.table-wrap", {}, h("table", {}, head(columns, against),
        filled.filter(({ rows }) => rows.length).map(({ name, rows }) => h("tbody", {}, groupLine(name, width),
          rows.map((row) => line(row, columns, against, made)))),
        this.reports ? ownRow(this.reports, columns, against, width) : null)),
      made && missing.length ? h("p.small.muted.not-run", {}, `Not yet run: ${missing.join(", ")}. `, h("code", {}, command), " goes on with them.") : null,
      h("p.small.muted", {}, NOTES[this.which]));
  }
}

const hasPaper = (row, columns) => columns.some(({ key }) => typeof row.paper[key] === "number");

function provenance(made) {
  const { budget, commit, date, command } = made;
  const chip = (text, title) => h("span.chip.outline", { title: title ?? null }, text);
  return h("div.chips", {}, chip("drawn world", OURS),
    budget ? chip(`${plural(budget.train_clips, "training clip")}, ${whole(budget.test_clips)} for the test`) : null,
    budget ? chip(`${plural(budget.align_steps + budget.refine_steps, "step")} of ${budget.batch_size} a row`) : null,
    date ? chip(date) : null, commit ? chip(`commit ${commit.slice(0, 9)}`) : null, command ? h("code.small", {}, command) : null);
}

function head(columns, against) {
  return h("thead", {},
    h("tr", {}, h("th", { rowSpan: 2, scope: "col" }, "method"), h("th.num", { rowSpan: 2, scope: "col", title: "temperature, and weight where the method has one, as validation chose them" }, "τ · weight"),
      h("th.num", { rowSpan: 2, scope: "col" }, "seeds"),
      columns.map(({ head: name }) => h("th.metric", { colSpan: 2, scope: "colgroup" }, name)),
      against.map(({ head: name }) => h("th.num.gap", { rowSpan: 2, scope: "col", title: "Differences of the same seeds, with the 95 % interval of their mean" },
        "MC3 − row", h("br"), `${name} [95 %]`))),
    h("tr", {}, columns.map(() => [h("th.num.ours", { scope: "col", title: OURS }, "drawn", h("br"), "world"),
      h("th.num.printed", { scope: "col", title: THEIRS }, "Ego4D,", h("br"), "as printed")])));
}

const groupLine = (name, width) => h("tr.group", {}, h("th", { colSpan: width, scope: "rowgroup" }, h("span", {}, name)));

function line(row, columns, against, made) {
  const ran = row.seeds.length > 0;
  const settings = [row.temperature, row.weight].filter((value) => typeof value === "number").join(" · ");
  return h(`tr${row.best ? ".best" : ""}${ran ? "" : ".waiting"}`, { dataset: { row: row.key } },
    h("th", { scope: "row" }, row.label, row.best ? h("span.chip.outline", { title: "The preset that validation chose" }, "chosen") : null,
      ran || !made ? null : h("span.small.muted", {}, " not yet run")),
    h("td.num.muted", {}, settings || "–"), h("td.num", {}, ran ? row.seeds.length : "–"),
    columns.map((column) => [h("td.num.ours", {}, spread(row[column.key], column.percent)), h("td.num.printed", {}, printed(row.paper[column.key], column.percent))]),
    against.map((column) => h("td.num.gap", {}, gap(row.mc3_minus_this?.[column.key], column.percent))));
}

const scaled = (value, percent) => (percent ? (100 * value).toFixed(1) : value.toFixed(3));
const signed = (value, percent) => `${value < 0 ? "−" : "+"}${scaled(Math.abs(value), percent)}`;
const printed = (value, percent) => (typeof value === "number" ? scaled(value, percent) : "");

function spread(figure, percent) {
  if (typeof figure?.mean !== "number") return h("span.muted", {}, "–");
  return [h("strong", {}, scaled(figure.mean, percent)), typeof figure.sd === "number"
    ? h("span.muted", {}, ` ± ${scaled(figure.sd, percent)}`) : h("span.muted", { title: "One seed has no spread" }, " ± –")];
}

function gap(figure, percent) {
  if (typeof figure?.mean !== "number") return h("span.muted", {}, "–");
  const apart = figure.interval && figure.interval[0] * figure.interval[1] > 0;
  const each = `seed by seed: ${(figure.per_seed ?? []).map((value) => signed(value, percent)).join(", ")}`;
  return h("span", { title: each }, h(apart ? "strong" : "span", {}, signed(figure.mean, percent)), h("span.muted", {},
    figure.interval ? ` [${figure.interval.map((value) => signed(value, percent)).join(", ")}]` : " one seed"));
}

/** The run above, on this workspace's labels: neither the drawn world's test clips nor the paper's. */
function ownRow({ name, split, discovery, retrieval }, columns, against, width) {
  const why = columns[0].percent ? retrieval?.undefined : null;
  const cell = ({ key, percent }) => {
    const { value, interval } = percent ? recalled(retrieval, key) : { value: discovery?.[key], interval: discovery?.[`${key}_ci`] };
    if (typeof value !== "number") return h("td.num.muted", { colSpan: 2, title: discovery?.[`${key.slice(0, 2)}_undefined`] ?? null }, "–");
    return h("td.num", { colSpan: 2 }, h("strong", {}, scaled(value, percent)),
      interval && typeof interval[0] === "number" ? h("span.muted", {}, ` [${interval.map((one) => scaled(one, percent)).join(", ")}]`) : null);
  };
  return h("tbody", {}, groupLine("This workspace, with 95 % intervals", width),
    h("tr.own", { dataset: { row: "own" } }, h("th", { scope: "row", colSpan: 3 }, "this run, these labels ",
      h("span.small.muted", {}, `${name}, ${split}${discovery ? `, ${plural(discovery.n, "clip")}` : ""}`)),
    why ? h("td.muted.undefined", { colSpan: width - 3 }, `undefined: ${why}`)
      : [columns.map(cell), against.map(() => h("td.num.muted.gap", {}, "–"))]));
}

/** `v_a_recall_at_5` in a retrieval report. */
function recalled(report, key) {
  const [direction, cutoff] = key.split("_recall_at_");
  const found = report?.directions?.find((one) => one.name === direction);
  return { value: found?.any_hit?.[cutoff], interval: found?.any_hit_ci?.[cutoff] };
}
