// Which physical key does what, and what is printed on it. Kept for each person in this browser.

export const ACTIONS = [
  { name: "yes", says: "Sounds" }, { name: "no", says: "Does not" },
  { name: "unsure", says: "Can’t tell" }, { name: "broken", says: "Broken" },
  { name: "replay", says: "Play again" }, { name: "slow", says: "Half speed" },
  { name: "loop", says: "Loop" }, { name: "undo", says: "Undo" },
  { name: "not_visible", says: "Why not: unseen" }, { name: "not_audible", says: "Why not: unheard" },
  { name: "not_wearer", says: "Why not: not C" }, { name: "narration_wrong", says: "Why not: text" },
  { name: "mine", says: "My work" }, { name: "dispute", says: "Dispute a check" },
];

const DIGITS = (first) => Object.fromEntries(["not_visible", "not_audible", "not_wearer", "narration_wrong"]
  .map((name, n) => [name, `Digit${(first + n) % 10}`]));

export const PRESETS = {
  letters: { says: "Letters", keys: { yes: "KeyY", no: "KeyN", unsure: "KeyU", broken: "KeyB", replay: "Space",
    slow: "KeyS", loop: "KeyL", undo: "Backspace", ...DIGITS(1), mine: "KeyM", dispute: "KeyD" } },
  left: { says: "Left hand", keys: { yes: "KeyF", no: "KeyD", unsure: "KeyS", broken: "KeyA", replay: "Space",
    slow: "KeyE", loop: "KeyR", undo: "KeyZ", ...DIGITS(1), mine: "KeyT", dispute: "KeyG" } },
  right: { says: "Right hand", keys: { yes: "KeyJ", no: "KeyK", unsure: "KeyL", broken: "Semicolon", replay: "Space",
    slow: "KeyI", loop: "KeyO", undo: "Backspace", ...DIGITS(7), mine: "KeyM", dispute: "KeyP" } },
};

const KEPT = { Tab: "moving about", Escape: "leaving", Enter: "going on", NumpadEnter: "going on" };
const MODIFIER = /^(Shift|Control|Alt|Meta|OS|CapsLock|NumLock|ScrollLock|ContextMenu|Fn|F\d+)/;
const PRINTED = { Space: "Space", Backspace: "⌫", Semicolon: ";", Quote: "'", Comma: ",", Period: ".", Slash: "/",
  BracketLeft: "[", BracketRight: "]", Backslash: "\\", IntlBackslash: "<", Minus: "-", Equal: "=", Backquote: "`",
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del" };

/** Event: "change". `letters` goes by what is printed on a key, every other set by its place. */
export class Keymap extends EventTarget {
  constructor() {
    super();
    this.preset = "letters";
    this.custom = null;
    this.layout = null; // the browser's own list: code -> what it prints
    this.learned = read("sounding-layout") ?? {}; // where there is none: as seen in key presses
    navigator.keyboard?.getLayoutMap?.().then((layout) => { this.layout = layout; this.tell(); }, () => {});
  }

  get keys() { return this.custom ?? PRESETS[this.preset].keys; }

  /** Take up what this person chose in this browser. */
  of(personId) {
    this.place = `sounding-keys-${personId}`;
    const kept = read(this.place);
    this.preset = kept?.preset in PRESETS ? kept.preset : "letters";
    const whole = kept?.custom && ACTIONS.every(({ name }) => typeof kept.custom[name] === "string");
    this.custom = whole ? kept.custom : null;
    this.tell();
  }

  choose(preset) {
    this.preset = preset;
    this.custom = null;
    this.keep();
  }

  /** Give an action a key; a sentence says why that cannot be. */
  set(action, code) {
    if (code in KEPT) return `${printedOn(code)} is kept for ${KEPT[code]}: choose another key.`;
    if (!code || MODIFIER.test(code)) return "This key does not work alone: choose another one.";
    const taken = ACTIONS.find(({ name }) => name !== action && this.codeOf(name) === code);
    if (taken) return `${this.print(code)} is taken by “${taken.says}”: choose another key.`;
    this.custom = { ...Object.fromEntries(ACTIONS.map(({ name }) => [name, this.codeOf(name)])), [action]: code };
    this.keep();
    return null;
  }

  /** The action of a key press, or null. */
  actionOf({ key, code }) {
    const wanted = this.byLetter ? pseudoCode(key) ?? code : code;
    const plain = /^Numpad(\d)$/.exec(wanted ?? "");
    const found = (one) => Object.keys(this.keys).find((name) => this.keys[name] === one) ?? null;
    return found(wanted) ?? (plain ? found(`Digit${plain[1]}`) : null);
  }

  /** What stands on the key of an action. */
  label(action) {
    const code = this.keys[action];
    if (!this.byLetter) return this.print(code);
    const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
    if (!letter) return printedOn(code);
    const known = this.layout ? [...this.layout.values()] : [];
    return known.length && !known.includes(letter.toLowerCase()) ? this.print(code) : letter;
  }

  /** Remember what a key prints, for browsers that do not tell. */
  learn({ key, code, shiftKey }) {
    if (this.layout || shiftKey || !code || key.length !== 1 || this.learned[code] === key) return;
    this.learned[code] = key.toLowerCase();
    write("sounding-layout", this.learned);
    this.tell();
  }

  get byLetter() { return !this.custom && this.preset === "letters"; }

  /** The place of an action's key: the letters' places are the layout's. */
  codeOf(action) {
    const code = this.keys[action];
    const letter = this.byLetter && /^Key(.)$/.exec(code)?.[1].toLowerCase();
    const prints = this.layout ? [...this.layout] : Object.entries(this.learned);
    return (letter && prints.find(([, printed]) => printed === letter)?.[0]) || code;
  }

  print(code) {
    const printed = this.layout?.get(code) ?? this.learned[code];
    return printed?.trim() ? printed.toUpperCase() : printedOn(code);
  }

  keep() {
    if (this.place) write(this.place, { preset: this.preset, custom: this.custom });
    this.tell();
  }

  tell() { this.dispatchEvent(new Event("change")); }
}

/** Every key sign inside `root` says what the keymap says; the buttons announce it. */
export function labelKeys(root, keymap) {
  for (const sign of root.querySelectorAll("kbd[data-action]")) {
    const label = keymap.label(sign.dataset.action);
    sign.textContent = label;
    sign.closest("button")?.setAttribute("aria-keyshortcuts", label === "⌫" ? "Backspace" : label);
  }
}

/** A letter or digit by what is printed, named like its place on an American keyboard. */
function pseudoCode(key) {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  if (/^\d$/.test(key)) return `Digit${key}`;
  return { " ": "Space", Backspace: "Backspace" }[key] ?? null;
}

function printedOn(code) {
  return PRINTED[code] ?? /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? code.replace(/^Numpad/, "Num ");
}

function read(place) {
  try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
}

function write(place, value) {
  try { localStorage.setItem(place, JSON.stringify(value)); } catch { /* full: it holds for this sitting */ }
}
