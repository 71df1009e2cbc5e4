// Where the outbox keeps what it has not sent: IndexedDB, or memory where the browser gives no room.

const STORE = "operations";
const PATIENCE_MS = 3000;

export async function openShelf(name) {
  try {
    const shelf = new Shelf(name);
    await shelf.open();
    navigator.storage?.persist?.().catch(() => {}); // asks the browser not to clear it under pressure
    return shelf;
  } catch {
    return new Pocket();
  }
}

class Shelf {
  constructor(name) {
    this.name = name;
    this.kept = true;
  }

  async open() {
    const asked = indexedDB.open(this.name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { autoIncrement: true });
    // Some browsers never answer after a crash of their own: rather memory than a page that waits.
    this.base = await Promise.race([request(asked), late(PATIENCE_MS)]);
    this.base.onversionchange = () => this.base.close();
  }

  /** The key it is kept under; null where there is no room (the caller still has it in memory). */
  async add(operation) {
    const { person, path, body, about, again } = operation;
    try {
      const key = await this.change((store) => store.add({ person, path, body, about, again }));
      this.kept = true;
      return key;
    } catch {
      this.kept = false;
      return null;
    }
  }

  /** What cannot be removed is sent once more after a reload, and the server knows it by its id. */
  async remove(key) {
    if (key !== null) await this.change((store) => store.delete(key)).catch(() => {});
  }

  async load(person) {
    const store = this.base.transaction(STORE).objectStore(STORE);
    const [keys, rows] = await Promise.all([request(store.getAllKeys()), request(store.getAll())]);
    return rows.map((row, n) => ({ ...row, key: keys[n], stored: Promise.resolve(keys[n]) }))
      .filter((row) => row.person === person);
  }

  async change(work) {
    try {
      return await this.attempt(work);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      await this.open(); // the browser closed it: cleared data, or an update
      return this.attempt(work);
    }
  }

  attempt(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.base.transaction(STORE, "readwrite", { durability: "strict" });
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
  }
}

/** Where the browser has no storage: memory, and the page says so. */
class Pocket {
  kept = false;
  async add() { return null; }
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

function late(ms) {
  return new Promise((_, reject) => { setTimeout(() => reject(new Error("late")), ms); });
}
