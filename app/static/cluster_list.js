// Clusters as a list: one line each, and the open one with its words and eight examples to play.

import { fill, h, plural, whole } from "./dom.js";
import { clipCard } from "./cards.js";
import { colourOf } from "./palette.js";

/** `found` is what the clusters route says; `cardOf(id)` gives a clip card's data.
 * Returns {node, open(id), close(), mark(id), recolour()}. */
export function clusterList(found, cardOf, { onopen, onpick }) {
  const rows = new Map();
  let opened = null;

  const close = () => {
    if (opened === null) return;
    const row = rows.get(opened);
    row.classList.remove("open");
    row.querySelector(".cluster-line").ariaExpanded = "false";
    fill(row.querySelector(".cluster-inside"));
    opened = null;
  };

  const open = (id) => {
    close();
    const row = rows.get(id), cluster = found.clusters[id];
    opened = id;
    row.classList.add("open");
    row.querySelector(".cluster-line").ariaExpanded = "true";
    fill(row.querySelector(".cluster-inside"),
      groupFigures(cluster, found),
      h("div.thumbs", {}, cluster.top.map((clip) => clipCard(cardOf(clip), { small: true, onopen }))));
    row.scrollIntoView({ block: "nearest" });
    onpick(cluster);
  };

  for (const cluster of found.clusters) {
    const line = h("button.cluster-line", { type: "button", ariaExpanded: "false", onclick: () => {
      if (opened === cluster.id) { close(); onpick(null); } else open(cluster.id);
    } },
    h("span.dot", { style: `background:${colourOf("palette", cluster.id)}` }),
    h("span.cluster-name", {}, cluster.name),
    shareBar(cluster),
    h("span.num.muted.size", {}, whole(cluster.size)));
    rows.set(cluster.id, h("li.cluster", {}, line, h("div.cluster-inside")));
  }
  const mark = (id) => {
    for (const [other, row] of rows) row.classList.toggle("current", other === id);
    rows.get(id)?.scrollIntoView({ block: "nearest" });
  };
  const node = h("div.clusters", {},
    h("h3", {}, `${plural(found.clusters.length, "cluster")}`,
      h("span.muted.small", {}, " share that sounds, clips")),
    h("ul", {}, [...rows.values()]));
  const recolour = () => {
    for (const [id, row] of rows) row.querySelector(".dot").style.background = colourOf("palette", id);
  };
  return { node, open, close, mark, recolour };
}

/** "412 clips · sounds 93 % [90, 95], n = 41", and the words that stand out. */
export function groupFigures(group, marks) {
  return h("div.group-figures", {},
    h("p", {}, plural(group.size, "clip"), " · ",
      group.labelled ? h("span", {}, "sounds ", h("strong.num", {}, percent(group.share_sounds)), " ",
        h("span.num.muted", {}, `[${percent(group.interval[0], false)}, ${percent(group.interval[1], false)}] n = ${whole(group.labelled)}`),
        marks?.one_rater ? h("span.chip", {}, "one rater") : null)
        : h("span.muted", {}, "none of them labelled")),
    wordLine("verbs", group.verbs), wordLine("nouns", group.nouns));
}

function wordLine(title, words) {
  if (!words?.length) return null;
  return h("p.small.words", {}, h("span.muted", {}, `${title} `), words.map((w, i) => [i ? ", " : "",
    h("span", { title: `${plural(w.count, "clip")}, ${w.lift.toFixed(1)} times as often as elsewhere` }, w.word)]));
}

/** A bar of the share that sounds with its interval as a line, or an empty one. */
export function shareBar(group) {
  if (!group.labelled) return h("span.share-bar.none", { title: "no label yet" });
  const [low, high] = group.interval;
  return h("span.share-bar", { title: `sounds ${percent(group.share_sounds)} [${percent(low, false)}, ${percent(high, false)}], n = ${group.labelled}` },
    h("span.share", { style: `width:${100 * group.share_sounds}%` }),
    h("span.interval", { style: `left:${100 * low}%;width:${100 * (high - low)}%` }));
}

const percent = (share, sign = true) => `${Math.round(100 * share)}${sign ? " %" : ""}`;
