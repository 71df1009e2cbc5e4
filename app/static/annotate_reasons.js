// Why not? An optional second key after "does not" or "can't tell", while the next clip plays already.

import { fill, h } from "./dom.js";
import { sign, wordOf } from "./annotate_view.js";
import { labelKeys } from "./keymap.js";

export const REASONS = [
  { value: "not_visible", word: "unseen", says: "The action is not in the picture" },
  { value: "not_audible", word: "unheard", says: "The action is not to be heard" },
  { value: "not_wearer", word: "not C", says: "Somebody else does it, not the wearer" },
  { value: "narration_wrong", word: "text", says: "The sentence says something else than the clip" },
];

export const reasonWords = (reasons = []) =>
  REASONS.filter(({ value }) => reasons.includes(value)).map(({ word }) => word).join(", ");

export class Reasons {
  /** `amend(entry, more)` sends the answer once more. */
  constructor(place, keymap, amend) {
    Object.assign(this, { place, keymap, amend });
    this.said = h("span");
    this.buttons = REASONS.map(({ value, word, says }) => h("button.an-code", {
      type: "button", title: says, ariaPressed: "false", onclick: () => this.press(value) }, sign(value), word));
    this.line = h("div.an-why", { role: "group", ariaLabel: "Why not? Optional" }, this.said, this.buttons);
    this.close();
    fill(place, this.line);
  }

  /** An answer was just given; a yes needs no reason, a broken clip has its own. */
  open(entry) {
    const { value } = entry.said;
    if (value !== "no" && value !== "unsure") return this.close();
    this.entry = entry;
    fill(this.said, h("b", {}, wordOf(value)), " saved · why not?");
    this.draw();
    labelKeys(this.line, this.keymap);
    this.line.classList.add("an-open");
    this.line.inert = false;
  }

  close() {
    this.entry = null;
    this.line.classList.remove("an-open"); // its room stays: nothing below it jumps
    this.line.inert = true;
  }

  /** True when `name` is a reason that can be given now. */
  press(name) {
    if (!this.entry || !REASONS.some(({ value }) => value === name)) return false;
    const now = this.entry.said.reasons ?? [];
    const reasons = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
    this.amend(this.entry, { reasons });
    this.draw();
    return true;
  }

  draw() {
    for (const [n, { value }] of REASONS.entries()) {
      this.buttons[n].ariaPressed = String(Boolean(this.entry.said.reasons?.includes(value)));
    }
  }
}
