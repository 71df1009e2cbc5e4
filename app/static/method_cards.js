// The method first, then what it minimises: two groups of cards, the ablations folded below.

import { fill, h } from "./dom.js";

const KEPT = "sounding-train";
const READS = { audio: "sound", video: "picture", text: "language" };
const SHORT = { mc3: "MC3", clap: "CLAP", cm_acc: "CM-ACC", cmc: "CMC", imagebind: "ImageBind" };

/** `element` to place, `chosen()` -> {method, preset}; `changed()` is called at every choice, which
 * the browser remembers, the preset of each method for itself. */
export function choiceCards(methods, changed) {
  const kept = remembered();
  let method = methods.find((one) => one.id === kept.method) ?? methods[0];
  const presetOf = (one) => (kept.presets[one.id] in one.presets ? kept.presets[one.id] : firstPreset(one));
  const box = h("div.stack");
  const about = h("p.small.muted.method-about");
  const methodCards = h("div.method-cards", { role: "radiogroup", ariaLabel: "Method" }, methods.map((one) =>
    card("method", one.id, one === method, [h("strong", {}, SHORT[one.id] ?? one.name),
      h("span.small.muted", {}, one.modalities.map((name) => READS[name]).join(" · "))], () => {
      method = one;
      kept.method = one.id;
      drawPresets();
      told();
    })));

  const told = () => {
    localStorage.setItem(KEPT, JSON.stringify(kept));
    changed();
  };
  const drawPresets = () => {
    const chosen = presetOf(method);
    const of = (names) => names.map((name) => card("preset", name, name === chosen,
      [h("strong", {}, name), h("span.small.muted", {}, sentence(method.presets[name]))], () => {
        kept.presets[method.id] = name;
        told();
      }));
    const names = Object.keys(method.presets), folded = names.filter((name) => method.ablations.includes(name));
    const first = firstPreset(method); // the one to begin with stands first
    const plain = [first, ...names.filter((name) => name !== first && !folded.includes(name))];
    about.textContent = `${method.name}. ${method.paper}`;
    fill(box, h("div.preset-cards", {}, of(plain)), folded.length
      ? h("details.ablations", { open: folded.includes(chosen) }, h("summary.small.muted", {}, "Ablations"),
        h("div.preset-cards.quiet", {}, of(folded))) : null);
  };
  drawPresets();
  return {
    element: h("div.stack", {}, h("h3", {}, "Method"), methodCards, about, h("h3", {}, "Preset"),
      h("div", { role: "radiogroup", ariaLabel: "Preset" }, box)),
    chosen: () => ({ method: method.id, preset: presetOf(method) }),
  };
}

const firstPreset = (method) => ("demo" in method.presets ? "demo" : Object.keys(method.presets)[0]);
const sentence = (says) => says.replace(/^Ablation: (.)/, (_, letter) => letter.toUpperCase());

function card(group, value, checked, inside, chosen) {
  return h("label.preset", { dataset: { [group]: value } },
    h("input", { type: "radio", name: group, value, checked, onchange: chosen }), inside);
}

/** What was chosen last; a damaged note is forgotten. */
function remembered() {
  try {
    const { method = null, presets = {} } = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    return { method, presets: { ...presets } };
  } catch {
    return { method: null, presets: {} };
  }
}
