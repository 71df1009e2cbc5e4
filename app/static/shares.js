// A share as the studio writes it everywhere: per cent, its 95 % interval, and its n.

import { h, whole } from "./dom.js";

const cent = (share) => Math.round(100 * share);

/** "63 % [55, 70], n = 142" of [n, share, low, high]; without labels it says so. */
export function shareText([n, share, low, high]) {
  return n ? `${cent(share)} % [${cent(low)}, ${cent(high)}], n = ${whole(n)}` : "no label yet";
}

/** The same for a table's cell: a line from 0 to 100 % with the interval and the share on it. */
export function shareCell([n, share, low, high], kind = "sounds") {
  if (!n) return h("span.muted", {}, "–");
  return h("span.share-cell", { title: `${cent(share)} %, 95 % interval ${cent(low)} to ${cent(high)} %, n = ${whole(n)}` },
    h(`span.share-line.${kind}`, { ariaHidden: "true" },
      h("i", { style: `left:${100 * low}%;right:${100 - 100 * high}%` }), h("b", { style: `left:${100 * share}%` })),
    h("span.num", {}, `${cent(share)} %`),
    h("span.num.muted.small", {}, `[${cent(low)}, ${cent(high)}]`),
    h("span.num.muted.small", {}, `n = ${whole(n)}`));
}
