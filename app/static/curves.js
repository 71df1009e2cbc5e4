// Live curves of one run: new points are appended, so that zoom and hover survive.

import { api, fill, h } from "./dom.js";
import { isDark, onTheme, variable } from "./palette.js";
import { plotly } from "./plotly.js";
import { similarityMaps } from "./similarity_maps.js";

const PAIRS = { a_v: "audio → video", v_a: "video → audio", a_l: "audio → text", l_a: "text → audio",
  v_l: "video → text", l_v: "text → video" };
// What else a method may log: terms of the loss, and shares of the batch between 0 and 1.
const TERMS = { contrastive: "contrastive", consensus: "consensus", push: "push", symile: "Symile", gram: "GRAM", triangle: "TRIANGLE" };
const SHARES = { gate_open: "gate open (share)", gate_mean: "gate (mean)", bottleneck_text: "text is the bottleneck (share)" };
const NAMES = { loss: "loss", ...TERMS, ...PAIRS, ...SHARES };
const COLOURS = { loss: "--ink", contrastive: "--sounds", consensus: "--disagree", push: "--error", symile: "--disagree",
  gram: "--disagree", triangle: "--disagree", gate_open: "--ink-2", gate_mean: "--ink-2", bottleneck_text: "--ink-2", a_v: "--sounds", v_a: "--sounds",
  a_l: "--gold", l_a: "--gold", v_l: "--unsure", l_v: "--unsure" };
const DASHES = { v_a: "dot", l_a: "dot", l_v: "dot", gate_open: "dash", gate_mean: "dashdot", bottleneck_text: "dash" };
const RIGHT = new Set(["consensus", ...Object.keys(SHARES)]); // small beside the loss: an axis of their own
const HIDDEN_AT_FIRST = new Set([...Object.keys(PAIRS), "gate_mean", "bottleneck_text"]);

/** element and refresh(active): asks for what is new and draws it. */
export function curves(run) {
  const plot = h("div.curves", { role: "img", ariaLabel: "Loss by step" });
  const note = h("p.muted.small");
  const scores = h("div.row.small");
  const maps = similarityMaps();
  const element = h("div.stack", {}, h("div.curves-box", {}, plot), note, maps.element, scores);
  const state = { next: 0, traces: new Map(), drawn: false, busy: false, ended: false, rows: 0, stages: new Map(), summed: false, Plotly: null };

  const refresh = async (active) => {
    if (state.busy || (state.ended && !active)) return;
    state.busy = true;
    try {
      const found = await api(`/api/runs/${run}/metrics?from_step=${state.next}`);
      if (found.last_step !== null) state.next = found.last_step + 1;
      const behind = found.last_step === null && found.run.status.state === "running" && found.run.status.step < state.next - 1;
      if (behind) Object.assign(state, { next: 0, traces: new Map(), drawn: false, rows: 0, stages: new Map() });
      await draw(plot, state, found.rows);
      if (state.Plotly) maps.add(state.Plotly, found.rows);
      showScores(scores, found.rows);
      state.ended = !found.run.active && !behind;
      note.textContent = state.rows ? "" : found.run.active
        ? "The first curve appears after the first step, some seconds from now." : "This run has no curve: it ended before its first step.";
      plot.hidden = !state.rows;
    } catch (error) {
      note.textContent = error.message;
    } finally {
      state.busy = false;
    }
  };
  onTheme(element, () => { if (state.drawn) state.Plotly.relayout(plot, colours()); recolour(plot, state); });
  return { element, refresh };
}

