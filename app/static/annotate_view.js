// What the labelling page is made of. Only elements here; what they do is in annotate.js.

import { at } from "./base.js";
import { h } from "./dom.js";

export const ANSWERS = [
  { value: "yes", key: "y", word: "Sounds", says: "I see it, and I hear it" },
  { value: "no", key: "n", word: "Does not", says: "not seen, or not heard" },
  { value: "unsure", key: "u", word: "Can’t tell", says: "somebody else decides" },
  { value: "broken", key: "b", word: "Broken", says: "does not play" },
];

const KEYS = [
  ["Y  N", "the action sounds, or does not"], ["U  B", "can’t tell, or the clip is broken"],
  ["Space", "play again"], ["S", "half speed"], ["L", "loop"], ["⌫", "undo, again and again"], ["?", "this help"],
];

/** Build everything once; returns the elements that change, by name. */
export function buildView(on) {
  const view = {};
  const keep = (name, node) => (view[name] = node);
  const key = (text) => h("kbd", {}, text);
  const tool = (name, text, sign, label, onclick) => keep(name, h("button.an-tool", {
    type: "button", onclick, ariaLabel: label, title: label, "aria-keyshortcuts": sign }, text, key(sign)));

  const head = h("header.an-head", {},
    keep("batch", h("span.an-batch")), keep("rater", h("span.chip.outline", { hidden: true,
      title: "One person answers each clip of this batch; every figure made from it says so." }, "one rater")),
    keep("track", h("div.an-bar", { ariaHidden: "true" }, keep("bar", h("i")))),
    keep("count", h("span.an-count", { title: "Clips you answered, of those that were or are yours to answer" })),
    keep("pill", h("span.an-pill", { role: "status", ariaLive: "polite" }, "saved")),
    keep("person", h("button.an-person", { type: "button", onclick: on.switchPerson, title: "Not you? Sign in by another name" })),
    h("button.an-help", { type: "button", onclick: on.help, ariaLabel: "Keys and guidelines", "aria-keyshortcuts": "?" }, "?"));

  keep("stage", h("div.an-stage", { onclick: on.stageClick },
    keep("note", h("p.an-note", { hidden: true })),
    keep("flags", h("div.an-flags"))));
  const strip = h("div.an-strip", { onclick: on.seek, title: "Click to play from there" },
    keep("canvas", h("canvas.an-canvas", { ariaHidden: "true" })),
    keep("playhead", h("i.an-playhead", { hidden: true })),
    keep("stripNote", h("span.an-strip-note")));
  const tools = h("div.an-tools", {},
    tool("replay", "Replay", "Space", "Play again", on.replay),
    tool("slow", "Slow", "S", "Half speed", on.slow),
    tool("loop", "Loop", "L", "Loop", on.loop),
    tool("undo", "Undo", "⌫", "Undo the last answer", on.undo),
    h("span.an-grow"),
    keep("heard", h("span.an-heard")),
    h("label.an-volume", { title: "Volume" }, h("span", { ariaHidden: "true" }, "volume"),
      keep("volume", h("input", { type: "range", min: 0, max: 1, step: 0.05, ariaLabel: "Volume", oninput: on.volume }))));

  keep("answers", ANSWERS.map((answer) => h(`button.an-answer.an-${answer.value}`, {
    type: "button", onclick: () => on.answer(answer.value), "aria-keyshortcuts": answer.key.toUpperCase(),
  }, key(answer.key.toUpperCase()), h("span", {}, h("b", {}, answer.word), h("small", {}, answer.says)))));
  const ask = h("section.an-ask", {},
    keep("narration", h("h2.an-narration", { ariaLive: "polite" })),
    h("p.an-question", {}, "Is this action both seen and heard?"),
    keep("answerBox", h("div.an-answers", { role: "group", ariaLabel: "Your answer" }, view.answers)),
    keep("hint", h("p.an-hint", { role: "status", ariaLive: "polite" })));

  keep("work", h("div.an-work", {}, h("div.an-left", {}, view.stage, strip, tools), ask));
  keep("front", h("div.an-front"));
  keep("dialog", helpDialog(key));
  keep("root", h("div.an-root", { tabIndex: -1 }, head, view.work, view.front, view.dialog));
  return view;
}

