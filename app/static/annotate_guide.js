// What annotators are told: the guideline of the studio, with its version and worked examples.

import { exampleList } from "./annotate_examples.js";
import { h } from "./dom.js";
import { labelKeys } from "./keymap.js";
import { sign } from "./annotate_view.js";
import { stopClip } from "./player.js";

const KEYS = [
  [["yes", "no"], "the action sounds, or does not"], [["unsure", "broken"], "can’t tell, or the clip is broken"],
  [["not_visible", "not_audible", "not_wearer", "narration_wrong"], "why not: unseen, unheard, not C, the text is wrong"],
  [["replay"], "play again"], [["slow"], "half speed"], [["loop"], "loop"], [["undo"], "undo, again and again"],
  [["mine"], "my work: look at your last answers again"],
];

export class Guide {
  /** `onclose` once the dialog is gone: a clip of its own may have silenced the one in front. */
  constructor({ keymap, onsettings, onclose }) {
    Object.assign(this, { keymap, onsettings, onclose });
    this.found = null;
  }

  get version() { return this.found?.version ?? null; }
  /** What a lead has chosen for everybody's clips. */
  get gainDb() { return this.found?.gain_db ?? 0; }
  get examples() { return this.found?.examples ?? []; }

  async load(session) {
    this.found = await session.askIfThere("/api/guideline");
    session.guideline = this.version;
    this.place = `sounding-guideline-${session.person.id}`;
  }

  /** Has the text changed since this person last saw it here? Asked once; the first time is no change. */
  changed() {
    if (this.version === null) return false;
    const last = localStorage.getItem(this.place);
    try { localStorage.setItem(this.place, String(this.version)); } catch { /* full: said again */ }
    return last !== null && last !== String(this.version);
  }

  /** The text as elements. */
  text() {
    return h("div.an-guideline", {}, this.found?.text?.trim() ? blocks(this.found.text) : ownRules(),
      this.version !== null && h("p.an-muted", {}, `Guidelines, version ${this.version}`));
  }

  /** The dialog; `rules`: with the text in view instead of the keys. */
  open(rules = false) {
    const dialog = h("dialog.an-dialog", { ariaLabel: "Keys and guidelines",
      onclose: () => { stopClip(); dialog.remove(); this.onclose(); },
      onclick: (event) => { if (event.target === dialog) dialog.close(); } },
      h("form", { method: "dialog" },
        h("div.an-dialog-head", {}, h("h2", {}, "Keys"),
          h("button.an-link", { type: "button", onclick: () => { dialog.close(); this.onsettings(); } }, "Choose your keys"), h("span.an-grow"),
          h("button", { autofocus: true }, "Close", h("kbd", {}, "Esc"))),
        h("dl.an-keys", {}, KEYS.map(([names, text]) => [h("dt", {}, names.map(sign)), h("dd", {}, text)]),
          h("dt", {}, h("kbd", {}, "?")), h("dd", {}, "this help")),
        h("h2.an-which", {}, "Which answer?"), this.text(),
        this.examples.length > 0 && [h("h2", {}, "Worked examples"), exampleList(this.examples)]));
    document.querySelector(".an-root").append(dialog);
    labelKeys(dialog, this.keymap);
    dialog.showModal();
    if (rules) dialog.querySelector(".an-which").scrollIntoView();
  }
}

/** Plain text with "# headings", "- lists" and paragraphs; whatever else it holds stays text. */
export function blocks(text) {
  const out = [];
  let list = null;
  let paragraph = null;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^(#{1,3})\s+(.*)/.exec(line);
    const item = /^\s*[-*•]\s+(.*)/.exec(line);
    if (item) {
      if (!list) out.push(list = h("ul.an-rules"));
      list.append(h("li", {}, item[1]));
    } else if (heading) {
      out.push(h("h3", {}, heading[2]));
    } else if (line.trim()) {
      if (paragraph) paragraph.append(" ", line.trim());
      else out.push(paragraph = h("p", {}, line.trim()));
    }
    if (!item) list = null;
    if (item || heading || !line.trim()) paragraph = null;
  }
  return out;
}

function ownRules() {
  return [h("ul.an-rules", {},
    h("li", {}, h("b", {}, "Sounds"), ": the narrated action is in the picture, and its own sound is in the clip, however quiet."),
    h("li", {}, h("b", {}, "Does not"), ": you see it and it makes no sound; or you hear something else, a radio, another person, the next action; or it is not in the picture."),
    h("li", {}, h("b", {}, "Can’t tell"), ": you listened again and would be guessing. Somebody else decides."),
    h("li", {}, h("b", {}, "Broken"), ": it does not play, or picture and sound are clearly of another moment.")),
  h("p.an-muted", {}, "“C” is the person who wears the camera. Judge the action that the sentence names, nothing else.")];
}
