// Clips whose answer is known, with the reason: worked examples, exam questions, gold. Found by their
// narration, added by hand, taken out again.

import { clipMedia } from "./cards.js";
import { dot, VALUES } from "./desk_words.js";
import { api, fill, h, plural, url, whole } from "./dom.js";

const USES = { worked: ["Worked examples", "shown to annotators, with the reason"], exam: ["Exam questions", "asked before somebody may label"],
  gold: ["Gold", "comes among the clips as a check"] };
const FOUND = 8;

/** `onchange`: the pool of the exam may have changed. */
export async function knownClips(host, onchange) {
  const [examples, gold] = await Promise.all([api("/api/desk/examples"), api("/api/desk/gold")]);
  const again = async () => { await knownClips(host, onchange); onchange(); };
  const rows = { worked: examples.filter((one) => one.used_for === "worked"), exam: examples.filter((one) => one.used_for === "exam"), gold };
  fill(host, h("h2", {}, "Clips with a known answer"), adding(again),
    Object.entries(USES).map(([use, [name, what]]) => h("details.panel.known", { open: rows[use].length > 0 && rows[use].length <= 12 },
      h("summary", {}, h("strong", {}, name), h("span.muted", {}, ` ${plural(rows[use].length, "clip")} · ${what}`)),
      rows[use].length ? table(use, rows[use], again) : h("p.muted", {}, "None yet: find a clip above."))));
}

function table(use, rows, again) {
  const says = h("p.error-text", { role: "alert" });
  const remove = async (one) => {
    try {
      await api(use === "gold" ? `/api/desk/gold/${one.id}` : `/api/desk/examples/${one.id}`, undefined, "DELETE");
      await again();
    } catch (error) { says.textContent = error.message; }
  };
  return [says, h("div.table-wrap", {}, h("table.known-table", {},
    h("thead", {}, h("tr", {}, ["Clip", "Narration", "Answer", "Reason", use === "gold" ? "Right" : null, ""].filter((name) => name !== null).map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((one) => h("tr", {}, h("td", {}, h("div.known-clip", {}, clipMedia(one))), h("td", {}, one.narration), h("td", {}, dot(one.label), ` ${VALUES[one.label]}`),
      h("td", {}, one.reason), use === "gold" ? h("td.num", {}, one.total ? `${whole(one.right)} of ${whole(one.total)}` : "–") : null,
      h("td", {}, h("button.quiet", { type: "button", ariaLabel: `Take out: ${one.narration}`, onclick: () => remove(one) }, "take out")))))))];
}

/** Find a clip by its narration, say what is right and why. */
function adding(again) {
  const state = { clip: null };
  const text = h("input", { type: "search", placeholder: "onion" });
  const found = h("div.known-found", { role: "group", ariaLabel: "Clips found" });
  const use = h("select", {}, Object.entries(USES).map(([id, [name]]) => h("option", { value: id }, name)));
  const label = h("select", {}, h("option", { value: "yes" }, "sounds"), h("option", { value: "no" }, "does not sound"));
  const reason = h("input", { required: true, maxLength: 2000, placeholder: "the knife is heard on the board" });
  const says = h("p", { role: "status" });
  const form = h("form.fields", { hidden: true, onsubmit: add }, h("label", {}, "Use it as", use), h("label", {}, "Right answer", label),
    h("label.wide", {}, "Reason, told to annotators", reason), h("div.row", {}, h("button.primary", { type: "submit" }, "Add")));

  async function look(event) {
    event.preventDefault();
    const { rows, total } = await api(url("/api/clips", { text: text.value, limit: FOUND }));
    state.clip = null;
    form.hidden = true;
    says.textContent = rows.length ? `${plural(total, "clip")} found${total > FOUND ? `, the first ${FOUND} shown` : ""}: choose one.` : "No narration holds that.";
    fill(found, rows.map((clip) => h("div.known-choice", {}, clipMedia(clip),
      h("button", { type: "button", ariaPressed: "false", onclick: (pressed) => choose(clip, pressed.currentTarget) }, clip.narration))));
  }

  function choose(clip, button) {
    for (const other of found.querySelectorAll("[aria-pressed]")) other.ariaPressed = String(other === button);
    state.clip = clip;
    form.hidden = false;
    says.textContent = "";
    use.focus();
  }

  async function add(event) {
    event.preventDefault();
    const { clip_id } = state.clip;
    const said = { clip_id, label: label.value, reason: reason.value };
    try {
      await (use.value === "gold" ? api("/api/desk/gold", said) : api("/api/desk/examples", { ...said, used_for: use.value }));
      await again();
    } catch (error) { says.textContent = error.message; }
  }

  return h("div.panel.stack", {}, h("form.row", { onsubmit: look }, h("label.grow", {}, "Find a clip by its narration", text), h("button", { type: "submit" }, "Find")), found, form, says);
}
