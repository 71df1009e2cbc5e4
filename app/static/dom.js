// Small DOM and HTTP helpers. Strings always become text, never HTML.

import { at, signInIfAsked } from "./base.js";

/** Build an element: h("button.primary", {onclick}, "Start", child). Null children are left out. */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "dataset") Object.assign(node.dataset, value);
    else if (key === "style") node.style.cssText = value;
    else if (key in node && key !== "list" && key !== "form") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Replace everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

/** GET or POST JSON, or another method; an error carries the server's own sentence, and its `status`. */
export async function api(path, body, method = body === undefined ? "GET" : "POST") {
  const options = body === undefined ? { method } : {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(at(path), options);
  } catch {
    throw new Error("The studio does not answer. Is it still running?");
  }
  const text = await answer.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { /* not JSON: an error page */ }
  if (!answer.ok) {
    signInIfAsked(answer);
    const detail = value?.detail;
    const said = typeof detail === "string" ? detail : `The studio answered ${answer.status}.`;
    throw Object.assign(new Error(said), { status: answer.status });
  }
  return value;
}

/** Path with a query, leaving out what is empty. */
export function url(path, query) {
  const pairs = Object.entries(query).filter(([, v]) => v !== null && v !== undefined && v !== "");
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

/** Call `work` now and then every `seconds`, only while `node` is to be seen; never twice at once. */
export function poll(node, seconds, work) {
  let busy = false, last = 0, placed = false;
  const tick = async () => {
    placed ||= node.isConnected;
    if (!node.isConnected) return placed && clearInterval(timer);
    const period = (typeof seconds === "function" ? seconds() : seconds) * 1000;
    if (busy || document.hidden || node.offsetParent === null || Date.now() - last < period) return;
    busy = true;
    try { await work(); } catch { /* the next tick tries again */ } finally {
      busy = false; last = Date.now();
    }
  };
  const timer = setInterval(tick, 250);
  tick();
  return { now: () => { last = 0; return tick(); } };
}

const WHOLE = new Intl.NumberFormat("en");

export const whole = (n) => WHOLE.format(n ?? 0);
export const plural = (n, word, many = word + "s") => `${whole(n)} ${n === 1 ? word : many}`;

/** 75 -> "1:15", 3700 -> "1 h 02". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !isFinite(seconds)) return "–";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")}`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")}`;
}

/** Seconds in a video as m:ss.s */
export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const m = Math.floor(seconds / 60);
  return `${m}:${(seconds - 60 * m).toFixed(1).padStart(4, "0")}`;
}

export function when(seconds) {
  return new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
