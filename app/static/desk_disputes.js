// Disputes of gold clips: what an annotator says against one, and what becomes of it.

import { clipMedia } from "./cards.js";
import { zoned } from "./desk_time.js";
import { VALUES } from "./desk_words.js";
import { api, fill, h, plural } from "./dom.js";

const OUTCOMES = { upheld: ["Keep it", "the gold answer stands"], overturned: ["Turn it round", "the annotator is right: every score it touched changes"],
  retired: ["Retire it", "nobody is asked it any more"] };

export async function disputes(host) {
  let rows;
  try {
    rows = (await api("/api/desk/disputes")).filter((one) => !one.outcome);
  } catch (error) {
    fill(host, h("p.error-text", { role: "alert" }, error.message));
    return;
  }
  if (!rows.length) return;
  fill(host, h("h2", {}, plural(rows.length, "disputed gold clip")), rows.map((one) => card(host, one)));
}

function card(host, one) {
  const note = h("input", { maxLength: 500, ariaLabel: "Note", placeholder: "note to the annotator (optional)" });
  const says = h("p.error-text", { role: "alert" });
  const resolve = async (outcome) => {
    try {
      await api(`/api/desk/disputes/${one.id}`, { outcome, note: note.value });
      fill(host);
      disputes(host);
    } catch (error) { says.textContent = error.message; }
  };
  return h("article.panel.dispute", {}, h("div.dispute-clip", {}, clipMedia({ clip_id: one.clip_id, narration: one.narration })),
    h("div.stack", {}, h("p.narration", {}, one.narration),
      h("p.small", {}, `Gold says ${VALUES[one.gold_label]}: ${one.gold_reason}`),
      h("p.small", {}, `${one.person} answered ${VALUES[one.their_answer] ?? "otherwise"} and says: ${one.note}`, h("span.muted", {}, ` (${zoned(one.created_at)})`)),
      h("label", {}, "Note", note),
      h("div.row", {}, Object.entries(OUTCOMES).map(([outcome, [text, title]]) => h("button", { type: "button", title, onclick: () => resolve(outcome) }, text))), says));
}
