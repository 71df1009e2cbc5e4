// Who labels, what is queued for them, and what they answered: everything but sound and screen.

import { api } from "./dom.js";
import { openOutbox } from "./outbox.js";
import { Tabs } from "./annotate_tabs.js";

const AHEAD = 3;
const QUIET_MS = 400; // a save that takes less than this is not worth a flicker

/** `on`: change(), refused(sentence), signin(), feedback(of a check), elsewhere(assignment), inFront(). */
export class Session {
  constructor(on) {
    this.on = on;
    this.person = null;
    this.progress = null;
    this.guideline = null; // its version, once known
    this.unopened = 0; // clips in no batch
    this.asked = false; // is anybody asked about any clip at all?
    this.box = { waiting: 0, away: false, trouble: "", kept: true };
    this.outbox = null;
    this.begin();
  }

  /** The assignment of the clip in front, if it is one of the work. */
  get current() { return this.on.inFront(); }

  /** Clips answered in this sitting. */
  get sitting() { return this.history.length; }
  get canUndo() { return Boolean(this.history.length || this.progress?.done); }

  begin() {
    this.queue = [];
    this.history = [];
    this.answered = new Set();
    this.paused = null; // why no clips come, in the studio's words
    this.qualify = null; // what has to be passed before clips come
  }

  async whoAmI() { this.adopt(await api("/api/session")); }

  adopt({ database, person, progress }) { Object.assign(this, { database, person, progress }); }

  async signIn(name) {
    if (!this.person || this.person.name !== name.trim() || this.expired) {
      this.adopt(await api("/api/session", { name }));
    }
    this.expired = false;
    this.outbox?.close();
    this.tabs?.close();
    this.begin();
    this.tabs = new Tabs(`${this.database}-${this.person.id}`, (...told) => this.answeredElsewhere(...told));
    this.outbox = await openOutbox({
      database: this.database, person: this.person.id,
      on: { change: (state) => this.boxChanged(state), signin: () => this.signedOut(), refused: this.on.refused,
        taken: (value) => value.feedback && this.told(value.feedback) },
    });
    const waiting = this.outbox.waiting.length;
    this.box.waiting = waiting; // what waits from before is said at once
    this.boxChanged({ waiting, away: false, trouble: "" });
    this.outbox.flush(); // what waited since the last sitting; claim() gives it a moment
  }

  /** The next clip that is here already. */
  take() { return this.queue.shift() ?? null; }

  putBack(item) { this.queue.unshift(item); }

  /** Ask for more clips. Those that are queued, or answered on the way to the server, stay out. */
  refill() {
    this.refilling ??= this.claim().finally(() => { this.refilling = null; });
    return this.refilling;
  }

  refillSoon(then) {
    then();
    if (this.queue.length < AHEAD - 1) this.refill().then(then, () => {}); // next() tries again, and says so
  }

  async claim() {
    const { outbox } = this;
    await Promise.race([outbox.flush(), new Promise((done) => setTimeout(done, 1000))]);
    const known = this.queue.length + outbox.answers + (this.current ? 1 : 0);
    const got = await this.ask("/api/claim", { count: Math.min(20, AHEAD + known) });
    if (outbox !== this.outbox) return; // somebody else signed in meanwhile
    this.paused = got.paused?.reason ?? null;
    this.qualify = got.qualify ?? null;
    const here = new Set(this.queue.map(({ assignment }) => assignment));
    for (const item of got.clips ?? []) {
      const taken = here.has(item.assignment) || this.answered.has(item.assignment)
        || this.current === item.assignment || outbox.holds(item.assignment);
      if (!taken) this.queue.push(item);
    }
    this.unopened = got.unopened ?? 0;
    this.asked = got.asked ?? true;
    if (got.progress) {
      const { done, total } = got.progress;
      this.progress = { done: done + outbox.answers - outbox.undos, total };
    }
    this.on.change();
  }

  /** Keep an answer: in the browser at once, at the server as soon as it takes it. */
  answer(item, said) {
    const again = item.revises === true;
    const entry = { item, uuid: null, said };
    this.history.push(entry);
    this.answered.add(item.assignment);
    if (!again) this.progress.done += 1;
    this.send(entry, again);
    this.tabs.tell(item.assignment, true);
    return entry;
  }

  /** Say the same answer once more, with what was left out: the last word on a clip counts. */
  amend(entry, more) {
    entry.said = { ...entry.said, ...more };
    this.send(entry, true);
  }

  send(entry, again) {
    const { item, said } = entry;
    entry.uuid = newUuid();
    this.outbox.put("/api/answers", { client_uuid: entry.uuid, person: this.person.id, assignment: item.assignment,
      clip_id: item.clip.clip_id, guideline_version: this.guideline, reasons: [], ...said }, { about: item.assignment, again });
  }

  /** Take the last answer back. What was answered in this sitting needs no waiting for the server. */
  async undo() {
    const last = this.history.pop();
    if (last) {
      this.outbox.put("/api/undo", { client_uuid: newUuid(), person: this.person.id, answer: last.uuid },
        { about: last.item.assignment });
      this.answered.delete(last.item.assignment);
      this.tabs.tell(last.item.assignment, false);
      this.progress.done -= 1;
      const { revises: _, ...item } = last.item;
      return { ...item, heard: last.said.heard, plays: last.said.plays };
    }
    if (!await this.outbox.flush()) throw new Error("The studio does not answer.");
    const { clip } = await this.ask("/api/undo", { client_uuid: newUuid() });
    if (!clip) return null;
    this.queue = this.queue.filter(({ assignment }) => assignment !== clip.assignment);
    this.progress.done = Math.max(0, this.progress.done - 1);
    this.on.change();
    return clip;
  }

  /** A check was answered wrong: it is settled, and can neither be undone nor given a reason. */
  told(feedback) {
    this.history = this.history.filter(({ item }) => item.assignment !== feedback.assignment);
    this.on.feedback(feedback);
  }

  answeredElsewhere(assignment, answered) {
    if (!answered) return void this.answered.delete(assignment);
    this.answered.add(assignment);
    this.queue = this.queue.filter((item) => item.assignment !== assignment);
    this.on.elsewhere(assignment);
  }

  openBatch(people) { return this.ask("/api/batches", { slots_per_clip: people }); }

  heartbeat() { return this.ask("/api/heartbeat", {}); }

  async ask(path, body) {
    try {
      return await api(path, body && { person: this.person.id, ...body });
    } catch (error) {
      if (error.status === 401) this.signedOut();
      throw error;
    }
  }

  /** A route that an older studio does not have: null. */
  async askIfThere(path) {
    try {
      return await this.ask(path);
    } catch (error) {
      if (error.status === 401) throw error;
      return null;
    }
  }

  signedOut() {
    this.expired = true;
    this.on.signin();
  }

  boxChanged({ waiting, away, trouble }) {
    clearTimeout(this.settling);
    const show = () => {
      this.box = { waiting, away, trouble, kept: this.outbox?.kept ?? true };
      this.on.change();
    };
    if (!waiting || away || this.box.waiting) show();
    else {
      this.settling = setTimeout(show, QUIET_MS);
      this.on.change();
    }
  }
}

/** `crypto.randomUUID` is missing on plain http beyond loopback. */
export function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
