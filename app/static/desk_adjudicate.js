// Adjudicate by keyboard: the clip plays, everybody's answer stands beside it, one key decides, the
// next one plays at once.

import { at } from "./base.js";
import { clipMedia } from "./cards.js";
import { disputes } from "./desk_disputes.js";
import { zoned } from "./desk_time.js";
import { dot, personName, REASONS, VALUES } from "./desk_words.js";
import { api, clock, fill, h, plural, whole } from "./dom.js";
import { playClip, stopClip } from "./player.js";

const LABELS = { yes: "sounds", no: "does not sound", unusable: "unusable" };
const KEYS = { y: "yes", n: "no", x: "unusable" };
const AT_ONCE = 20;

export function adjudicateView(body, about) {
  const head = h("p.muted", { role: "status" });
  const stage = h("div.adjudicate");
  const says = h("p.error-text", { role: "alert" });
  const told = h("p.small", { role: "status" });
  const more = h("div");
  const state = { queue: [], at: 0, seen: new Set(), decided: [], sizes: { waiting: 0, split: 0 }, gold: false, putOff: 0 };
  const reason = h("input", { maxLength: 500, placeholder: "why (optional)", ariaLabel: "Reason", onkeydown: (event) => {
    if (event.key === "Escape" || event.key === "Enter") { event.preventDefault(); reason.blur(); stage.focus(); }
  } });
  const gold = h("input", { type: "checkbox", onchange: () => { state.gold = gold.checked; if (gold.checked) reason.focus(); } });
  stage.tabIndex = -1;
  fill(body, h("div.row", {}, h("h1", {}, "Adjudicate"), head), says, stage, told, more);

  const current = () => state.queue[state.at];

  async function load() {
    // Clips put off in this sitting stand at the front of the queue still.
    const { clips, waiting, split } = await api(`/api/desk/queue?limit=${AT_ONCE}&offset=${state.putOff}`);
    state.sizes = { waiting, split };
    state.queue = clips.filter((clip) => !state.seen.has(clip.clip_id));
    state.at = 0;
  }

  function sizes() {
    const { waiting, split } = state.sizes;
    head.textContent = `${whole(waiting)} wait for a decision · ${whole(split)} more were decided by 2 : 1, the least certain first`;
  }

  function show() {
    sizes();
    const clip = current();
    if (!clip) {
      stopClip();
      fill(stage, h("div.empty", {}, h("h2", {}, "Nothing to adjudicate"),
        h("p", {}, "Ties, and clips that two people could not tell, come here by themselves; after them, clips on which one of three disagreed.")));
      return;
    }
    const media = clipMedia(clip);
    reason.value = "";
    gold.checked = state.gold = false;
    fill(stage, h("div.adjudicate-clip", {}, media),
      h("div.stack", {}, h("p.narration.large", {}, clip.narration),
        h("p.muted.small", {}, why(clip), ` · ${clip.video_uid} at ${clock(clip.time_s)} · ${clip.split}`),
        answers(clip),
        h("div.row.decide", {}, Object.entries(KEYS).map(([key, label]) => h(`button.${label}`, { type: "button", onclick: () => decide(label), ariaKeyShortcuts: key },
          h("kbd", {}, key.toUpperCase()), ` ${LABELS[label]}`))),
        h("div.row", {}, h("label.grow", {}, "Reason", reason), h("label.tick", { title: "Annotators are asked it as a check, and told the reason when they are wrong" }, gold, "make it gold (needs a reason)")),
        h("p.small.muted", {}, h("kbd", {}, "Space"), " plays again · ", h("kbd", {}, "U"), " takes the last decision back · ", h("kbd", {}, "R"), " reason · ",
          h("kbd", {}, "G"), " gold · ", h("kbd", {}, "→"), " later")));
    playClip(clip.clip_id, media.querySelector(".clip-host"));
    ahead();
  }

  /** The next clip's file comes while this one is heard. */
  function ahead() {
    const next = state.queue[state.at + 1];
    if (next) fetch(at(`/media/${next.clip_id}`)).catch(() => {});
  }

  async function decide(label) {
    const clip = current();
    if (!clip) return;
    if (state.gold && label !== "unusable" && !reason.value.trim()) {
      says.textContent = "Gold needs its reason: annotators are told it when they are wrong.";
      reason.focus();
      return;
    }
    const why = reason.value.trim(), asGold = state.gold && label !== "unusable";
    says.textContent = "";
    state.seen.add(clip.clip_id);
    state.decided.push(clip);
    await step(async () => {
      state.sizes = await api("/api/desk/decide", { clip_id: clip.clip_id, label, reason: why });
      told.textContent = `“${clip.narration}”: ${LABELS[label]}.`;
      if (asGold) await makeGold(clip, label, why);
    }, clip);
  }

  /** Go on at once; if the studio refuses, come back to the clip. */
  async function step(work, clip) {
    state.at += 1;
    const shown = current();
    if (shown) show();
    else stopClip();
    try {
      await work();
    } catch (error) {
      says.textContent = error.message;
      state.seen.delete(clip.clip_id);
      state.decided = state.decided.filter((one) => one !== clip);
      back(clip);
      return;
    }
    if (shown) sizes();
    else if (!current()) {
      await load();
      show();
    }
  }

  async function makeGold(clip, label, why) {
    try {
      await api("/api/desk/gold", { clip_id: clip.clip_id, label, reason: why });
      told.textContent += " It is gold now.";
    } catch (error) {
      says.textContent = `Decided, but not made gold: ${error.message}`;
    }
  }

  async function undo() {
    const clip = state.decided.pop();
    if (!clip) {
      told.textContent = "Nothing to take back in this sitting.";
      return;
    }
    try {
      const found = await api("/api/desk/decide/undo", { clip_id: clip.clip_id });
      state.sizes = { waiting: found.waiting, split: found.split };
      state.seen.delete(clip.clip_id);
      told.textContent = `Taken back: “${clip.narration}”.`;
      says.textContent = "";
      back({ ...clip, ...found.clip });
    } catch (error) {
      state.decided.push(clip);
      says.textContent = error.message;
    }
  }

  function back(clip) {
    state.queue.splice(state.at, 0, clip);
    show();
  }

  const later = () => {
    const clip = current();
    if (!clip) return;
    state.putOff += 1;
    state.seen.add(clip.clip_id);
    step(async () => {}, clip);
  };

  const ACTIONS = { u: undo, backspace: undo, arrowright: later, r: () => reason.focus(), g: () => { gold.click(); },
    " ": () => { const clip = current(); if (clip) playClip(clip.clip_id, stage.querySelector(".clip-host")); } };

  function key(event) {
    if (!stage.isConnected) { removeEventListener("keydown", key); return; }
    if (stage.offsetParent === null || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, dialog, [role=tab]") && event.target.type !== "checkbox") return;
    if (event.key === " " && event.target.closest?.("button, input")) return;
    const pressed = event.key.toLowerCase();
    const action = KEYS[pressed] ? () => decide(KEYS[pressed]) : ACTIONS[pressed];
    if (!action) return;
    event.preventDefault();
    action();
  }
  addEventListener("keydown", key);

  load().then(() => { show(); stage.focus(); }).catch((error) => { says.textContent = error.message; });
  disputes(more, about);
}

function why(clip) {
  if (clip.closed) return "two people could not tell";
  if (clip.waits) return "a tie";
  return clip.chance === null || clip.chance === undefined ? `${clip.counts.yes} : ${clip.counts.no}`
    : `${clip.counts.yes} yes, ${clip.counts.no} no · probability of “sounds” ${clip.chance.toFixed(2)} by who said what`;
}

function answers(clip) {
  return h("div.table-wrap", {}, h("table", {}, h("caption.small.muted", {}, plural(clip.answers.length, "answer")),
    h("tbody", {}, clip.answers.map((one) => h("tr", {}, h("th", { scope: "row" }, personName({ name: one.person, simulated: one.simulated })),
      h("td", {}, h("span.row", {}, dot(one.value), VALUES[one.value], one.counted || !["yes", "no"].includes(one.value) ? null : h("span.chip.outline", { title: "Came after its place was given on" }, "surplus"))),
      h("td.small", {}, one.reasons.map((reason) => REASONS[reason] ?? reason).join(", ")),
      h("td.small.muted.num", {}, one.plays ? plural(one.plays, "play") : "", one.decision_ms ? ` · ${(one.decision_ms / 1000).toFixed(1)} s` : "")))),
  clip.decision ? h("tfoot", {}, h("tr", {}, h("td", { colSpan: 4 }, `Decided by ${clip.decision.by ?? "a lead"}: ${LABELS[clip.decision.label]}, ${zoned(clip.decision.at)} ${clip.decision.reason}`))) : null));
}
