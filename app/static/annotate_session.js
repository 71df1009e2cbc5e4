// Who labels, what is queued for them, and what they answered: everything but sound and screen.

import { at, signInIfAsked } from "./base.js";
import { openOutbox } from "./outbox.js";

const AHEAD = 3;
const QUIET_MS = 400; // a save that takes less than this is not worth a flicker

export class Session {
  constructor({ onchange, onrefused, onsignin }) {
    this.events = { onchange, onrefused, onsignin };
    this.person = null;
    this.progress = null;
    this.unopened = 0; // clips in no batch
    this.asked = false; // is anybody asked about any clip at all?
    this.box = { waiting: 0, away: false, kept: true };
    this.outbox = null;
    this.begin();
  }

  /** Clips answered in this sitting. */
  get sitting() { return this.history.length; }
  get canUndo() { return Boolean(this.history.length || this.progress?.done); }

  begin() {
    this.queue = [];
    this.history = [];
    this.answered = new Set();
  }

  async whoAmI() {
    const found = await ask("/api/session");
    Object.assign(this, { database: found.database, person: found.person, progress: found.progress });
  }

  async signIn(name) {
    if (!this.person || this.person.name !== name.trim() || this.expired) {
      const found = await ask("/api/session", { name });
      Object.assign(this, { database: found.database, person: found.person, progress: found.progress });
    }
    this.expired = false;
    this.outbox?.close();
    this.begin();
    this.outbox = await openOutbox({
      database: this.database, person: this.person.id,
      onchange: (state) => this.boxChanged(state), onrefused: this.events.onrefused,
      onsignin: () => this.signedOut(),
    });
    this.boxChanged({ waiting: this.outbox.waiting.length, away: false });
    await this.outbox.flush();
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
    const here = new Set(this.queue.map(({ assignment }) => assignment));
    for (const item of got.clips) {
      const taken = here.has(item.assignment) || this.answered.has(item.assignment)
        || this.current === item.assignment || outbox.holds(item.assignment);
      if (!taken) this.queue.push(item);
    }
    this.unopened = got.unopened;
    this.asked = got.asked;
    const { done, total } = got.progress;
    this.progress = { done: done + outbox.answers - outbox.undos, total };
    this.events.onchange();
  }

  /** Keep an answer: in the browser at once, at the server as soon as it takes it. */
  answer(item, said) {
    const uuid = newUuid();
    this.history.push({ item, uuid, heard: said.heard, plays: said.plays });
    this.answered.add(item.assignment);
    this.progress.done += 1;
    this.outbox.put("/api/answers", {
      client_uuid: uuid, person: this.person.id, assignment: item.assignment, clip_id: item.clip.clip_id, ...said,
    });
  }

  /** Take the last answer back. What was answered in this sitting needs no waiting for the server. */
  async undo() {
    const last = this.history.pop();
    if (last) {
      this.outbox.put("/api/undo", { client_uuid: newUuid(), person: this.person.id, answer: last.uuid });
      this.answered.delete(last.item.assignment);
      this.progress.done -= 1;
      return last;
    }
    if (!await this.outbox.flush()) throw new Error("The studio does not answer.");
    const { clip } = await this.ask("/api/undo", { client_uuid: newUuid() });
    if (!clip) return null;
    this.queue = this.queue.filter(({ assignment }) => assignment !== clip.assignment);
    this.progress.done = Math.max(0, this.progress.done - 1);
    this.events.onchange();
    return { item: clip, heard: false, plays: 0 };
  }

  openBatch(people) { return this.ask("/api/batches", { slots_per_clip: people }); }

  heartbeat() { return this.ask("/api/heartbeat", {}); }

  async ask(path, body) {
    try {
      return await ask(path, { person: this.person.id, ...body });
    } catch (error) {
      if (error.status === 401) this.signedOut();
      throw error;
    }
  }

  signedOut() {
    this.expired = true;
    this.events.onsignin();
  }

  boxChanged({ waiting, away }) {
    clearTimeout(this.settling);
    const show = () => {
      this.box = { waiting, away, kept: this.outbox?.kept ?? true };
      this.events.onchange();
    };
    if (!waiting || away || this.box.waiting) show();
    else {
      this.settling = setTimeout(show, QUIET_MS);
      this.events.onchange();
    }
  }
}

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(at(path), body === undefined ? {} : {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The studio does not answer. Is it still running?");
  }
  const value = await answer.json().catch(() => null);
  if (answer.ok) return value;
  signInIfAsked(answer);
  const detail = typeof value?.detail === "string" ? value.detail : `The studio answered ${answer.status}.`;
  throw Object.assign(new Error(detail), { status: answer.status });
}

/** `crypto.randomUUID` is missing on plain http beyond loopback. */
function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
