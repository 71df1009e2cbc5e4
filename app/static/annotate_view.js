// What the labelling page is made of. Only elements here; what they do is in annotate.js.

import { h } from "./dom.js";

export const ANSWERS = [
  { value: "yes", word: "Sounds", says: "I see it, and I hear it" },
  { value: "no", word: "Does not", says: "not seen, or not heard" },
  { value: "unsure", word: "Can’t tell", says: "somebody else decides" },
  { value: "broken", word: "Broken", says: "does not play" },
];

export const wordOf = (value) => ANSWERS.find((answer) => answer.value === value)?.word ?? value;

/** The sign of an action's key; `labelKeys` writes what the person's keyboard has there. */
export const sign = (action) => h("kbd", { dataset: { action } });

/** Build everything once; returns the elements that change, by name. */
export function buildView(on) {
  const view = {};
  const keep = (name, node) => (view[name] = node);
  const tool = (name, text, action, label, onclick) => keep(name, h("button.an-tool", {
    type: "button", onclick, ariaLabel: label, title: label }, text, sign(action)));

  const head = h("header.an-head", {},
    keep("batch", h("span.an-batch")), keep("rater", h("span.chip.outline", { hidden: true,
      title: "One person answers each clip of this batch; every figure made from it says so." }, "one rater")),
    keep("track", h("div.an-bar", { ariaHidden: "true" }, keep("bar", h("i")))),
    keep("count", h("span.an-count", { title: "Clips you answered, of those that were or are yours to answer" })),
    keep("pill", h("span.an-pill", { role: "status", ariaLive: "polite" }, "saved")),
    keep("mine", h("button.an-quiet-button", { type: "button", onclick: on.mine, hidden: true, title: "Your last answers" },
      "My work", sign("mine"))),
    keep("person", h("button.an-quiet-button.an-person", { type: "button", onclick: on.switchPerson, title: "Not you? Sign in by another name" })),
    h("button.an-round", { type: "button", onclick: on.settings, ariaLabel: "Choose your keys", title: "Choose your keys" }, "⌨"),
    h("button.an-round.an-help", { type: "button", onclick: on.help, ariaLabel: "Keys and guidelines", title: "Keys and guidelines",
      "aria-keyshortcuts": "?" }, "?"));

  keep("stage", h("div.an-stage", { onclick: on.stageClick },
    keep("note", h("p.an-note", { hidden: true })),
    keep("flags", h("div.an-flags"))));
  const strip = h("div.an-strip", { onclick: on.seek, title: "Click to play from there" },
    keep("canvas", h("canvas.an-canvas", { ariaHidden: "true" })),
    keep("playhead", h("i.an-playhead", { hidden: true })),
    keep("stripNote", h("span.an-strip-note")));
  const tools = h("div.an-tools", {},
    tool("replay", "Replay", "replay", "Play again", on.replay),
    tool("slow", "Slow", "slow", "Half speed", on.slow),
    tool("loop", "Loop", "loop", "Loop", on.loop),
    tool("undo", "Undo", "undo", "Undo the last answer", on.undo),
    h("span.an-grow"),
    keep("heard", h("span.an-heard")),
    h("label.an-volume", { title: "Volume" }, h("span", { ariaHidden: "true" }, "volume"),
      keep("volume", h("input", { type: "range", min: 0, max: 1, step: 0.05, ariaLabel: "Volume", oninput: on.volume }))));

  keep("answers", ANSWERS.map((answer) => h(`button.an-answer.an-${answer.value}`, {
    type: "button", onclick: () => on.answer(answer.value) },
    sign(answer.value), h("span", {}, h("b", {}, answer.word), h("small", {}, answer.says)))));
  const ask = h("section.an-ask", {},
    keep("narration", h("h2.an-narration", { ariaLive: "polite" })),
    keep("question", h("div.an-asking", {},
      h("p.an-question", {}, "Is this action both seen and heard?"),
      keep("answerBox", h("div.an-answers", { role: "group", ariaLabel: "Your answer" }, view.answers)),
      keep("why", h("div.an-why-place")),
      keep("hint", h("p.an-hint", { role: "status", ariaLive: "polite" })))),
    keep("explained", h("div.an-explained-place", { hidden: true, ariaLive: "polite" })));

  keep("work", h("div.an-work", {}, h("div.an-left", {}, view.stage, strip, tools), ask));
  keep("front", h("div.an-front"));
  keep("trouble", h("p.an-trouble", { role: "alert", hidden: true }));
  keep("root", h("div.an-root", { tabIndex: -1 }, h("div.an-top", {}, head, view.trouble), view.work, view.front));
  return view;
}

/** Keep the page as tall as what is left below it in the window: header and banner come and go. */
export function fitBelow(root) {
  const fit = () => {
    if (root.offsetParent) root.style.setProperty("--an-top", `${root.getBoundingClientRect().top + scrollY}px`);
  };
  new ResizeObserver(fit).observe(document.body);
  new IntersectionObserver(fit).observe(root);
}
