// Quiet pages before, between and after the work.

import { at } from "./base.js";
import { h, plural } from "./dom.js";
import { sign } from "./annotate_view.js";

/** The start of a sitting: a name, and the gesture that lets the browser play sound. */
export function startScreen({ name, progress, message, onstart }) {
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
      "Wear headphones if you can: you count a few soft clicks first."));
  queueMicrotask(() => (name ? start : field).focus({ preventScroll: true }));
  return form;
}

/** A quiet page: the end of a batch, or nothing there yet. */
export function quietScreen({ title, lines, actions }) {
  return h("div.an-card.an-quiet", {}, h("h1", {}, title), lines.map((line) => h("p", {}, line)),
    h("div.an-start-row", {}, actions));
}

/** What Enter presses on a quiet page. */
export function goOn(text, onclick) {
  return h("button.primary", { type: "button", onclick }, text, h("kbd", {}, "Enter"));
}

/** What Escape presses on a quiet page. */
export function leave(text, onclick) {
  return h("button", { type: "button", onclick, dataset: { escape: "" } }, text, h("kbd", {}, "Esc"));
}

/** Nothing left, nothing there yet, or clips that wait in no batch: what it is, and the way on. */
export function endScreen({ session, pace, again, onopen, onundo, why }) {
  const { progress, unopened, asked, canUndo } = session;
  if (!asked && !unopened) {
    return quietScreen({ title: "No clips to label yet",
      lines: ["Clips appear here as soon as they are cut from your videos."],
      actions: [h("a.an-button", { href: at("/#data") }, "Add videos on the Data page")] });
  }
  if (unopened) {
    const people = h("select", { ariaLabel: "People per clip" },
      h("option", { value: 3 }, "three people a clip (majority)"), h("option", { value: 1 }, "one person a clip (one rater)"));
    return quietScreen({ title: `${plural(unopened, "clip")} wait in no batch`,
      lines: [progress.done ? `You have answered ${progress.done}.` : "Open them, and people can say whether they sound."],
      actions: [people, h("button.primary", { type: "button", onclick: () => onopen(Number(people.value)) },
        `Open ${plural(unopened, "clip")} for labelling`)] });
  }
  const screen = quietScreen({ title: "That was the last one for you",
    lines: [`${plural(progress.done, "clip")} answered${pace}.`,
      "Every other clip is finished, or in somebody’s hands just now. A good moment to rest your ears."],
    actions: [again, canUndo && h("button", { type: "button", onclick: onundo }, "Undo the last", sign("undo"))] });
  screen.append(why);
  return screen;
}
