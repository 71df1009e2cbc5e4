// Batches: where each stands, who may answer, when it ends; a form for a new one, a form to change.

import { newBatch } from "./desk_new_batch.js";
import { at, day, wall, zoned, zoneName } from "./desk_time.js";
import { api, fill, h, plural, poll, whole } from "./dom.js";

const CHOSEN = { random: "random", stratum: "by a rule", selection: "picked" };
const CHOSEN_TOLD = {
  random: "A random part of the data, or all of it: its agreement is in the headline figures.",
  stratum: "All clips that meet a rule such as a verb or a split: its agreement is in the headline figures.",
  selection: "Clips that somebody or a score picked: its agreement stands beside the headline figures, not in them.",
};
const STATES = { open: ["Pause", "paused"], paused: ["Reopen", "open"], closed: ["Reopen", "open"] };
const FORMATS = { csv: "CSV", parquet: "Parquet" };
const file = (format) => new URL(`../api/desk/export?format=${format}`, import.meta.url).href;
const PARTS = { finished: "finished", waiting: "waiting for adjudication", held: "held", open: "open" };

export function batchesView(body, about, open) {
  const list = h("div.batches");
  const form = h("section.panel", { hidden: true });
  const add = h("button.primary", { type: "button", ariaExpanded: "false", onclick: () => toggle() }, "New batch");
  const says = h("p.error-text", { role: "alert" });
  let editing = null, before = "";
  const toggle = (on = form.hidden) => {
    form.hidden = !on;
    add.ariaExpanded = String(on);
    if (on) newBatch(form, about, { done: (made) => { toggle(false); says.textContent = ""; before = ""; refresh.now(made); }, cancel: () => toggle(false) });
    else add.focus();
  };
  fill(body, h("div.row", {}, h("h1", {}, "Batches"), h("span.grow"),
    h("span.small.muted", {}, "All labels as"), ["csv", "parquet"].map((format) => h("a.button-link", { href: file(format), download: "" }, FORMATS[format])), add), form, says, list);

  const change = async (batch, sent) => {
    try {
      await api(`/api/desk/batches/${batch.id}`, sent);
      says.textContent = "";
    } catch (error) {
      says.textContent = error.message;
      return false;
    }
    before = "";
    await refresh.now();
    return true;
  };
  const draw = (batches) => fill(list, batches.length ? [legend(), batches.map((batch) => card(batch))] : h("div.empty", {},
    h("h2", {}, "No batches yet"),
    h("p", {}, "A batch is a set of clips that people are asked about, by so many of them each. Make one from a verb, a split or everything; "
      + "annotators find it on Annotate at once."),
    h("button.primary", { type: "button", onclick: () => toggle(true) }, "New batch")));

  const card = (batch) => {
    const owner = about.people.find((one) => one.id === batch.owner_id);
    const [next, state] = STATES[batch.state];
    const title = h("h2", {}, batch.name);
    return h("article.panel.batch", { ariaLabel: batch.name },
      h("div.row", {}, title, batch.state === "open" ? null : h("span.chip", {}, batch.state),
        h("span.chip.outline", { title: CHOSEN_TOLD[batch.chosen] }, CHOSEN[batch.chosen]),
        batch.early_stop ? h("span.chip.outline", { title: "The last votes are asked for only where the first majority disagrees, but on a random share of the clips" },
          `third vote on disagreement, all on ${Math.round(100 * batch.full_share)} %`) : null,
        h("span.grow"),
        batch.waiting ? h("button", { type: "button", onclick: () => open("adjudicate") }, `Adjudicate ${whole(batch.waiting)}`) : null,
        h("button", { type: "button", onclick: () => change(batch, { state }) }, next),
        batch.state === "closed" ? null : h("button", { type: "button", onclick: () => change(batch, { state: "closed" }) }, "Close"),
        h("button.quiet", { type: "button", ariaExpanded: String(editing === batch.id),
          onclick: () => { editing = editing === batch.id ? null : batch.id; before = ""; refresh.now(); } }, "Change")),
      progressBar(batch),
      h("div.row.small.muted", {},
        h("span", {}, `${whole(batch.filled)} of ${plural(batch.slots, "answer")} · ${batch.slots_per_clip} a clip`),
        h("span", {}, batch.everyone ? "everyone" : batch.people.map((id) => about.people.find((one) => one.id === id)?.name ?? "?").join(", ")),
        owner ? h("span", {}, `owner ${owner.name}`) : null,
        batch.deadline ? h(`span${late(batch) ? ".late" : ""}`, {}, `due ${zoned(batch.deadline)}${late(batch) ? ": later than the forecast allows" : ""}`) : null,
        forecastText(batch), h("span", {}, `opened ${at(batch.created_at)}`)),
      batch.note ? h("p.small", {}, batch.note) : null,
      editing === batch.id ? editor(batch) : null);
  };

  const editor = (batch) => {
    const name = h("input", { value: batch.name, maxLength: 80, required: true });
    const owner = h("select", {}, h("option", { value: "" }, "nobody"), about.people.map((one) => h("option", { value: one.id, selected: one.id === batch.owner_id }, one.name)));
    const deadline = h("input", { type: "datetime-local", value: wall(batch.deadline) });
    const note = h("input", { value: batch.note, maxLength: 500 });
    const people = peopleChoice(about.people, batch.people);
    return h("form.fields", { onsubmit: async (event) => {
      event.preventDefault();
      const sent = { name: name.value, owner_id: owner.value ? Number(owner.value) : null, deadline: deadline.value || null, note: note.value, people: people.chosen() };
      editing = null;
      if (!await change(batch, sent)) editing = batch.id;
    } }, h("label", {}, "Name", name), h("label", {}, "Owner", owner), h("label", {}, `Deadline (${zoneName()})`, deadline), h("label", {}, "Note", note),
    people.element, h("div.row", {}, h("button.primary", { type: "submit" }, "Save"), h("button", { type: "button", onclick: () => { editing = null; before = ""; refresh.now(); } }, "Cancel")));
  };

  const refresh = poll(list, 5, async () => {
    if (editing !== null && list.contains(document.activeElement) && before) return;
    const { batches } = await api("/api/desk/batches");
    const now = JSON.stringify(batches);
    if (now === before) return;
    before = now;
    draw(batches);
  });
}

