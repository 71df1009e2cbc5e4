// Showing where a clip, a sitting and the saving stand. Reads state, changes elements, decides nothing.

import { decodeSound, drawSound } from "./annotate_sound.js";
import { ANSWERS } from "./annotate_view.js";

/** Buttons, "heard once", tools and the note over the picture. */
export function drawClip(view, stage, early, keymap) {
  view.answerBox.classList.toggle("an-live", stage.heard || early !== null);
  for (const [n, { value }] of ANSWERS.entries()) {
    const usable = stage.heard || (value === "broken" && stage.failed);
    view.answers[n].ariaDisabled = String(!usable);
    view.answers[n].classList.toggle("an-usable", usable);
    view.answers[n].classList.toggle("an-early", early === value);
  }
  const deaf = stage.needsSound && stage.muted;
  view.heard.textContent = stage.heard ? `${stage.needsSound ? "heard" : "seen"} once ✓`
    : deaf ? "muted" : stage.needsSound ? "listen once" : "watch once";
  view.heard.classList.toggle("an-done", stage.heard);
  view.slow.ariaPressed = String(stage.rate !== 1);
  view.loop.ariaPressed = String(stage.looping);
  const said = stage.failed ? `This clip does not play. ${keymap.label("replay")} tries again, ${keymap.label("broken")} marks it as broken.`
    : stage.locked ? "Click to hear this clip." : "";
  view.note.textContent = said;
  view.note.hidden = !said;
}

/** Progress, person, and whether every answer is saved. */
export function drawHead(view, session) {
  const { done, total } = session.progress ?? { done: 0, total: 0 };
  const { waiting, away, trouble, kept } = session.box;
  const known = Boolean(session.person && session.outbox);
  view.count.textContent = known && total ? `${done} / ${total}` : "";
  view.bar.style.width = known && total ? `${(100 * done) / total}%` : "0";
  view.track.style.visibility = known ? "" : "hidden";
  view.person.textContent = session.person?.name ?? "";
  view.person.hidden = view.mine.hidden = !known;
  const text = waiting ? `${waiting} waiting` : "saved";
  if (view.pill.textContent !== text) view.pill.textContent = text;
  view.pill.hidden = !known;
  view.pill.classList.toggle("an-waiting", waiting > 0);
  const why = away ? (trouble || "The studio does not answer.") : "";
  view.pill.title = waiting
    ? `${why} Your answers are kept in this browser${kept ? "" : " until this page closes"}, and sent as soon as it takes them.`
    : "Every answer is on the studio's disk.";
  // Said aloud where it needs somebody: the studio's disk, or this browser's room.
  const said = !waiting ? "" : !kept ? "This browser has no room left: your answers are kept only until this page closes. Leave it open."
    : trouble ? `The studio cannot save just now: ${trouble} Your answers are kept in this browser.` : "";
  if (view.trouble.textContent !== said) view.trouble.textContent = said;
  view.trouble.hidden = !said;
  view.undo.disabled = !session.canUndo;
}

/** The pressed answer lights up for a moment. */
export function flash(view, value) {
  for (const [n, answer] of ANSWERS.entries()) {
    const button = view.answers[n];
    button.classList.remove("an-flash");
    if (answer.value !== value) continue;
    void button.offsetWidth; // restarts the animation
    button.classList.add("an-flash");
  }
}

export function nudge(box) {
  box.classList.remove("an-nudge");
  void box.offsetWidth;
  box.classList.add("an-nudge");
}

/** Waveform and spectrogram of the present clip, with a playhead. Sounds are decoded once. */
export class Strip {
  constructor(view, stage) {
    this.view = view;
    this.stage = stage;
    this.sounds = new Map();
    this.clip = null;
    new ResizeObserver(() => this.draw()).observe(view.canvas);
    // Follows the theme: the picture is drawn in the text's colour.
    new MutationObserver(() => this.draw()).observe(document.body, { attributeFilter: ["class"] });
    this.movePlayhead();
  }

  /** Decode a clip that will come next. */
  prepare(clipId) {
    if (!this.sounds.has(clipId)) {
      this.sounds.set(clipId, decodeSound(clipId).catch(() => null));
      for (const old of [...this.sounds.keys()].slice(0, -4)) this.sounds.delete(old);
    }
    return this.sounds.get(clipId);
  }

  show(clip) {
    this.clip = clip;
    drawSound(this.view.canvas, null, 1);
    this.view.stripNote.textContent = "";
    return this.draw();
  }

  async draw() {
    const { clip } = this;
    if (!clip) return;
    const sound = await this.prepare(clip.clip_id);
    if (this.clip !== clip) return;
    drawSound(this.view.canvas, sound, this.stage.duration || clip.duration_s);
    this.view.stripNote.textContent = clip.flags.includes("no_audio") ? "no sound track"
      : clip.flags.includes("silent_audio") ? "digital silence" : sound ? "" : "no waveform";
  }

  movePlayhead() {
    const { stage, view } = this;
    const shown = Boolean(this.clip) && stage.duration > 0;
    view.playhead.hidden = !shown;
    if (shown) view.playhead.style.left = `${(100 * Math.min(stage.time, stage.duration)) / stage.duration}%`;
    this.mounted ||= view.root.isConnected;
    if (view.root.isConnected || !this.mounted) requestAnimationFrame(() => this.movePlayhead());
  }
}
