// What the verb table and the long tail share: their figures, and what stands there without any.

import { api, fill, h } from "./dom.js";

/** {clips, labelled, selected, verbs, tail}; null where the studio could not tell, which is shown. */
export async function readWords(body) {
  const slow = setTimeout(() => fill(body, h("p.muted", { role: "status" }, "Counting verbs and nouns…")), 300);
  try {
    return await api("/api/taxonomy");
  } catch (error) {
    fill(body, h("p.error-text", { role: "alert" }, error.message));
    return null;
  } finally {
    clearTimeout(slow);
  }
}

export function noClips(body, show) {
  fill(body, h("div.empty.first", {}, h("h2", {}, "No clips yet"),
    h("p", {}, "Every clip is counted here by the verb and the noun of its narration, and how often it sounds once people "
      + "have listened. Ingest narrated videos first."),
    h("button.primary", { type: "button", onclick: () => show("add") }, "Add data")));
}

/** Clips but no label: what will stand here, and where it comes from. */
export const noLabels = () => h("p.notice", { role: "note" }, "No clip has a label yet. A share appears as soon as the "
  + "majority of the people asked about a clip agree: ", h("a", { href: "#annotate" }, "label clips"), ".");

/** The filter of the clip list that shows a verb, a noun, or clips without. */
export function filterOf(verb, noun) {
  const filter = {};
  if (verb) filter.verb = verb;
  if (noun) filter.noun = noun;
  if (!verb || !noun) filter.without = verb ? "noun" : "verb";
  return filter;
}

export const groupName = (verb, noun) => [verb ?? "(no verb)", noun ?? "(no noun)"].join(" ");
