// What the colours of the points mean: chips, or a scale for a score. A click shows one alone.

import { fill, h, plural, whole } from "./dom.js";
import { colourOf } from "./palette.js";

/** Fill `host` for `categories`; `solo(i)` or `solo(null)` is called by a click. */
export function drawLegend(host, categories, solo) {
  const steps = categories.filter((category) => category.role.startsWith("scale:"));
  let alone = null, place = 0;
  const toggle = (i) => {
    alone = alone === i ? null : i;
    for (const [at, chip] of chips.entries()) chip.classList.toggle("off", alone !== null && at !== alone);
    solo(alone);
  };
  const chips = categories.map((category, i) => {
    const style = `background:${colourOf(category.role, category.role === "palette" ? place++ : 0)}`;
    const onclick = () => toggle(i);
    if (category.role.startsWith("scale:")) {
      const title = `${category.name}: ${plural(category.count, "clip")}`;
      return h("button.swatch", { type: "button", title, ariaLabel: title, style, onclick });
    }
    return h("button.legend-item", { type: "button", title: "Show alone", onclick },
      h("span.dot", { style }), category.name, h("span.num.muted", {}, whole(category.count)));
  });
  fill(host, steps.length ? [
    h("span.num.muted", {}, steps[0].name.split(" ")[0]), h("span.scale", {}, chips.slice(0, steps.length)),
    h("span.num.muted", {}, steps.at(-1).name.split(" ").at(-1)), chips.slice(steps.length),
  ] : chips);
}
