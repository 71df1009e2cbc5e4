// My work: the last answers, to listen to again and to revise, and one's own pace and accuracy.

import { fill, h, when } from "./dom.js";
import { verdict } from "./annotate_examples.js";
import { leave } from "./annotate_screens.js";
import { reasonWords } from "./annotate_reasons.js";
import { readable } from "./annotate_words.js";
import { posterOf } from "./media.js";

export class MyWork {
  /** `page`: front(screen), backToWork(). */
  constructor({ session, loop, reasons, page }) {
    Object.assign(this, { session, loop, reasons, page });
    this.at = 0;
  }

  async open(said = "") {
    this.loop.stop();
    const list = h("ul.an-mine-list");
    const facts = h("dl.an-facts");
    const note = h("p.an-muted", { role: "status" }, said);
    this.page.front(h("div.an-card.an-wide.an-mine", {},
      h("div.an-dialog-head", {}, h("h1", {}, "My work"), h("span.an-grow"), leave("Back to the clips", () => this.page.backToWork())),
      facts, note, list));
    try {
      await this.session.outbox.flush();
      const found = await this.session.ask("/api/mine");
      this.rows = found.answers;
      fill(facts, factsOf(found));
      if (!this.rows.length) fill(note, "You have not answered any clip yet.");
      fill(list, this.rows.map((row, n) => this.row(row, n)));
      this.focus(list, this.at);
    } catch (error) {
      fill(note, error.message);
    }
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.focus(list, this.at + step);
    });
  }

  focus(list, n) {
    const rows = list.querySelectorAll("button");
    this.at = Math.max(0, Math.min(rows.length - 1, n));
    rows[this.at]?.focus();
  }

  row(row, n) {
    const why = reasonWords(row.reasons);
    return h("li", {}, h("button.an-mine-row", { type: "button", onfocus: () => { this.at = n; }, onclick: () => this.listen(row),
      title: "Play it, and answer again by key" },
      h("img", { src: posterOf(row.clip_id), alt: "", loading: "lazy" }),
      h("span.an-mine-text", {}, readable(row.narration)),
      h("span.an-mine-said", {}, verdict(row.value), why && h("small", {}, why)),
      h("time", { dateTime: row.answered_at }, when(Date.parse(row.answered_at) / 1000))));
  }

  /** One clip in front, by the same keys as in the work; then the list again. */
  listen(row) {
    if (row.assignment === undefined) return;
    const clip = { clip_id: row.clip_id, narration: row.narration, flags: row.flags ?? [], duration_s: row.duration_s, gain_db: row.gain_db };
    this.next = { clip, assignment: row.assignment, revises: true, was: row.value };
    this.loop.run(this);
  }

  title({ was }) { return `My work · you said “${verdict(was).textContent}” · Esc keeps it`; }

  take() {
    const item = this.next;
    this.next = null;
    return item;
  }

  async more() {
    await this.open();
    return null;
  }

  answer(item, said) {
    const entry = this.session.answer(item, said);
    this.open(said.value === item.was ? "" : "Revised: your last word counts.");
    this.reasons.open(entry);
    this.page.why();
  }

  escape() {
    this.open();
    return true;
  }
}

function factsOf({ pace, gold }) {
  const fact = (name, value, title) => [h("dt", { title }, name), h("dd", { title }, value)];
  const share = (x) => `${Math.round(100 * x)} %`;
  return [
    pace && fact("pace", `${Math.round(pace.per_hour)} an hour`),
    pace && fact("today", `${Math.round(pace.minutes_today)} min`, `Minutes worked today (${pace.zone})`),
    gold && fact("checks right", `${gold.right} of ${gold.total}`
      + (gold.total ? ` · ${share(gold.right / gold.total)} [${share(gold.low)}, ${share(gold.high)}]` : ""), "With its 95 % interval"),
  ].filter(Boolean);
}
