// plotly.js from our own server, as our own reference: another script may put its older copy on
// `window.Plotly` at any time.

import { at } from "./base.js";

let loading = null;

export function plotly() {
  loading ??= load();
  return loading;
}

async function load() {
  const before = window.Plotly;
  await new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = at("/static/plotly.min.js?v=wheel");
    script.onload = done;
    script.onerror = () => {
      loading = null;
      fail(new Error("The map could not be loaded from the studio. Is it still running?"));
    };
    document.head.append(script);
  });
  const own = window.Plotly;
  if (before) window.Plotly = before;
  return own;
}

/** Whether this browser draws with WebGL. */
export function hasWebgl() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