async function draw(plot, state, rows) {
  if (!rows.length) return;
  plot.hidden = false; // Plotly measures the box it draws into
  state.rows += rows.length;
  state.Plotly ??= await plotly();
  const fresh = new Map();
  const put = (key, x, y) => {
    const target = fresh.get(key) ?? fresh.set(key, { x: [], y: [] }).get(key);
    target.x.push(x);
    target.y.push(y);
  };
  for (const row of rows) {
    state.summed ||= "contrastive" in row; // where no sum is logged, as in CLAP, the pairs are the curves
    if (!state.stages.has(row.stage)) state.stages.set(row.stage, row.step);
    for (const name of Object.keys(NAMES)) {
      if (typeof row[name] !== "number") continue;
      if (row.kind === "train") put(name, row.step, row[name]);
      else if (name === "loss") put("loss (validation)", row.step, row[name]);
    }
  }
  const added = [...fresh.keys()].filter((key) => !state.traces.has(key));
  if (!state.drawn) {
    added.forEach((key, place) => state.traces.set(key, place));
    state.drawn = true;
    await state.Plotly.newPlot(plot, added.map((key) => trace(key, fresh.get(key), state)), layout(state),
      { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d"] });
    return;
  }
  const known = [...fresh.keys()].filter((key) => state.traces.has(key));
  if (known.length) {
    await state.Plotly.extendTraces(plot, { x: known.map((key) => fresh.get(key).x), y: known.map((key) => fresh.get(key).y) },
      known.map((key) => state.traces.get(key)));
  }
  if (added.length) {
    added.forEach((key) => state.traces.set(key, state.traces.size));
    await state.Plotly.addTraces(plot, added.map((key) => trace(key, fresh.get(key), state)));
  }
  const { shapes, annotations } = marks(state);
  if ((plot.layout.shapes ?? []).length !== shapes.length) await state.Plotly.relayout(plot, { shapes, annotations });
}

function trace(key, points, state) {
  const name = key.split(" ")[0];
  const validation = key.endsWith("(validation)");
  return {
    ...points, name: validation ? `${NAMES[name]}, validation` : NAMES[name], type: "scatter",
    mode: validation ? "markers" : "lines",
    visible: HIDDEN_AT_FIRST.has(name) && (state.summed || !(name in PAIRS)) ? "legendonly" : true,
    line: { color: variable(COLOURS[name]), width: name === "loss" ? 1.8 : 1.2, dash: DASHES[name] ?? "solid" },
    marker: { color: variable(COLOURS[name]), size: 10, symbol: "diamond-open", line: { width: 2 } },
    hovertemplate: "%{y:.4f}", yaxis: RIGHT.has(name) ? "y2" : "y",
  };
}

const layout = (state) => ({
  ...colours(), height: 380, margin: { l: 52, r: 62, t: 26, b: 40 }, hovermode: "x unified", uirevision: "keep",
  font: { family: "system-ui, sans-serif", size: 12, color: variable("--ink-2") },
  legend: { orientation: "h", y: -0.16, x: 0, font: { size: 11 } },
  xaxis: { title: { text: "step", standoff: 4 }, gridcolor: variable("--line"), zeroline: false, rangemode: "tozero" },
  yaxis: { title: { text: "loss", standoff: 6 }, gridcolor: variable("--line"), zeroline: false },
  yaxis2: { title: { text: "consensus, shares", standoff: 8 }, tickformat: ".2~f", tickmode: "auto", nticks: 6, overlaying: "y", side: "right", showgrid: false, zeroline: false, rangemode: "tozero" },
  ...marks(state),
});

/** A thin line and a name where a stage begins. */
function marks(state) {
  const starts = [...state.stages];
  return {
    shapes: starts.slice(1).map(([, step]) => ({ type: "line", x0: step, x1: step, y0: 0, y1: 1, yref: "paper",
      line: { color: variable("--line-2"), width: 1, dash: "dash" } })),
    annotations: starts.map(([stage, step]) => ({ x: step, y: 1, yref: "paper", xanchor: "left", yanchor: "bottom",
      text: stage, showarrow: false, font: { size: 11, color: variable("--ink-2") } })),
  };
}

const colours = () => ({
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", "font.color": variable("--ink-2"),
  "xaxis.gridcolor": variable("--line"), "yaxis.gridcolor": variable("--line"),
  hoverlabel: { bgcolor: variable("--surface-2"), bordercolor: variable("--line-2"), font: { color: isDark() ? "#e9ebf0" : "#171a21" } },
});

function recolour(plot, state) {
  if (!state.drawn) return;
  for (const [key, place] of state.traces) {
    const colour = variable(COLOURS[key.split(" ")[0]]);
    state.Plotly.restyle(plot, { "line.color": colour, "marker.color": colour }, [place]);
  }
}

/** What validation said at the end of each stage, as chips. */
function showScores(host, rows) {
  for (const row of rows.filter((one) => one.kind === "validation")) {
    const shown = [["av_roc_auc", "A·V ROC-AUC"], ["al_roc_auc", "A·L ROC-AUC"], ["av_average_precision", "A·V AP"]]
      .filter(([key]) => typeof row[key] === "number");
    const chips = shown.map(([key, name]) => h("span.chip", {}, name, h("strong.num", {}, ` ${row[key].toFixed(3)}`)));
    if (chips.length) {
      host.append(h("span.muted", {}, `after ${row.stage}, ${row.labelled ?? "?"} labelled validation clips`), ...chips);
    }
  }
}
