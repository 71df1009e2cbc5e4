// One clip after the other: heard once, answered by one key, and the next one already plays.

import { drawClip, flash, nudge } from "./annotate_draw.js";
import { canSound, notes, readable } from "./annotate_words.js";
import { fill, h } from "./dom.js";
import { labelKeys } from "./keymap.js";

const EARLY_S = 0.3;

/**
 * A task says which clips come and what becomes of the answers:
 * `take()` an item that is here, `more()` a promise of one (null: it has put up a page of its own),
 * `peek()` the one after, `answer(item, said)`, `title(item)`, and where it has them `detour()` (true:
 * something else comes first), `prepare(then)`, `undo()`, `escape()`, `refuses(value)` a sentence.
 * An item: { clip, assignment?, batch?, heard?, plays? }.
 */
export class Loop {
  constructor({ view, stage, strip, watch, keymap, onwork }) {
    Object.assign(this, { view, stage, strip, watch, keymap, onwork });
    this.task = null;
    this.item = null; // the clip in front, until it is answered
    this.early = null;
    this.panel = null; // what explains the clip in front, after its answer
    stage.addEventListener("heard", () => this.onHeard());
    for (const name of ["state", "failed"]) stage.addEventListener(name, () => this.draw());
  }

  run(task) {
    this.task = task;
    return this.next();
  }

  stop() {
    this.task = null;
    this.item = null;
    this.panel = null;
    this.stage.pause();
  }

  async next() {
    const { task } = this;
    this.early = null;
    if (task.detour?.()) return;
    const item = task.take() ?? await task.more();
    if (item && this.task === task) await this.show(item);
  }

  async show(item) {
    const played = this.bring(item, item);
    this.item = item;
    this.draw();
    await played;
    const prepare = () => this.prepare(this.task?.peek?.());
    if (this.task?.prepare) this.task.prepare(prepare);
    else prepare();
  }

  /** The clip once more, with what is known of it in the question's place. */
  async explain(item, panel) {
    const played = this.bring(item, { heard: true });
    this.panel = panel;
    fill(this.view.explained, panel);
    labelKeys(panel, this.keymap);
    this.view.explained.hidden = false;
    this.view.question.hidden = true;
    this.draw();
    await played;
  }

  bring(item, { heard = false, plays = 0 }) {
    const { view, stage } = this;
    const { clip } = item;
    this.item = null;
    this.early = null;
    this.panel = null;
    this.onwork();
    view.explained.hidden = true;
    view.question.hidden = false;
    view.narration.textContent = readable(clip.narration);
    view.narration.title = clip.narration;
    view.batch.textContent = this.task.title(item);
    view.rater.hidden = !item.batch?.one_rater;
    fill(view.flags, notes(clip.flags).map((text) => h("span.an-flag", {}, text)));
    this.hint("");
    if (!view.root.contains(document.activeElement)) view.root.focus({ preventScroll: true });
    const played = stage.show(clip.clip_id, { needsSound: canSound(clip.flags), heard, plays, gainDb: clip.gain_db });
    this.watch.clip();
    this.strip.show(clip);
    return played;
  }

  /** While one clip plays, the next one comes. */
  prepare(item) {
    if (!item) return;
    this.stage.prepare(item.clip.clip_id);
    this.strip.prepare(item.clip.clip_id);
  }

  /** A key while a clip is in front; true when it meant something. */
  key(name) {
    if (name === "replay") this.stage.replay();
    else if (name === "slow") this.slow();
    else if (name === "loop") this.stage.setLoop(!this.stage.looping);
    else if (name === "escape") return Boolean(this.task.escape?.());
    else if (this.panel) return this.panelKey(name);
    else if (["yes", "no", "unsure", "broken"].includes(name)) this.press(name);
    else return false;
    return true;
  }

  panelKey(name) {
    const wanted = { enter: ".primary", dispute: "[data-dispute]" }[name];
    const button = wanted && this.panel.querySelector(wanted);
    if (!button || button.hidden) return false;
    button.click();
    return true;
  }

  press(value) {
    if (!this.item) return;
    const { stage } = this;
    const refusal = this.task.refuses?.(value);
    if (refusal) {
      this.refuse(refusal);
    } else if (stage.heard || (value === "broken" && stage.failed)) {
      this.commit(value);
    } else if (stage.playing && stage.counts && stage.remaining <= EARLY_S) {
      this.early = value; // decided a moment before the end: it counts at the end
      this.draw();
    } else {
      this.refuse(this.whyNot());
    }
  }

  refuse(sentence) {
    this.hint(sentence);
    nudge(this.view.answerBox);
  }

  whyNot() {
    const { stage } = this;
    const again = this.keymap.label("replay");
    if (stage.failed) return `This clip does not play: ${again} tries again, ${this.keymap.label("broken")} marks it as broken.`;
    if (stage.needsSound && stage.muted) return `Turn the volume up, then ${again}: an answer needs one play with sound.`;
    if (stage.playing && stage.counts) return "Listen to the end first.";
    return `Press ${again} and listen to the end once.`;
  }

  commit(value) {
    const { item } = this;
    flash(this.view, value);
    this.item = null; // a second press cannot answer it again
    this.task.answer(item, { value, ...this.stage.record });
  }

  onHeard() {
    this.draw();
    this.hint("");
    if (this.item) this.task.heard?.();
    if (this.early && this.item) this.commit(this.early);
  }

  /** Something else was listened to: a clip that was not heard yet begins anew. */
  again() {
    if (!this.panel && !this.stage.heard && !this.stage.playing) this.stage.replay();
  }

  slow() {
    this.stage.setRate(this.stage.rate === 1 ? 0.5 : 1);
    this.stage.replay();
  }

  hint(text) { this.view.hint.textContent = text; }

  draw() { drawClip(this.view, this.stage, this.early, this.keymap); }
}
