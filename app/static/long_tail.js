// The long tail (the paper's Fig. 4): groups of one verb and noun by size, coloured by how often they sound.

import { fill, h, plural, whole } from "./dom.js";
import { shareCell, shareText } from "./shares.js";
import { pagedTable } from "./table.js";
import { tailBars } from "./tail_bars.js";
import { filterOf, groupName, noClips, noLabels, readWords } from "./words.js";

const SHOWN = { 50: "50 largest", 200: "200 largest", all: "all" };
const HEIGHTS = { linear: "linear", log: "logarithmic" };

export function tailView(body, state, options, show) {
  const kept = (state.tail ??= { shown: "50", height: "linear", at: 0 });
  const load = async () => {
    const words = await readWords(body);
    if (!words) return;
    if (!words.clips) noClips(body, show);
    else draw(words);
  };
  const draw = (words) => {
    const { groups, for_half: half, singles } = words.tail;
    const told = h("p.tail-told", { role: "status", ariaLive: "polite" }, "\u00a0");
    const tell = (at) => fill(told, at === null ? "\u00a0" : told_(groups[at], at));
    const host = h("div.tail-host");
    const plot = () => {
      const some = kept.shown === "all" ? groups : groups.slice(0, Number(kept.shown));
      fill(host, tailBars({ groups: some, all: groups.length, log: kept.height === "log", half, at: kept.at,
        tell: (at) => { if (at !== null) kept.at = at; tell(at); }, open: (group) => show("clips", filterOf(group[0], group[1])) }));
    };
    const choice = (key, names, label) => h("div.segments", { role: "group", ariaLabel: label }, Object.entries(names).map(([value, name]) =>
      h("button", { type: "button", ariaPressed: String(kept[key] === value), onclick: (event) => {
        kept[key] = value;
        for (const other of event.target.parentNode.children) other.ariaPressed = String(other === event.target);
        plot();
      } }, name)));
    fill(body,
      h("div.row", {}, h("span.muted.small", {}, "Groups"), choice("shown", SHOWN, "How many groups"),
        h("span.muted.small", {}, "Height"), choice("height", HEIGHTS, "Scale of the height"), h("span.grow"), legend()),
      words.labelled ? null : noLabels(),
      h("p.muted.small", {}, `${plural(groups.length, "group")} of verb and noun in ${plural(words.clips, "clip")} · `
        + `the ${plural(half, "largest group")} hold${half === 1 ? "s" : ""} half of them · ${plural(singles, "group")} ha${singles === 1 ? "s" : "ve"} a single clip`),
      h("figure.tail-figure", {}, host, told),
      asTable(groups, show));
    plot();
  };
  load();
  return { refresh: load };
}

function told_([verb, noun, clips, sounds, selected], at) {
  return [h("strong", {}, groupName(verb, noun)), ` · ${plural(clips, "clip")} · ${sounds[0] ? "sounds " : ""}${shareText(sounds)}`,
    selected ? ` · ${plural(selected, "picked label")} beside` : "", h("span.muted", {}, ` · number ${whole(at + 1)}`)];
}

const legend = () => h("span.tail-legend.small", {},
  h("span.muted", {}, "sounds"), h("span.num", {}, "0 %"), h("i.ramp", { ariaHidden: "true" }), h("span.num", {}, "100 %"),
  h("i.none", { ariaHidden: "true" }), h("span", {}, "no label yet"));

/** The same for who sees no bars, or wants to read them. */
function asTable(groups, show) {
  const place = h("div");
  return h("details.tail-table", { ontoggle: (event) => {
    if (!event.target.open || place.firstChild) return;
    fill(place, pagedTable({
      columns: [["Group", (g) => groupName(g[0], g[1])], ["Clips", (g) => whole(g[2]), "num"], ["Sounds", (g) => shareCell(g[3])],
        ["Picked labels", (g) => whole(g[4]), "num"]],
      fetch: async (offset, limit) => ({ total: groups.length, offset, rows: groups.slice(offset, offset + limit) }),
      key: (g) => `${g[0]}\n${g[1]}`,
      open: (g) => show("clips", filterOf(g[0], g[1])),
      walk: false,
      empty: "No groups.",
      label: "Groups of verb and noun by size",
    }).element);
  } }, h("summary", {}, "As a table"), place);
}
