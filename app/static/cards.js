// The one clip card: poster frame, narration, play on click, label chip, score, "open".

import { at } from "./base.js";
import { clock, fill, h } from "./dom.js";
import { useStyles } from "./making.js";
import { playClip, stopClip } from "./player.js";

useStyles("cards.css");

const WORDS = {
  sounds: "sounds", silent: "silent", disagreement: "disagree", unsure: "can't tell",
  broken: "broken", unlabelled: "no label",
};
const SCORES = { av: ["A·V", "cosine of sound and picture"], al: ["A·L", "cosine of sound and narration"],
  vl: ["V·L", "cosine of picture and narration"] };

/** A card as an element. `small`: picture with its label only, the narration as a tooltip.
 * `onopen(card)` replaces the dialog that "open" shows; `score` is the one it tells. */
export function clipCard(card, { small = false, onopen = openClip, score = "av" } = {}) {
  const media = clipMedia(card);
  const open = h("button.quiet.clip-open", {
    type: "button", title: "Open", ariaLabel: `Open: ${card.narration}`, onclick: () => onopen(card),
  }, small ? "⤢" : "open");
  if (small) {
    return h("article.clip-card.small", { dataset: { clip: card.clip_id }, title: card.narration },
      media, labelDot(card), open);
  }
  return h("article.clip-card", { dataset: { clip: card.clip_id } },
    media,
    h("div.clip-text", {},
      h("p.narration", { title: card.narration }, card.narration),
      h("div.chips", {}, labelChip(card), scoreChip(card, score), unseenChip(card), h("span.grow"), open)));
}

const UNPLAYABLE = { training_only: "Made for training only: there is nothing to play.",
  withdrawn: "The video of this clip was withdrawn: nothing of it is kept." };

/** The picture that plays: poster first, the clip with its sound on click or Enter. */
export function clipMedia(card) {
  const host = h("div.clip-host");
  const silent = Object.keys(UNPLAYABLE).find((flag) => card.flags?.includes(flag));
  if (silent) return h("div.clip-media.unplayable", {}, fill(host, h("span.clip-note", {}, UNPLAYABLE[silent])));
  const media = h("button.clip-media", {
    type: "button", ariaLabel: `Play: ${card.narration}`, onclick: () => playClip(card.clip_id, host),
  }, host);
  fill(host, poster(card.clip_id));
  return media;
}

export function poster(clipId) {
  return h("img.clip-poster", { src: at(`/poster/${clipId}`), alt: "", loading: "lazy", decoding: "async",
    onerror: (event) => { event.target.style.visibility = "hidden"; } });
}

/** What people or a truth file say of a clip, in one word. */
export function opinionOf(card) {
  if (card.opinion === "unlabelled" && card.truth !== undefined) return card.truth ? "sounds" : "silent";
  return card.opinion ?? "unlabelled";
}

export function labelChip(card) {
  const counts = card.counts, opinion = opinionOf(card);
  const said = counts ? `${counts.yes} yes, ${counts.no} no`
    + (counts.unsure ? `, ${counts.unsure} can't tell` : "")
    + (counts.broken ? `, ${counts.broken} broken` : "") : "nobody was asked";
  return h(`span.chip.label.${opinion}`, { title: said }, WORDS[opinion],
    counts?.one_rater && ["sounds", "silent"].includes(opinion) ? h("small", {}, "one rater") : null);
}

function labelDot(card) {
  const opinion = opinionOf(card);
  return h(`span.label-dot.${opinion}`, { title: WORDS[opinion], ariaLabel: WORDS[opinion] });
}

export function scoreChip(card, name) {
  const value = card.scores?.[name];
  if (value === undefined) return null;
  const [sign, meaning] = SCORES[name];
  return h("span.chip.score", { title: meaning + (card.unseen ? UNSEEN : "") },
    sign, h("span.num", {}, value.toFixed(2)), card.unseen ? h("span.unseen-sign", {}, "†") : null);
}

const UNSEEN = "; the model never saw data of this source, and nobody has labelled any of it";

export function unseenChip(card) {
  return card.unseen ? h("span.chip.unseen", { title: `From “${card.source}”${UNSEEN}` }, "† unseen source") : null;
}

/** "† kitchen20" as a line above whatever carries scores of such a source. */
export function unseenNotice(sources) {
  if (!sources?.length) return null;
  return h("p.notice.unseen", {}, `† The training of this run never saw ${sources.join(", ")}, and nobody has `
    + "labelled clips of it: scores, map and figures there are unproven until it has labels of its own.");
}

/** Everything known of a clip, large. */
export function openClip(card) {
  const media = clipMedia(card);
  const dialog = h("dialog.clip-dialog", { onclose: () => { stopClip(); dialog.remove(); },
    onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("div.clip-dialog-body", {},
      media,
      h("div.clip-facts", {},
        h("p.narration.large", {}, card.narration),
        clipFacts(card),
        h("form", { method: "dialog" }, h("button", {}, "Close")))));
  const page = [...document.querySelectorAll(".page")].find((node) => node.offsetParent !== null);
  (page ?? document.body).append(dialog);
  dialog.showModal();
  media.click();
}

/** Label, scores and place of a clip, as chips and a line. */
export function clipFacts(card) {
  return h("div.facts", {},
    h("div.chips", {}, labelChip(card), Object.keys(SCORES).map((name) => scoreChip(card, name)), unseenChip(card)),
    card.counts ? h("p.muted.small", {}, countLine(card.counts)) : null,
    h("p.muted.small", {}, `${card.video_uid} at ${clock(card.time_s)} · ${card.source} · ${card.split}`
      + (card.verb ? ` · ${[card.verb, card.noun].filter(Boolean).join(" ")}` : "")),
    card.flags?.length ? h("p.muted.small", {}, card.flags.join(", ").replaceAll("_", " ")) : null);
}

function countLine(counts) {
  if (!(counts.yes + counts.no + counts.unsure + counts.broken)) return `nobody has answered yet, ${counts.needed} needed`;
  const parts = [`${counts.yes} yes`, `${counts.no} no`];
  if (counts.unsure) parts.push(`${counts.unsure} can't tell`);
  if (counts.broken) parts.push(`${counts.broken} broken`);
  return `${parts.join(" · ")} of ${counts.needed} needed` + (counts.missing ? `, ${counts.missing} missing` : "");
}
