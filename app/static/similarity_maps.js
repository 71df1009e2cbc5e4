// Histograms of the own pairs' cosines over the steps of a run: how the clips fall apart into two.

import { h } from "./dom.js";
import { onTheme, variable } from "./palette.js";

const PAIRS = { a_v_histogram: "audio · video", a_l_histogram: "audio · text", v_l_histogram: "video · text" };

/** element and add(Plotly, rows): three heat maps, cosine upwards, step to the right. */
export function similarityMaps() {
  const plot = h("div.curves", { role: "img", ariaLabel: "Cosine of every pair of modalities by step, as histograms" });
  const element = h("details", { hidden: true }, h("summary", {}, "Similarities of each clip's own pairs"), h("div.curves-box", {}, plot));
  const columns = Object.fromEntries(Object.keys(PAIRS).map((name) => [name, { x: [], z: [] }]));
  let stale = true, Plotly = null;

  const draw = () => {
    if (!element.open || !stale || !Plotly) return;
    stale = false;
    Plotly.react(plot, traces(columns), layout(), { displaylogo: false, displayModeBar: false, responsive: true });
  };
  element.addEventListener("toggle", draw);
  onTheme(element, () => { stale = true; draw(); });
  const add = (library, rows) => {
    Plotly = library;
    for (const row of rows) {
      if (row.kind !== "train") continue;
      for (const name of Object.keys(PAIRS)) {
        if (!Array.isArray(row[name])) continue;
        columns[name].x.push(row.step);
        columns[name].z.push(row[name]);
        element.hidden = false;
        stale = true;
      }
    }
    draw();
  };
  return { element, add };
}

function traces(columns) {
  const colours = [[0, "rgba(0,0,0,0)"], [1, variable("--sounds")]];
  return Object.entries(columns).map(([name, { x, z }], place) => {
    const bins = z[0]?.length ?? 0;
    const y = Array.from({ length: bins }, (_, bin) => -1 + (2 * bin + 1) / bins);
    return {
      type: "heatmap", x, y, z: y.map((_, bin) => z.map((column) => column[bin])), zmin: 0, zmax: 0.4, colorscale: colours, showscale: false,
      xaxis: place ? `x${place + 1}` : "x", yaxis: "y", hovertemplate: `${PAIRS[name]} %{y:.2f}: %{z:.0%} of the batch, step %{x}<extra></extra>`,
    };
  });
}

function layout() {
  const axis = { gridcolor: variable("--line"), zeroline: false, color: variable("--ink-2") };
  const names = Object.values(PAIRS);
  const found = {
    height: 190, margin: { l: 44, r: 12, t: 24, b: 34 }, grid: { rows: 1, columns: 3, subplots: [["xy", "x2y", "x3y"]], xgap: 0.06 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: "system-ui, sans-serif", size: 11, color: variable("--ink-2") },
    yaxis: { ...axis, range: [-1, 1], title: { text: "cosine", standoff: 4 } },
    annotations: names.map((text, place) => ({ text, x: (place + 0.5) / 3, y: 1, xref: "paper", yref: "paper", yanchor: "bottom", showarrow: false })),
  };
  for (const n of ["xaxis", "xaxis2", "xaxis3"]) found[n] = { ...axis, title: { text: "step", standoff: 2 } };
  return found;
}
