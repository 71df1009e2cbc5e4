// The form of a new batch: which clips, how they are chosen, how often they are asked, by whom.

import { peopleChoice } from "./desk_batches.js";
import { zoneName } from "./desk_time.js";
import { api, fill, h, plural, whole } from "./dom.js";

const STRATA = { "": "not stratified", verb: "verb", region: "region of the map", noun: "noun", source: "source", split: "split", video: "video" };

export async function newBatch(host, about, { done, cancel }) {
  let facets;
  try {
    facets = await api("/api/data");
  } catch (error) {
    fill(host, h("p.error-text", { role: "alert" }, error.message));
    return;
  }
  const pick = (counts) => h("select", { onchange: look }, h("option", { value: "" }, "all"),
    Object.entries(counts ?? {}).map(([value, n]) => h("option", { value }, `${value} (${whole(n)})`)));
  const filter = { verb: pick(facets.verbs), noun: pick(facets.nouns), split: pick(facets.splits), source: pick(facets.sources),
    video: h("input", { placeholder: "all", oninput: look }), text: h("input", { type: "search", placeholder: "onion", oninput: look }) };
  const LABELS = { verb: "Verb", noun: "Noun", split: "Split", source: "Source", video: "Video", text: "Narration holds" };
  const ids = h("textarea", { rows: 2, spellcheck: false, placeholder: "leave empty to use the filter", oninput: look });
  const n = h("input", { type: "number", min: 1, step: 1, placeholder: "all", oninput: look });
  const seed = h("input", { type: "number", min: 0, step: 1, value: 0, oninput: look });
  const stratify = h("select", { onchange: look }, Object.entries(STRATA).map(([value, name]) => h("option", { value }, name)));
  const name = h("input", { required: true, maxLength: 80, placeholder: "kitchen-3" });
  const k = h("input", { type: "number", min: 1, max: 9, step: 1, value: 3, oninput: () => draw() });
  const early = h("input", { type: "checkbox", onchange: () => { share.disabled = !early.checked; } });
  const share = h("input", { type: "number", min: 0, max: 100, step: 1, value: 10, disabled: true });
  const owner = h("select", {}, h("option", { value: "" }, "nobody"), about.people.map((one) => h("option", { value: one.id }, one.name)));
  const deadline = h("input", { type: "datetime-local" });
  const note = h("input", { maxLength: 500 });
  const people = peopleChoice(about.people);
  const sizes = h("p", { role: "status" });
  const says = h("p.error-text", { role: "alert" });
  const go = h("button.primary", { type: "submit", disabled: true }, "Open batch");
  let found = null, waiting = 0, ticket = 0;

  const wanted = () => {
    const listed = ids.value.split(/[\s,;]+/).filter(Boolean);
    return {
      filter: Object.fromEntries(Object.entries(filter).map(([key, field]) => [key, field.value || null])),
      clip_ids: listed.length ? listed : null,
      n: n.value ? Number(n.value) : null, seed: Number(seed.value) || 0, stratify: stratify.value || null,
    };
  };
  function look() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++ticket;
      try {
        const answer = await api("/api/desk/batches/preview", wanted());
        if (mine !== ticket) return;
        found = answer;
        says.textContent = "";
      } catch (error) {
        if (mine !== ticket) return;
        found = null;
        says.textContent = error.message;
      }
      draw();
    }, 200);
  }
  const draw = () => {
    go.disabled = !found?.clips;
    if (!found) return;
    const strata = Object.entries(found.strata);
    fill(sizes, h("strong", {}, plural(found.clips, "clip")), ` = ${plural(found.clips * (Number(k.value) || 0), "answer")}`,
      ` · of ${whole(found.found)} found, ${whole(found.in_batches)} are in a batch already`,
      found.unplayable ? `, ${whole(found.unplayable)} cannot be played or are examples` : null,
      strata.length ? h("span.muted", {}, ` · ${strata.slice(0, 8).map(([stratum, count]) => `${stratum} ${whole(count)}`).join(", ")}`
        + (found.strata_in_all > 8 ? ` and ${found.strata_in_all - 8} more` : "")) : null);
  };
  fill(host, h("form.new-batch", { onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      const made = await api("/api/desk/batches", { ...wanted(), name: name.value, slots_per_clip: Number(k.value), early_stop: early.checked,
        full_share: Number(share.value) / 100, people: people.chosen(), owner_id: owner.value ? Number(owner.value) : null,
        deadline: deadline.value || null, note: note.value });
      done(made);
    } catch (error) {
      says.textContent = error.message;
      go.disabled = false;
    }
  }, onkeydown: (event) => { if (event.key === "Escape") cancel(); } },
  h("h2", {}, "New batch"),
  h("h3", {}, "Which clips"),
  h("div.fields", {}, Object.entries(filter).map(([key, field]) => h("label", {}, LABELS[key], field))),
  h("label", {}, "Or these clip ids (a batch of picked clips stays out of the headline agreement)", ids),
  h("div.fields", {}, h("label", {}, "At most, at random", n), h("label", {}, "Seed", seed), h("label", { title: "Of each its share, all along the order" }, "Stratified by", stratify)),
  sizes,
  h("h3", {}, "How and by whom"),
  h("div.fields", {}, h("label", {}, "Name", name), h("label", {}, "Answers a clip", k), h("label", {}, "Owner", owner),
    h("label", {}, `Deadline (${zoneName()})`, deadline), h("label", {}, "Note", note)),
  h("div.row", {}, h("label.tick", { title: "The label is the same: a third vote never overturns two that agree. Agreement is then measured on the random share only." },
    early, "Ask for the last vote only where the first disagree"), h("label.tick", {}, "but ask all on", share, "% at random")),
  people.element, says,
  h("div.row", {}, go, h("button", { type: "button", onclick: cancel }, "Cancel"))));
  look();
  name.focus();
}
