// The outbox: an answer is written down here first, and leaves only when the server has it on disk.
// It survives a reload, a closed tab and a server that is away. Order is kept: answers, then undos.

import { at } from "./base.js";
import { openShelf } from "./outbox_shelf.js";

const PATIENCE_S = [1, 2, 4, 8, 15];
const LOOK_S = 60;
const FALLS = 3;
const REFUSALS = [404, 409, 422]; // what our routes refuse for good; anything else may pass

/**
 * `database` and `person` name whose answers these are: they are never sent as somebody else's.
 * `on`: change(state), taken(value, operation), refused(sentence, operation), signin().
 */
export async function openOutbox({ database, person, on }) {
  const shelf = await openShelf(`sounding-outbox-${database}`);
  return new Outbox(shelf, await shelf.load(person).catch(() => []), { person, on });
}

class Outbox {
  constructor(shelf, waiting, { person, on }) {
    Object.assign(this, { shelf, waiting, person, on });
    this.failures = 0;
    this.trouble = ""; // the server's own sentence, where it answers and cannot save
    this.flushing = null;
    this.closed = false;
    this.strangers = new Set();
    // Back on the net, back from sleep, back in this tab: do not wait for the next try.
    this.wake = () => { if (!document.hidden) { this.failures = 0; this.flush(); } };
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.leave = (event) => { if (this.waiting.length && !this.kept) event.preventDefault(); };
    addEventListener("beforeunload", this.leave);
    this.looking = setInterval(() => this.adopt(), LOOK_S * 1000);
  }

  /** Does what waits survive a reload? Not where the browser has no storage, or no room left. */
  get kept() { return this.shelf.kept && !this.waiting.some(({ key }) => key === null); }

  /** Is there an answer for this assignment that the server may not know of yet? */
  holds(assignment) {
    return this.waiting.some(({ body }) => body.assignment === assignment);
  }

  get answers() { return this.waiting.filter(({ path, again }) => path === "/api/answers" && !again).length; }
  get undos() { return this.waiting.filter(({ path }) => path === "/api/undo").length; }

  /** Write an operation down and start sending. `about`: its assignment; `again`: it revises. */
  put(path, body, { about, again = false }) {
    const operation = { person: this.person, path, body, about, again };
    operation.stored = this.shelf.add(operation).then((key) => (operation.key = key));
    this.waiting.push(operation);
    this.changed();
    operation.stored.then(() => this.flush());
    return operation.stored;
  }

  /** Send all that waits; resolves true when nothing is left. */
  flush() {
    clearTimeout(this.timer);
    if (this.closed) return Promise.resolve(false);
    this.flushing ??= alone(() => this.sendAll()).finally(() => { this.flushing = null; });
    return this.flushing;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    clearInterval(this.looking);
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    removeEventListener("beforeunload", this.leave);
  }

  async sendAll() {
    while (this.waiting.length && !this.closed) {
      const [operation] = this.waiting;
      const key = await operation.stored;
      const outcome = await send(operation);
      if (outcome.retry) {
        this.failures += 1;
        this.trouble = outcome.said ?? "";
        if (outcome.status === 500) this.stumble(operation);
        const wait = PATIENCE_S[Math.min(this.failures, PATIENCE_S.length) - 1];
        this.timer = setTimeout(() => this.flush(), wait * 1000);
        this.changed();
        return false;
      }
      if (outcome.signin) {
        this.on.signin?.();
        return false;
      }
      this.failures = 0;
      this.trouble = "";
      this.waiting = this.waiting.filter((other) => other !== operation);
      await this.shelf.remove(key);
      if (outcome.refused) this.on.refused?.(outcome.refused, operation);
      else this.on.taken?.(outcome.value, operation);
      this.changed();
    }
    return true;
  }

  /** One answer that the studio stumbles over must not hold up the rest; what is about its clip follows it. */
  stumble(operation) {
    operation.falls = (operation.falls ?? 0) + 1;
    if (operation.falls % FALLS) return;
    const follows = ({ about }) => about === operation.about;
    this.waiting = [...this.waiting.filter((other) => !follows(other)), ...this.waiting.filter(follows)];
  }

  /** What another tab wrote down and did not send for a minute: it was closed, or it crashed. */
  async adopt() {
    const rows = await this.shelf.load(this.person).catch(() => []);
    const mine = new Set(this.waiting.map(({ key }) => key));
    const theirs = rows.filter(({ key }) => !mine.has(key));
    this.waiting.push(...theirs.filter(({ key }) => this.strangers.has(key)));
    this.waiting.sort((one, other) => (one.key ?? Infinity) - (other.key ?? Infinity));
    this.strangers = new Set(theirs.map(({ key }) => key));
    if (this.waiting.length) this.flush();
    this.changed();
  }

  changed() {
    this.on.change?.({ waiting: this.waiting.length, away: this.failures > 0, trouble: this.trouble });
  }
}

async function send({ path, body }) {
  let answer;
  try {
    answer = await fetch(at(path), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      keepalive: true,
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    return { retry: true };
  }
  const value = await answer.json().catch(() => null);
  if (answer.ok) return value === null ? { retry: true } : { value };
  if (answer.status === 401) return { signin: true };
  const said = typeof value?.detail === "string" ? value.detail : null;
  // A page that is not ours (a proxy's, another program's) refuses nothing.
  const ours = value?.detail && said !== "Not Found";
  if (ours && REFUSALS.includes(answer.status)) return { refused: said ?? `status ${answer.status}` };
  return { retry: true, status: answer.status, said: said ?? `The studio answered ${answer.status}.` };
}

// Two tabs of one browser share the store: one of them sends at a time (a repeat would do no harm).
function alone(work) {
  return navigator.locks ? navigator.locks.request("sounding-outbox", work) : work();
}
