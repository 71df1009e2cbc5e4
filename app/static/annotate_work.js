// The work itself: clips from the queue, answers into the outbox, undo, and checks that come back.

import { explainPanel } from "./annotate_explain.js";
import { flash } from "./annotate_draw.js";
import { endScreen, goOn, quietScreen } from "./annotate_screens.js";
import { Checks } from "./annotate_checks.js";
import { h } from "./dom.js";

const WAIT_MS = 3000;

/** `page`: front(screen), needsCheck(), qualify(), askName(text), guideline(). */
export class Work {
  constructor({ session, loop, reasons, watch, page }) {
    Object.assign(this, { session, loop, reasons, watch, page });
    this.checks = new Checks(session);
  }

  title({ batch }) { return batch?.name ?? "A check"; }
  take() { return this.session.take(); }
  peek() { return this.session.queue[0]; }
  prepare(then) { this.session.refillSoon(then); }
  heard() { this.reasons.close(); }

  get running() { return this.loop.task === this; }

  /** What comes before the next clip: a check that was answered wrong, the level of the sound. */
  detour() {
    const [check] = this.checks.list;
    if (check) this.explain(check);
    else if (!this.page.needsCheck()) return false;
    return true;
  }

  async more() {
    const { session } = this;
    try {
      await session.refill();
    } catch (error) {
      if (error.status === 401 || !this.running) return null;
      this.page.front(quietScreen({ title: "Waiting for the studio",
        lines: [error.message, "Your answers are kept in this browser."], actions: [] }));
      setTimeout(() => { if (this.running && !this.loop.item && !this.loop.panel) this.loop.next(); }, WAIT_MS);
      return null;
    }
    const item = session.take();
    if (item || !this.running) return item;
    if (session.paused) this.paused(session.paused);
    else if (session.qualify) this.page.qualify();
    else this.showEnd();
    return null;
  }

  answer(item, said) {
    this.reasons.open(this.session.answer(item, said));
    this.page.active();
    this.loop.next();
  }

  async undo() {
    const { session, loop } = this;
    const before = loop.item;
    if (loop.panel) return;
    try {
      const back = await session.undo();
      if (!back) {
        loop.hint("There is nothing to undo.");
        return;
      }
      this.reasons.close();
      if (before && before.assignment !== back.assignment) session.putBack(before);
      flash(loop.view, null);
      await loop.show(back);
      loop.hint("Taken back: answer again.");
    } catch (error) {
      loop.hint(`Undo needs the studio. ${error.message}`);
    }
  }

  /** Set the present clip aside; it comes next, and what was heard of it stays heard. */
  setAside() {
    const { item, stage } = this.loop;
    if (item) this.session.putBack({ ...item, heard: stage.heard, plays: stage.plays });
    this.loop.item = null;
  }

  /** Answered elsewhere, by this person: another tab was quicker. */
  elsewhere(assignment) {
    if (this.running && this.loop.item?.assignment === assignment) this.loop.next();
  }

  /** A check was answered wrong. It comes back at once, unless a key press is about to count. */
  feedback(one) {
    this.checks.add(one);
    if (!this.running || this.loop.panel || this.loop.early || this.page.busy()) return;
    this.setAside();
    this.loop.next();
  }

  explain(one) {
    const { session } = this;
    this.reasons.close();
    const clip = { clip_id: one.clip_id, narration: one.narration, flags: one.flags ?? [], duration_s: one.duration_s };
    this.loop.explain({ clip }, explainPanel({
      title: "A check: the answer to this clip is known.", yours: one.yours, label: one.label, reason: one.reason,
      onguideline: () => this.page.guideline(),
      ondispute: (note) => session.ask("/api/disputes", { assignment: one.assignment, note }),
      ongo: () => {
        this.checks.remove(one);
        if (one.paused) this.paused("Too many checks were answered wrong.");
        else this.loop.next();
      },
    }));
  }

  paused(reason) {
    this.session.queue = [];
    this.loop.item = this.loop.panel = null;
    this.loop.stage.pause();
    this.page.front(quietScreen({ title: "Your work is paused",
      lines: [reason, "What you answered is kept. Read the guidelines, then show once more that you hear what they mean."],
      actions: [goOn("Qualify again", () => this.page.qualify()),
        h("button", { type: "button", onclick: () => this.page.guideline() }, "Read the guidelines", h("kbd", {}, "?"))] }));
  }

  showEnd() {
    const { session, page } = this;
    this.loop.item = this.loop.panel = null;
    this.loop.stage.pause();
    const { unopened } = session;
    const again = h("button", { type: "button", onclick: () => this.loop.next() }, "Look for more");
    const onopen = (people) => session.openBatch(people).then(() => this.loop.next(), (error) => page.askName(error.message));
    page.front(endScreen({ session, pace: this.watch.pace(), again, onopen, onundo: () => this.undo(), why: this.reasons.line }));
    this.watch.idle(async () => {
      if (!this.running || this.loop.item || page.busy()) return;
      await session.refill();
      if (session.queue.length && !session.sitting) await this.loop.next();
      else if (session.queue.length) again.textContent = "More clips are here: go on";
      else if (session.unopened !== unopened) this.showEnd();
    });
  }
}
