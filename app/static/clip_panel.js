// The clip that a point of the map stands for: it plays at once, what is known of it follows.

import { fill, h } from "./dom.js";
import { clipCard, clipFacts, clipMedia } from "./cards.js";
import { playClip } from "./player.js";

/** `open(card)` is called for a neighbour, `openCluster(id)` for the cluster's name. */
export class ClipPanel {
  constructor({ open, openCluster }) {
    this.on = { open, openCluster };
    this.node = h("div.clip-panel");
    this.cluster = h("p.small.muted");
  }

  /** Before anything was picked. */
  greet() {
    fill(this.node, h("div.panel-empty", {},
      h("p", {}, "Click a point: its clip plays here, with sound."),
      h("p.muted.small", {}, "Drag draws a line around clips. Arrow keys go from clip to clip, "
        + "Space plays again, Esc lets go. The wheel zooms.")));
  }

  /** Play a clip; `known` is its card where that is here already. */
  play(id, known) {
    const media = clipMedia(known ?? { clip_id: id, narration: "this clip" });
    this.facts = h("div.panel-facts");
    fill(this.node, media, this.facts);
    playClip(id, media.querySelector(".clip-host"));
  }

  /** `near` are the cards of its neighbours. */
  tell(card, near) {
    fill(this.facts,
      h("p.narration.large", {}, card.narration), clipFacts(card), this.cluster,
      h("h4", {}, "nearest"),
      h("div.thumbs", {}, near.map((other) => clipCard(other, { small: true, onopen: this.on.open }))));
  }

  tellCluster(cluster) {
    fill(this.cluster, "cluster ",
      h("button.link", { type: "button", onclick: () => this.on.openCluster(cluster.id) }, cluster.name));
  }
}
