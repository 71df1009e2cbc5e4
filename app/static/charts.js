// Small charts as SVG: curves that tell the threshold under the mouse, and a histogram by label.

import { h } from "./dom.js";

const WIDTH = 420, HEIGHT = 300, LEFT = 48, RIGHT = 16, TOP = 8, BOTTOM = 34;
const SVG = "http://www.w3.org/2000/svg";

/** `series`: {name, className, x, y, threshold}; `baseline`: "diagonal", a height, or null. */
export function curveChart({ title, xName, yName, series, baseline }) {
  const px = (x) => LEFT + x * (WIDTH - LEFT - RIGHT), py = (y) => HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM);
  const root = frame(title, xName, yName, px, py, [0, 0.25, 0.5, 0.75, 1], [0, 0.25, 0.5, 0.75, 1]);
  if (baseline === "diagonal") root.append(s("line", { x1: px(0), y1: py(0), x2: px(1), y2: py(1), class: "baseline" }));
  else if (baseline !== null) root.append(s("line", { x1: px(0), y1: py(baseline), x2: px(1), y2: py(baseline), class: "baseline" }));
  for (const one of series) {
    root.append(s("polyline", { points: one.x.map((x, i) => `${px(x).toFixed(1)},${py(one.y[i]).toFixed(1)}`).join(" "),
      class: `curve ${one.className}` }));
  }
  const marks = series.map((one) => root.appendChild(s("circle", { r: 4, class: `mark ${one.className}`, visibility: "hidden" })));
  const told = h("figcaption.chart-told", { ariaLive: "off" }, "\u00a0");
  root.addEventListener("pointermove", (event) => {
    const box = root.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT);
    told.replaceChildren(...series.map((one, n) => {
      const at = nearest(one.x, x);
      marks[n].setAttribute("cx", px(one.x[at]));
      marks[n].setAttribute("cy", py(one.y[at]));
      marks[n].setAttribute("visibility", "visible");
      return h(`span.${one.className}`, {}, `${one.name} score ≥ ${one.threshold[at].toFixed(2)}: `
        + `${xName} ${one.x[at].toFixed(2)}, ${yName} ${one.y[at].toFixed(2)}`);
    }));
  });
  root.addEventListener("pointerleave", () => {
    for (const mark of marks) mark.setAttribute("visibility", "hidden");
    told.textContent = "\u00a0";
  });
  return h("figure.chart", {}, h("h3", {}, title, h("span.legend-lines", {},
    series.map((one) => h(`span.${one.className}`, {}, h("i"), one.name)))), root, told);
}

/** How sounding and silent clips spread over a score. */
export function histogramChart({ title, xName, edges, sounds, silent }) {
  const low = edges[0], high = edges.at(-1), most = Math.max(1, ...sounds.map((n, i) => n + silent[i]));
  const px = (x) => LEFT + (x - low) / (high - low || 1) * (WIDTH - LEFT - RIGHT);
  const py = (y) => HEIGHT - BOTTOM - y / most * (HEIGHT - TOP - BOTTOM);
  const steps = [0, 1, 2, 3, 4].map((i) => low + (high - low) * i / 4);
  const root = frame(title, xName, "clips", px, py, steps, [0, Math.round(most / 2), most]);
  for (let i = 0; i < sounds.length; i++) {
    const x = px(edges[i]) + 0.5, width = Math.max(1, px(edges[i + 1]) - px(edges[i]) - 1);
    const base = py(0), grey = base - py(silent[i]), blue = base - py(sounds[i]);
    const about = `${xName} ${edges[i].toFixed(2)} to ${edges[i + 1].toFixed(2)}: ${sounds[i]} sound, ${silent[i]} silent`;
    root.append(
      s("rect", { x, width, y: base - blue, height: blue, class: "bar sounds" }, s("title", {}, about)),
      s("rect", { x, width, y: base - blue - grey, height: grey, class: "bar silent" }, s("title", {}, about)));
  }
  return h("figure.chart", {}, h("h3", {}, title, h("span.legend-lines", {},
    h("span", {}, h("span.dot.sounds"), "sounds"), h("span", {}, h("span.dot"), "silent"))), root,
  h("figcaption.chart-told", {}, "\u00a0"));
}

function frame(title, xName, yName, px, py, xs, ys) {
  const digits = (n) => (Number.isInteger(n) ? String(n) : n.toFixed(2));
  const root = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title });
  for (const y of ys) {
    root.append(s("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: py(y), y2: py(y), class: "grid" }),
      s("text", { x: LEFT - 6, y: py(y) + 4, "text-anchor": "end" }, digits(y)));
  }
  for (const x of xs) root.append(s("text", { x: px(x), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, digits(x)));
  root.append(s("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "name" }, xName),
    s("text", { x: 10, y: (HEIGHT - BOTTOM) / 2, "text-anchor": "middle", class: "name",
      transform: `rotate(-90 10 ${(HEIGHT - BOTTOM) / 2})` }, yName));
  return root;
}

function s(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function nearest(values, x) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - x) < Math.abs(values[best] - x)) best = i;
  return best;
}
