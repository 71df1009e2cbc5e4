// The line beside the pointer: the narration of the point under it, and its category.

import { fill, h } from "./dom.js";

export class MapTip {
  /** `cardOf(point)` gives a card that is here already, or null; `fetchCard(point)` goes for it. */
  constructor(cardOf, fetchCard) {
    this.cardOf = cardOf;
    this.fetchCard = fetchCard;
    this.node = h("div.map-tip", { hidden: true });
    this.point = null;
  }

  hide() {
    clearTimeout(this.waiting);
    this.point = null;
    this.node.hidden = true;
  }

  show(point, category, x, y) {
    this.hide();
    this.point = point;
    const tell = (card) => fill(this.node, h("div", {}, card?.narration ?? "…"), h("div.muted.small", {}, category));
    const known = this.cardOf(point);
    tell(known);
    this.node.style.transform = `translate(${Math.min(x + 14, innerWidth - 300)}px, ${y + 14}px)`;
    this.node.hidden = false;
    if (known) return;
    this.waiting = setTimeout(async () => {
      const card = await this.fetchCard(point).catch(() => null);
      if (card && this.point === point) tell(card);
    }, 80);
  }
}
