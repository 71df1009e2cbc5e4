// The verb table (the paper's Table 1): how many clips a verb has and how often they sound.

import { at } from "./base.js";
import { fill, h, plural, whole } from "./dom.js";
import { shareCell } from "./shares.js";
import { pagedTable } from "./table.js";
import { noClips, noLabels, readWords } from "./words.js";

const NO_VERB = "no verb found";
// By the lower end of the interval: a verb of one clip that sounds is not the one that sounds most.
const ORDERS = {
  verb: (a, b) => (a.verb ?? "\uffff").localeCompare(b.verb ?? "\uffff"),
  clips: (a, b) => b.clips - a.clips,
  sounds: (a, b) => lower(b.sounds) - lower(a.sounds),
  unanimous: (a, b) => lower(b.unanimous) - lower(a.unanimous),
  selected: (a, b) => b.selected[0] - a.selected[0],
};
const lower = ([n, , low]) => (n ? low : -1);

export function verbsView(body, state, options, show) {
  const kept = (state.verbs ??= { by: "clips", up: false, text: "", labelled: false });
  let words = null, table = null;
  const load = async () => {
    words = await readWords(body);
    if (!words) return;
    if (!words.clips) return noClips(body, show);
    draw();
  };
  const rows = () => {
    const text = kept.text.trim().toLowerCase();
    const found = words.verbs.filter((row) => (!kept.labelled || row.sounds[0])
      && (!text || [row.verb ?? NO_VERB, ...row.nouns.map((one) => one.noun)].some((word) => word.toLowerCase().includes(text))));
    const order = ORDERS[kept.by];
    return found.sort((a, b) => (kept.up ? -1 : 1) * order(a, b) || b.clips - a.clips);
  };
  const sorter = (by, title, hint) => h("button.sort", { type: "button", title: hint, dataset: { by }, onclick: () => {
    Object.assign(kept, { by, up: kept.by === by && !kept.up });
    mark();
    table.restart();
  } }, title);
  const mark = () => {
    for (const button of table.element.querySelectorAll("button.sort")) {
      const chosen = button.dataset.by === kept.by, rises = (kept.by === "verb") !== kept.up;
      button.closest("th").ariaSort = chosen ? (rises ? "ascending" : "descending") : "none";
    }
  };
  const draw = () => {
    const picked = words.selected ? [[sorter("selected", "Sounds, picked clips", "Clips that somebody picked, such as from a cluster: they tell of no whole, so they stand beside"),
      (row) => shareCell(row.selected), "wide"]] : [];
    table = pagedTable({
      columns: [
        [sorter("verb", "Verb", "By the alphabet"), (row) => (row.verb ? h("strong", {}, row.verb) : h("em.muted", {}, NO_VERB))],
        [sorter("clips", "Clips", "The most frequent first"), (row) => whole(row.clips), "num"],
        [sorter("sounds", "Sounds", "By the lower end of the interval"), (row) => shareCell(row.sounds)],
        [sorter("unanimous", "All agree", "Of clips with all their answers, those where nobody differs; by the lower end of the interval"),
          (row) => shareCell(row.unanimous, "plain")],
        ...picked,
        ["Most frequent nouns", (row) => h("span.clamp", {}, row.nouns.map((one) => `${one.noun} ${whole(one.clips)}`).join(" · ") || "–")],
      ],
      fetch: async (offset, limit) => {
        const found = rows();
        return { total: found.length, offset, rows: found.slice(offset, offset + limit) };
      },
      key: (row) => row.verb,
      open: (row) => show("clips", row.verb ? { verb: row.verb } : { without: "verb" }),
      walk: false,
      empty: "No verb passes these filters.",
      label: "Verbs: clips, share that sounds, agreement, nouns",
    });
    table.element.classList.add("verb-table");
    const again = () => table.restart();
    let typing = 0;
    fill(body,
      h("div.filters", {},
        h("label.grow", {}, "Verb or noun holds", h("input", { type: "search", value: kept.text, placeholder: "wash",
          oninput: (event) => { clearTimeout(typing); typing = setTimeout(() => { kept.text = event.target.value; again(); }, 150); } })),
        h("label.check", {}, h("input", { type: "checkbox", checked: kept.labelled,
          onchange: (event) => { kept.labelled = event.target.checked; again(); } }), "only verbs with labels"),
        h("a.as-button", { href: at("/api/taxonomy/verbs.csv"), download: "verbs.csv" }, "Save as CSV")),
      words.labelled ? null : noLabels(),
      h("p.muted.small", {}, `${plural(words.verbs.length, "verb")} of ${plural(words.clips, "clip")} · shares are of `
        + `${plural(words.labelled, "labelled clip")} that nobody picked, with 95 % intervals`
        + (words.selected ? ` · ${plural(words.selected, "picked clip")} beside` : "") + " · a row opens its clips"),
      table.element);
    mark();
  };
  load();
  return { refresh: load };
}
