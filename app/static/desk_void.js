// Void: choose answers, see what would change, do it with a reason, undo it.

import { clipCard } from "./cards.js";
import { at, zoned, zoneName } from "./desk_time.js";
import { api, fill, h, plural, whole } from "./dom.js";

const STANDING = { sounds: "sounds", silent: "does not sound", unusable: "unusable", waits: "waits for a lead", open: "open" };

export async function voidView(body, about) {
  const history = h("div.stack");
  const effect = h("div.stack");
  const says = h("p.error-text", { role: "alert" });
  let batches = [];
  try { ({ batches } = await api("/api/desk/batches")); } catch (error) { says.textContent = error.message; }
  const choice = (options) => h("select", { onchange: clear }, h("option", { value: "" }, "any"), options.map(([value, name]) => h("option", { value }, name)));
  const person = choice(about.people.map((one) => [one.id, one.name]));
  const batch = choice(batches.map((one) => [one.id, one.name]));
  const guideline = choice(about.guidelines.map((version) => [version, `version ${version}`]));
  const since = h("input", { type: "datetime-local", step: 60, onchange: clear });
  const until = h("input", { type: "datetime-local", step: 60, onchange: clear });
  const wanted = () => ({ person_id: Number(person.value) || null, batch_id: Number(batch.value) || null,
    guideline_version: guideline.value === "" ? null : Number(guideline.value), since: since.value || null, until: until.value || null });
  function clear() { fill(effect); }

  const look = async () => {
    clear();
    try {
      const found = await api("/api/desk/voids/preview", wanted());
      says.textContent = "";
      drawEffect(effect, found, async (reason, again) => {
        await api("/api/desk/voids", { ...wanted(), reason, again, expected: found.answers });
        clear();
        await list();
      });
    } catch (error) { says.textContent = error.message; }
  };
  const list = async () => {
    const { voids } = await api("/api/desk/voids");
    drawHistory(history, voids, about, batches, async (one) => {
      await api(`/api/desk/voids/${one.id}/undo`, {});
      clear();
      await list();
    });
  };
  fill(body, h("h1", {}, "Void answers"),
    h("p.muted", {}, "Answers that were given under a wrong guideline, with broken headphones, or in no earnest can be taken out together. Nothing is deleted: their places are open "
      + "again for other people, so that every clip still gets its answers exactly, and undoing it brings everything back."),
    h("form.panel.stack", { onsubmit: (event) => { event.preventDefault(); look(); } },
      h("div.fields", {}, h("label", {}, "Answers of", person), h("label", {}, "In batch", batch), about.guidelines.length ? h("label", {}, "Under guideline", guideline) : null,
        h("label", {}, `From (${zoneName()})`, since), h("label", {}, `Before (${zoneName()})`, until)),
      h("div.row", {}, h("button.primary", { type: "submit" }, "See what would change"), h("span.small.muted", {}, "Answers that meet all of it; checks are never voided.")), says),
    effect, history);
  list().catch((error) => { says.textContent = error.message; });
}

function drawEffect(host, found, go) {
  if (!found.answers) {
    fill(host, h("p.muted", { role: "status" }, "No answer meets all of this."));
    return;
  }
  const reason = h("input", { required: true, maxLength: 500, placeholder: "headphones were muted" });
  const again = h("input", { type: "checkbox" });
  const says = h("p.error-text", { role: "alert" });
  const button = h("button.danger", { type: "submit" }, `Void ${plural(found.answers, "answer")}`);
  const names = Object.keys(STANDING).filter((name) => found.before[name] || found.after[name]);
  fill(host, h("div.panel.stack", {},
    h("div", { role: "status" }, h("h2", {}, `${plural(found.answers, "answer")} on ${plural(found.clips, "clip")}; ${plural(found.changed, "verdict changes", "verdicts change")}`)),
    h("div.table-wrap", {}, h("table.effect", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "These clips"), h("th.num", { scope: "col" }, "before"), h("th.num", { scope: "col" }, "after"))),
      h("tbody", {}, names.map((name) => h("tr", {}, h("th", { scope: "row" }, STANDING[name]), h("td.num", {}, whole(found.before[name])), h("td.num", {}, whole(found.after[name]))))))),
    changes(found),
    h("form.row", { onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      try { await go(reason.value, again.checked); } catch (error) { says.textContent = error.message; button.disabled = false; }
    } }, h("label.grow", {}, "Reason", reason), h("label.tick", {}, again, "ask the same people again"), button), says));
}

function changes(found) {
  if (!found.changes.length) return null;
  const host = h("div.change-cards");
  const details = h("details", { ontoggle: async () => {
    if (!details.open || host.children.length) return;
    const { clips } = await api("/api/desk/clips", { clip_ids: found.changes.map((one) => one.clip_id) });
    const cards = new Map(clips.map((clip) => [clip.clip_id, clip]));
    fill(host, found.changes.map((one) => h("div", {}, cards.has(one.clip_id) ? clipCard(cards.get(one.clip_id)) : one.clip_id,
      h("p.small", {}, `${STANDING[one.before]} → ${STANDING[one.after]}`))));
  } }, h("summary", {}, found.changed > found.changes.length ? `The first ${whole(found.changes.length)} of them` : "Which ones"), host);
  return details;
}

function drawHistory(host, voids, about, batches, undo) {
  const says = h("p.error-text", { role: "alert" });
  const name = (list, id) => list.find((one) => one.id === id)?.name ?? id;
  const asked = (one) => [one.person_id ? `of ${name(about.people, one.person_id)}` : null, one.batch_id ? `in ${name(batches, one.batch_id)}` : null,
    one.guideline_version === undefined ? null : `under guideline ${one.guideline_version}`, one.since ? `from ${zoned(one.since)}` : null, one.until ? `before ${zoned(one.until)}` : null].filter(Boolean).join(", ");
  fill(host, h("h2", {}, "Voids so far"), says, voids.length ? h("div.table-wrap", {}, h("table", {},
    h("thead", {}, h("tr", {}, [`When (${zoneName()})`, "By", "Reason", "Answers", "Number", ""].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, voids.map((one) => h("tr", {}, h("td", {}, at(one.at)), h("td", {}, one.by ?? "–"), h("td", {}, one.reason), h("td", {}, asked(one.asked), one.again ? h("span.muted", {}, " (asked again)") : null),
      h("td.num", {}, whole(one.answers)), h("td", {}, one.undone_at ? h("span.muted.small", {}, `undone ${zoned(one.undone_at)}${one.undone_by ? ` by ${one.undone_by}` : ""}`)
        : h("button", { type: "button", ariaLabel: `Undo the void “${one.reason}”`, onclick: async (event) => {
          event.target.disabled = true;
          try { await undo(one); } catch (error) { says.textContent = error.message; event.target.disabled = false; }
        } }, "Undo"))))))) : h("p.muted", {}, "None."));
}
