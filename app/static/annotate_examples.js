// Clips with their answer and the reason, in a list: each plays where it stands.

import { h } from "./dom.js";
import { wordOf } from "./annotate_view.js";
import { readable } from "./annotate_words.js";
import { playClip } from "./player.js";
import { posterOf } from "./media.js";

/** `examples`: { clip_id, narration, label, reason, yours? }. Enter or a click plays one. */
export function exampleList(examples) {
  return h("ul.an-examples", {}, examples.map((example) => {
    const host = h("span.an-poster", {}, h("img", { src: posterOf(example.clip_id), alt: "", loading: "lazy" }));
    const play = h("button.an-example-play", { type: "button", onclick: () => playClip(example.clip_id, host),
      ariaLabel: `Play: ${readable(example.narration)}` }, host);
    return h("li", {}, play, h("div", {},
      h("p.an-example-text", {}, readable(example.narration)),
      h("p", {}, example.yours && [verdict(example.yours, "You said"), " "],
        verdict(example.label, example.yours ? "The answer is" : "")),
      h("p.an-reason", {}, example.reason)));
  }));
}

export function verdict(value, before = "") {
  return h(`span.an-verdict.an-${value}`, {}, before && `${before} `, h("b", {}, wordOf(value)));
}
