// The parts of the Explore page and where they stand; what they do is told by `on`.

import { fill, h } from "./dom.js";

const COLOURS = { cluster: "cluster", label: "label", score: "score A·V", score_al: "score A·L",
  verb: "verb", source: "source and split" };
const TOOLS = { lasso: ["◌ lasso", "Drag draws a line around clips"], pan: ["✥ move", "Drag moves the map"] };

/** `on`: run, stage, colour, search, clusters (values chosen), tool, fit, key (an event). `panel` and
 * `tip` are nodes of their own. Returns the nodes the page fills. */
export function exploreView(state, panel, tip, on) {
  const choice = (name, chosen, options = []) =>
    h("select", { ariaLabel: name, onchange: (event) => chosen(event.target.value) }, options);
  const parts = {
    run: choice("Run", on.run),
    stage: choice("Stage", on.stage),
    space: h("div.segments", { role: "radiogroup", ariaLabel: "Space" }),
    by: choice("Colour", on.colour, Object.entries(COLOURS).map(([value, name]) => h("option", { value }, name))),
    text: h("input", { type: "search", placeholder: "search narrations", ariaLabel: "Search narrations",
      oninput: () => on.search() }),
    count: h("span.num.muted"),
    number: h("output.num", {}, state.clusters),
    slider: h("input", { type: "range", min: 2, max: 60, value: state.clusters, ariaLabel: "Number of clusters",
      oninput: (event) => { parts.number.textContent = event.target.value; on.clusters(Number(event.target.value)); } }),
    mapHost: h("div.map-host", { tabIndex: 0, role: "group", onkeydown: on.key,
      ariaLabel: "Map of clips. Arrow keys go to the next clip, Space plays it again." }),
    legend: h("div.legend"), side: h("div.side"), marks: h("div"), empty: h("div"),
  };
  parts.by.value = state.by;
  const tools = Object.entries(TOOLS).map(([tool, [text, title]]) =>
    h("button.quiet", { type: "button", title, ariaPressed: "false", onclick: () => parts.useTool(tool) }, text));
  parts.useTool = (tool) => {
    for (const [i, name] of Object.keys(TOOLS).entries()) tools[i].ariaPressed = String(name === tool);
    on.tool(tool);
  };
  parts.body = h("div.explore-body", { hidden: true },
    h("div.map-column", {},
      h("div.map-frame", {}, parts.mapHost, h("div.map-tools", {}, tools,
        h("button.quiet", { type: "button", title: "Whole map", onclick: () => on.fit() }, "⌂ all"))),
      h("div.map-foot", {}, h("label.k", {}, "clusters", parts.slider, parts.number), parts.legend)),
    panel, parts.side);
  const bar = h("div.controls", {},
    h("label", {}, "run", parts.run), h("label", {}, "stage", parts.stage), parts.space,
    h("label", {}, "colour", parts.by), parts.text, h("span.grow"), parts.count);
  parts.node = h("section.explore", {}, bar, parts.marks, parts.empty, parts.body, tip);
  return parts;
}

/** Choices of a list of names, with the present one chosen. */
export function offerNames(select, names, chosen) {
  fill(select, names.map((value) => h("option", { value }, value)));
  select.value = chosen;
}
