// Small plots of figures with intervals: a forest of groups, a course over days, a sparkline.

import { h, whole } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const has = (one) => one && one.value !== null && one.value !== undefined;

function s(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The span of the axis: from 0 (or less, where something is) to 1. */
function span(estimates) {
  const low = Math.min(0, ...estimates.filter(has).map((one) => one.low ?? one.value));
  return [Math.max(-1, Math.floor(low * 4) / 4), 1];
}

const told = (name, one) => (has(one) ? `${name}: ${one.value.toFixed(2)}${one.low === null ? "" : ` [${one.low.toFixed(2)}, ${one.high.toFixed(2)}]`}, n ${whole(one.n)}${one.note ? ` (${one.note})` : ""}`
  : `${name}: none, ${one?.note || "nothing to count"} (n ${whole(one?.n)})`);

/** `rows`: {name, one: an estimate}. One line a group, a dot with its interval; `all` is a line through. */
export function forest({ title, xName, rows, all }) {
  const LINE = 20, LEFT = 150, RIGHT = 64, WIDTH = 520, TOP = 6, height = TOP + rows.length * LINE + 34;
  const [low, high] = span(rows.map((row) => row.one));
  const px = (x) => LEFT + (Math.min(Math.max(x, low), high) - low) / (high - low) * (WIDTH - LEFT - RIGHT);
  const root = s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${title}: ${xName}` });
  const bottom = TOP + rows.length * LINE;
  for (let x = low; x <= high + 1e-9; x += 0.25) {
    root.append(s("line", { x1: px(x), x2: px(x), y1: TOP, y2: bottom, class: "grid" }), s("text", { x: px(x), y: bottom + 14, "text-anchor": "middle" }, x.toFixed(2)));
  }
  root.append(s("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: height - 4, "text-anchor": "middle", class: "name" }, xName));
  if (has(all)) root.append(s("line", { x1: px(all.value), x2: px(all.value), y1: TOP, y2: bottom, class: "baseline" }, s("title", {}, told("all", all))));
  rows.forEach(({ name, one }, n) => {
    const y = TOP + n * LINE + LINE / 2;
    const group = s("g", {}, s("title", {}, told(name, one)), s("rect", { x: 0, y: y - LINE / 2, width: WIDTH, height: LINE, class: "hit" }),
      s("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, name.length > 22 ? `${name.slice(0, 21)}…` : name),
      s("text", { x: WIDTH - 4, y: y + 4, "text-anchor": "end" }, has(one) ? whole(one.n) : "–"));
    if (has(one)) {
      if (one.low !== null) group.append(s("line", { x1: px(one.low), x2: px(one.high), y1: y, y2: y, class: "interval" }));
      group.append(s("circle", { cx: px(one.value), cy: y, r: 4, class: "mark" }));
    }
    root.append(group);
  });
  return h("figure.chart.forest", {}, h("h3", {}, title, h("span.muted.small", {}, "n")), root);
}

/** `rows` by day, in order: a line with its interval behind it. */
export function course({ title, yName, rows }) {
  const WIDTH = 520, HEIGHT = 240, LEFT = 48, RIGHT = 22, TOP = 8, BOTTOM = 34;
  const [low, high] = span(rows.map((row) => row.one));
  const known = rows.map((row, n) => ({ ...row, n })).filter((row) => has(row.one));
  const px = (n) => (rows.length < 2 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + n / (rows.length - 1) * (WIDTH - LEFT - RIGHT));
  const py = (y) => HEIGHT - BOTTOM - (Math.min(Math.max(y, low), high) - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  const root = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${yName}` });
  for (let y = low; y <= high + 1e-9; y += 0.25) {
    root.append(s("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: py(y), y2: py(y), class: "grid" }), s("text", { x: LEFT - 6, y: py(y) + 4, "text-anchor": "end" }, y.toFixed(2)));
  }
  const every = Math.max(1, Math.ceil(rows.length / 6));
  rows.forEach((row, n) => {
    if (n % every === 0) root.append(s("text", { x: px(n), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, row.name.slice(5)));
  });
  root.append(s("polyline", { points: known.map((row) => `${px(row.n)},${py(row.one.value)}`).join(" "), class: "curve" }));
  for (const row of known) {
    const group = s("g", {}, s("title", {}, told(row.name, row.one)));
    if (row.one.low !== null) group.append(s("line", { x1: px(row.n), x2: px(row.n), y1: py(row.one.low), y2: py(row.one.high), class: "interval" }));
    group.append(s("circle", { cx: px(row.n), cy: py(row.one.value), r: 4, class: "mark" }));
    root.append(group);
  }
  root.append(s("text", { x: 10, y: (HEIGHT - BOTTOM) / 2, "text-anchor": "middle", class: "name", transform: `rotate(-90 10 ${(HEIGHT - BOTTOM) / 2})` }, yName));
  return h("figure.chart", {}, h("h3", {}, title), root);
}

/** Values around 0, which is a line; the axis reaches as far as anybody plausibly drifts. */
export function sparkline(values, title, reach = 0.5) {
  const WIDTH = 140, HEIGHT = 28;
  const px = (n) => n / (values.length - 1) * WIDTH, py = (y) => HEIGHT / 2 - Math.min(Math.max(y / reach, -1), 1) * (HEIGHT / 2 - 2);
  const points = values.map((value, n) => (value === null ? null : `${px(n).toFixed(1)},${py(value).toFixed(1)}`)).filter(Boolean);
  const last = values.at(-1);
  return s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "spark", role: "img", "aria-label": `${title}, now ${last === null ? "unknown" : last.toFixed(2)}` },
    s("title", {}, `${title}: now ${last === null ? "unknown" : last.toFixed(2)}; the middle line is 0, the edges ± ${reach}`),
    s("line", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2, class: "grid" }), s("polyline", { points: points.join(" "), class: "curve" }));
}
