// A clip whose answer is known comes with the reason: warm-ups, checks answered wrong.

import { fill, h } from "./dom.js";
import { sign, wordOf } from "./annotate_view.js";

/**
 * The panel in the question's place. `yours`, `label`: answers; `ongo` by Enter, `ondispute(note)`
 * resolves once the studio has it, `onguideline` opens what the rules say.
 */
export function explainPanel({ title, yours, label, reason, ongo, ondispute, onguideline }) {
  const right = yours === label;
  const chip = (value, text) => h(`span.an-verdict.an-${value}`, {}, text, " ", h("b", {}, wordOf(value)));
  const note = h("input.an-dispute-note", { type: "text", maxLength: 500, ariaLabel: "Why you dispute it",
    placeholder: "Why? (you may leave it empty)" });
  const said = h("p.an-hint", { role: "status", ariaLive: "polite" });
  const form = ondispute && h("form.an-start-row", { hidden: true,
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await ondispute(note.value.trim());
        fill(said, "Disputed: somebody who leads will listen to it.");
        form.hidden = true;
        dispute.hidden = true;
        go.focus();
      } catch (error) {
        fill(said, error.message);
      }
    },
    onkeydown: (event) => { if (event.key === "Escape") { form.hidden = true; go.focus(); } } },
    note, h("button", { type: "submit" }, "Send"));
  const go = h("button.primary", { type: "button", onclick: ongo }, "Go on", h("kbd", {}, "Enter"));
  const dispute = ondispute && h("button", { type: "button", dataset: { dispute: "" },
    onclick: () => { form.hidden = false; note.focus(); } }, "Dispute", sign("dispute"));
  return h("div.an-explained", { role: "group", ariaLabel: title },
    h("p.an-known", {}, title),
    h("p.an-verdicts", {}, chip(yours, "You said"), right ? h("b.an-right", {}, "Right.") : chip(label, "The answer is")),
    h("p.an-reason", {}, reason),
    h("p", {}, h("button.an-link", { type: "button", onclick: onguideline }, "Read the guidelines")),
    h("div.an-start-row", {}, go, dispute), form, said);
}
