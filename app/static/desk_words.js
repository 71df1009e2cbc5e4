// Figures and the words around them, the same in every part of the desk.

import { h, whole } from "./dom.js";

export const VALUES = { yes: "sounds", no: "does not", unsure: "can’t tell", broken: "broken" };
export const REASONS = { not_visible: "not visible", not_audible: "not audible", not_wearer: "not the wearer", narration_wrong: "narration wrong" };
export const COLOURS = { yes: "sounds", no: "silent", unsure: "unsure", broken: "error" };

const fixed = (value, digits) => value.toFixed(digits).replace("-", "−");
const percent = (value) => `${(100 * value).toFixed(1)} %`;

/** A value with its interval and n, or why there is none. */
export function estimate(one, { share = false, digits = 2, n = true } = {}) {
  if (!one || (one.value ?? null) === null) {
    return h("span.muted", { title: one?.note || "nothing to count yet" }, "–", one?.note ? h("span.small", {}, ` ${one.note}`) : null);
  }
  const told = (value) => (share ? percent(value) : fixed(value, digits));
  return h("span.estimate", {}, h("strong", {}, told(one.value)), " ",
    one.low === null ? null : h("span.muted", {}, `[${told(one.low)}, ${told(one.high)}] `),
    n ? h("span.muted.small", {}, `n ${whole(one.n)}`) : null,
    one.note ? h("span.muted.small.note", {}, ` ${one.note}`) : null);
}

/** A share of people's answers as an estimate. */
export const ofShare = (one) => (one ? { value: one.share, low: one.low, high: one.high, n: one.total, note: "" } : null);

export function personName(person) {
  return [person.name, person.simulated ? h("span.chip.outline", { title: "Answers were drawn by a program, not given by a person" }, "simulated") : null];
}

export const dot = (value) => h(`span.dot.${COLOURS[value]}`);

/** "as of 12:03; newer figures are being computed" */
export function asOf(found, told) {
  return h("p.muted.small", { role: "status" }, `As of ${told}. `, found.stale ? "Newer figures are being computed." : null);
}
