// The outbox: an answer is written down here first, and leaves only when the server has it on disk.
// It survives a reload, a closed tab and a server that is away. Order is kept: answers, then undos.

import { at } from "./base.js";

const STORE = "operations";
const PATIENCE_S = [1, 2, 4, 8, 15];

/** `database` and `person` name whose answers these are: they are never sent as somebody else's. */
export async function openOutbox({ database, person, onchange, onrefused, onsignin }) {
  const shelf = await openShelf(`sounding-outbox-${database}`);
  return new Outbox(shelf, await shelf.load(person), { person, onchange, onrefused, onsignin });
}

class Outbox {
  constructor(shelf, waiting, { person, onchange, onrefused, onsignin }) {
    this.shelf = shelf;
    this.waiting = waiting;
    this.person = person;
    this.onchange = onchange;
    this.onrefused = onrefused;
    this.onsignin = onsignin;
    this.failures = 0;
    this.flushing = null;
    this.closed = false;
    this.online = () => { this.failures = 0; this.flush(); };
    addEventListener("online", this.online);
  }

  /** Survives a reload? False where the browser has no storage (private windows of some). */
  get kept() { return this.shelf.kept; }

  /** Is there an answer for this assignment that the server may not know of yet? */
  holds(assignment) {
    return this.waiting.some(({ body }) => body.assignment === assignment);
  }

  get answers() { return this.waiting.filter(({ path }) => path === "/api/answers").length; }
  get undos() { return this.waiting.length - this.answers; }

  /** Write an operation down and start sending. */
  put(path, body) {
    const operation = { person: this.person, path, body };
    operation.stored = this.shelf.add(operation);
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
    removeEventListener("online", this.online);
  }

  async sendAll() {
    while (this.waiting.length && !this.closed) {
      const [operation] = this.waiting;
      const key = await operation.stored;
      const outcome = await send(operation);
      if (outcome.retry) {
        this.failures += 1;
        const wait = PATIENCE_S[Math.min(this.failures, PATIENCE_S.length) - 1];
        this.timer = setTimeout(() => this.flush(), wait * 1000);
        this.changed();
        return false;
      }
      if (outcome.signin) {
        this.onsignin?.();
        return false;
      }
      this.failures = 0;
      this.waiting.shift();
      await this.shelf.remove(key);
      if (outcome.refused) this.onrefused?.(outcome.refused, operation);
      this.changed();
    }
    return true;
  }

  changed() { this.onchange?.({ waiting: this.waiting.length, away: this.failures > 0 }); }
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
  if (answer.ok) return { done: true };
  if (answer.status === 401) return { signin: true };
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { retry: true };
  const said = await answer.json().catch(() => null);
  return { refused: typeof said?.detail === "string" ? said.detail : `status ${answer.status}` };
}

// Two tabs of one browser share the store: one of them sends at a time (a repeat would do no harm).
function alone(work) {
  return navigator.locks ? navigator.locks.request("sounding-outbox", work) : work();
}

async function openShelf(name) {
  try {
    const base = await request(Object.assign(indexedDB.open(name, 1), {
      onupgradeneeded: (event) => event.target.result.createObjectStore(STORE, { autoIncrement: true }),
    }));
    return new Shelf(base);
  } catch {
    return new Pocket();
  }
}

class Shelf {
  constructor(base) {
    this.base = base;
    this.kept = true;
  }

  add({ person, path, body }) {
    return this.change((store) => store.add({ person, path, body }));
  }

  remove(key) {
    return this.change((store) => store.delete(key));
  }

  async load(person) {
    const store = this.base.transaction(STORE).objectStore(STORE);
    const [keys, rows] = await Promise.all([request(store.getAllKeys()), request(store.getAll())]);
    return rows.map((row, n) => ({ ...row, stored: Promise.resolve(keys[n]) }))
      .filter((row) => row.person === person);
  }

  change(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.base.transaction(STORE, "readwrite", { durability: "strict" });
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** Where the browser has no storage: memory, and the page says so. */
class Pocket {
  constructor() {
    this.kept = false;
    this.next = 1;
  }

  async add() { return this.next++; }
  async remove() {}
  async load() { return []; }
}

function request(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}
