// Three clips to warm up, once a day: answered like any other, then explained. Nothing is stored.

import { explainPanel } from "./annotate_explain.js";

const today = () => new Date().toLocaleDateString("sv");

export class WarmUp {
  /** The warm-up of this person today, or null: none there, or done already. */
  static async of(session, loop, page) {
    const place = `sounding-warmup-${session.person.id}`;
    if (localStorage.getItem(place) === today()) return null;
    const found = await session.askIfThere("/api/warmups");
    return found?.clips?.length ? new WarmUp(found.clips, place, loop, page) : null;
  }

  constructor(clips, place, loop, page) {
    Object.assign(this, { clips, place, loop, page, at: 0 });
    this.over = new Promise((done) => { this.end = done; });
  }

  title() { return `Warm-up ${this.at} of ${this.clips.length} · Esc skips`; }
  peek() { const clip = this.clips[this.at]; return clip && { clip }; }

  take() {
    const clip = this.clips[this.at];
    this.at += clip ? 1 : 0;
    return clip ? { clip } : null;
  }

  async more() { return this.leave(); }

  answer(item, { value }) {
    const { label, reason } = item.clip;
    this.loop.explain(item, explainPanel({ title: "Warm-up: this answer is not kept.", yours: value, label, reason,
      ongo: () => this.loop.next(), onguideline: () => this.page.guideline() }));
  }

  escape() {
    this.leave();
    return true;
  }

  leave() {
    try { localStorage.setItem(this.place, today()); } catch { /* full: offered again */ }
    this.loop.stop();
    this.end();
    return null;
  }
}
