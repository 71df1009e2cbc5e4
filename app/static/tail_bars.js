// Bars as a few SVG paths, one a colour, so that thousands cost nothing; one cursor for mouse and keys.

import { h, whole } from "./dom.js";
import { groupName } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 7, HEIGHT = 320, LEFT = 52, RIGHT = 8, TOP = 18, LABELLED_FROM = 11;
const NAMED = 104, BARE = 26; // room below for names, or for numbers

/** groups: [verb, noun, clips, [n, share, ...], ...]; tell(at | null); open(group). */
export function tailBars({ groups, all, log, half, at, tell, open }) {
  const host = h("div.tail-bars", { tabIndex: 0, role: "application",
    ariaLabel: `${whole(groups.length)} of ${whole(all)} groups as bars, the largest first. Arrow keys move, Enter opens the clips of a group.` });
  let chosen = Math.min(at, groups.length - 1), geometry = null;
  const cursor = s("rect", { class: "cursor", visibility: "hidden" });

  const draw = () => {
    const width = Math.max(320, host.clientWidth), step = (width - LEFT - RIGHT) / groups.length;
    const bottom = step >= LABELLED_FROM ? NAMED : BARE, most = Math.max(1, groups[0]?.[2] ?? 1);
    const floor = log ? 0.7 : 0;
    const share = (n) => (log ? Math.log(n / floor) / Math.log(most / floor) : n / most);
    const py = (n) => HEIGHT - bottom - share(n) * (HEIGHT - TOP - bottom), px = (i) => LEFT + i * step;
    geometry = { px, py, step, base: HEIGHT - bottom };
    const root = s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true" });
    for (const n of ticks(most, log)) {
      root.append(s("line", { x1: LEFT, x2: width - RIGHT, y1: py(n), y2: py(n), class: "grid" }), text(whole(n), LEFT - 6, py(n) + 4, "end"));
    }
    root.append(text("clips", LEFT - 6, 11, "end"));
    const bar = step > 4 ? step - Math.min(3, step * 0.2) : step;
    const paths = new Map();
    groups.forEach(([, , clips, sounds], i) => {
      const kind = sounds[0] ? Math.round(sounds[1] * (STEPS - 1)) : -1, y = py(clips);
      paths.set(kind, `${paths.get(kind) ?? ""}M${px(i).toFixed(2)} ${y.toFixed(1)}h${bar.toFixed(2)}V${geometry.base}h${(-bar).toFixed(2)}z`);
    });
    for (const [kind, d] of paths) root.append(s("path", { d, style: `fill:${colour(kind)}` }));
    root.append(s("line", { x1: LEFT, x2: width - RIGHT, y1: geometry.base, y2: geometry.base, class: "axis" }));
    if (bottom === NAMED) names(root, groups, px, step, geometry.base);
    else for (const i of numbers(groups.length)) root.append(text(whole(i), px(i - 0.5), HEIGHT - 8, i === groups.length ? "end" : "middle"));
    if (half < groups.length) {
      root.append(s("line", { x1: px(half), x2: px(half), y1: TOP - 6, y2: geometry.base, class: "half" }),
        text("half of all clips ←", px(half) - 4, TOP, "end"));
    }
    root.append(cursor);
    host.replaceChildren(root);
    if (document.activeElement === host) point(chosen);
  };
  const point = (i) => {
    cursor.setAttribute("visibility", i === null ? "hidden" : "visible");
    tell(i);
    if (i === null) return;
    const { px, py, step, base } = geometry, y = py(groups[i][2]), width = Math.max(step, 3);
    for (const [name, value] of Object.entries({ x: px(i) + step / 2 - width / 2, y: y - 2, width, height: base - y + 2 })) cursor.setAttribute(name, value);
  };
  const under = (event) => Math.floor((event.clientX - host.getBoundingClientRect().left - LEFT) / geometry.step);
  const inside = (i) => i >= 0 && i < groups.length;

  host.addEventListener("pointermove", (event) => { const i = under(event); if (inside(i)) point(i); });
  host.addEventListener("pointerleave", () => point(document.activeElement === host ? chosen : null));
  host.addEventListener("click", (event) => { const i = under(event); if (inside(i)) { chosen = i; open(groups[i]); } });
  host.addEventListener("focus", () => point(chosen));
  host.addEventListener("blur", () => point(null));
  host.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(groups[chosen]); }
    if (by === undefined) return;
    event.preventDefault();
    chosen = Math.max(0, Math.min(groups.length - 1, chosen + by));
    point(chosen);
  });
  new ResizeObserver(() => { if (host.isConnected && host.clientWidth) draw(); }).observe(host);
  return host;
}

/** From the grey of "silent" to the blue of "sounds"; paler than both where nobody knows. */
const colour = (kind) => (kind < 0 ? "var(--line-2)"
  : `color-mix(in oklab, var(--sounds) ${Math.round(100 * kind / (STEPS - 1))}%, var(--silent))`);

function names(root, groups, px, step, base) {
  groups.forEach(([verb, noun], i) => {
    const name = groupName(verb, noun), x = px(i) + step / 2 + 3;
    const node = text(name.length > 18 ? `${name.slice(0, 17)}…` : name, x, base + 8, "end");
    node.setAttribute("transform", `rotate(-58 ${x} ${base + 8})`);
    root.append(node);
  });
}

/** A few round numbers up to the largest group. */
function ticks(most, log) {
  if (log) return Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i);
  const rough = most / 4, unit = 10 ** Math.floor(Math.log10(rough || 1));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= rough));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

const numbers = (count) => [...new Set([1, ...[0.25, 0.5, 0.75, 1].map((part) => Math.round(count * part))])].filter((n) => n > 0);

function text(words, x, y, anchor) {
  const node = s("text", { x, y, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

function s(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
