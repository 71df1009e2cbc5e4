// Checks answered wrong and not read yet. The studio tells of each once, so a reload must not lose it.

export class Checks {
  constructor(session) {
    this.session = session;
    this.lists = new Map(); // of each person here
  }

  get place() { return `sounding-checks-${this.session.database}-${this.session.person.id}`; }

  get list() {
    if (!this.lists.has(this.place)) this.lists.set(this.place, read(this.place));
    return this.lists.get(this.place);
  }

  add(check) {
    if (!this.list.some(({ assignment }) => assignment === check.assignment)) this.keep([...this.list, check]);
  }

  remove(check) { this.keep(this.list.filter(({ assignment }) => assignment !== check.assignment)); }

  keep(list) {
    this.lists.set(this.place, list);
    try { localStorage.setItem(this.place, JSON.stringify(list)); } catch { /* full: until a reload */ }
  }
}

function read(place) {
  try { return JSON.parse(localStorage.getItem(place)) ?? []; } catch { return []; }
}