/** Everyone, or only some: nobody ticked is everyone. */
export function peopleChoice(people, chosen = []) {
  const boxes = people.filter((one) => one.kind === "human").map((one) => [one.id, h("input", { type: "checkbox", checked: chosen.includes(one.id) })]);
  const names = Object.fromEntries(people.map((one) => [one.id, one.name]));
  return {
    element: h("fieldset.people", {}, h("legend", {}, "Who may answer (nobody ticked: everyone)"),
      boxes.length ? boxes.map(([id, box]) => h("label.tick", {}, box, names[id])) : h("span.muted.small", {}, "nobody has signed in yet: everyone")),
    chosen: () => boxes.filter(([, box]) => box.checked).map(([id]) => id),
  };
}

function parts(batch) {
  const finished = batch.complete - batch.waiting;
  const open = Math.max(batch.clips - batch.complete - batch.looked_at, 0);
  return { finished: Math.max(finished, 0), waiting: batch.waiting, held: batch.looked_at, open };
}

function progressBar(batch) {
  const found = parts(batch);
  const told = Object.entries(PARTS).map(([name, word]) => `${whole(found[name])} ${word}`).join(", ");
  return h("div.batch-progress", {},
    h("div.stacked", { role: "img", ariaLabel: `${plural(batch.clips, "clip")}: ${told}` },
      Object.entries(found).map(([name, n]) => (n ? h(`span.${name}`, { style: `flex-grow:${n}`, title: `${plural(n, "clip")} ${PARTS[name]}` }) : null))),
    h("span.num.small", {}, `${whole(batch.complete)} / ${whole(batch.clips)}`));
}

const legend = () => h("p.row.small.muted", {}, Object.entries(PARTS).map(([name, word]) => h("span.row", {}, h(`i.swatch.${name}`), word)));

const late = (batch) => Boolean(batch.forecast?.end && batch.slots > batch.filled && batch.forecast.end > wall(batch.deadline).slice(0, 10));

function forecastText(batch) {
  const { forecast } = batch;
  if (!forecast || batch.slots === batch.filled) return null;
  if (!forecast.days) return h("span", {}, "forecast after the first full day");
  if (!forecast.end) return h("span", {}, `no forecast: nobody answered in ${plural(forecast.days, "day")}`);
  const latest = forecast.latest ? day(forecast.latest) : "open";
  return h("span", { title: `At ${whole(Math.round(forecast.per_day))} answers a day over the last ${plural(forecast.days, "day")}, with what is served before it: ${whole(forecast.left)} answers left` },
    `done about ${day(forecast.end)} [${day(forecast.earliest)}, ${latest}]`);
}