/** The start of a sitting: a name, and the gesture that lets the browser play sound. */
export function startScreen({ name, progress, message, onstart, ontest }) {
  const field = h("input", { id: "an-name", type: "text", value: name ?? "", maxLength: 60, autocomplete: "name",
    required: true, placeholder: "Your name", "aria-describedby": "an-start-note" });
  const error = h("p.an-error", { role: "alert" }, message ?? "");
  const start = h("button.primary.an-start-button", { type: "submit" }, name ? "Continue" : "Start", h("kbd", {}, "Enter"));
  const form = h("form.an-card.an-start", {
    onsubmit: (event) => {
      event.preventDefault();
      onstart(field.value, (text) => { error.textContent = text; });
    } },
    h("h1", {}, "Does the action sound?"),
    h("p", {}, "You hear a short clip and read what the wearer did. Say whether you ",
      h("b", {}, "both see and hear"), " that action. One key saves your answer and brings the next clip."),
    h("label", { htmlFor: "an-name" }, "Name"),
    h("div.an-start-row", {}, field, start),
    error,
    h("p.an-muted", { id: "an-start-note" }, progress?.done
      ? `You have answered ${progress.done} of ${progress.total}. ` : "Your name stands beside your answers. ",
      "Wear headphones if you can. ",
      h("button.an-link", { type: "button", onclick: ontest }, "Test the sound")));
  queueMicrotask(() => (name ? start : field).focus({ preventScroll: true }));
  return form;
}

/** A quiet page: the end of a batch, or nothing there yet. */
export function quietScreen({ title, lines, actions }) {
  return h("div.an-card.an-quiet", {}, h("h1", {}, title), lines.map((line) => h("p", {}, line)),
    h("div.an-start-row", {}, actions));
}

/** Nothing left, nothing there yet, or clips that wait in no batch: what it is, and the way on. */
export function endScreen({ session, pace, again, onopen, onundo }) {
  const { progress, unopened, asked, canUndo } = session;
  const clips = (n) => `${n} clip${n === 1 ? "" : "s"}`;
  if (!asked && !unopened) {
    return quietScreen({ title: "No clips to label yet",
      lines: ["Clips appear here as soon as they are cut from your videos."],
      actions: [h("a.an-button", { href: at("/#data") }, "Add videos on the Data page")] });
  }
  if (unopened) {
    const people = h("select", { ariaLabel: "People per clip" },
      h("option", { value: 3 }, "three people a clip (majority)"), h("option", { value: 1 }, "one person a clip (one rater)"));
    return quietScreen({ title: `${clips(unopened)} wait in no batch`,
      lines: [progress.done ? `You have answered ${progress.done}.` : "Open them, and people can say whether they sound."],
      actions: [people, h("button.primary", { type: "button", onclick: () => onopen(Number(people.value)) },
        `Open ${clips(unopened)} for labelling`)] });
  }
  return quietScreen({ title: "That was the last one for you",
    lines: [`${clips(progress.done)} answered${pace}.`,
      "Every other clip is finished, or in somebody’s hands just now. A good moment to rest your ears."],
    actions: [again, canUndo && h("button", { type: "button", onclick: onundo }, "Undo the last", h("kbd", {}, "⌫"))] });
}

function helpDialog(key) {
  const dialog = h("dialog.an-dialog", { ariaLabel: "Keys and guidelines",
    onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("form", { method: "dialog" },
      h("h2", {}, "Keys"),
      h("dl.an-keys", {}, KEYS.map(([signs, text]) => [h("dt", {}, signs.split(/\s+/).map(key)), h("dd", {}, text)])),
      h("h2", {}, "Which answer?"),
      h("ul.an-rules", {},
        h("li", {}, h("b", {}, "Sounds"), ": the narrated action is in the picture, and its own sound is in the clip, however quiet."),
        h("li", {}, h("b", {}, "Does not"), ": you see it and it makes no sound; or you hear something else, a radio, another person, the next action; or it is not in the picture."),
        h("li", {}, h("b", {}, "Can’t tell"), ": you listened again and would be guessing. Somebody else decides."),
        h("li", {}, h("b", {}, "Broken"), ": it does not play, or picture and sound are clearly of another moment.")),
      h("p.an-muted", {}, "“C” is the person who wears the camera. Judge the action that the sentence names, nothing else."),
      h("button.primary", {}, "Close")));
  return dialog;
}

/** Keep the page as tall as what is left below it in the window: header and banner come and go. */
export function fitBelow(root) {
  const fit = () => {
    if (root.offsetParent) root.style.setProperty("--an-top", `${root.getBoundingClientRect().top + scrollY}px`);
  };
  new ResizeObserver(fit).observe(document.body);
  new IntersectionObserver(fit).observe(root);
}
