// A table that comes page by page from a route, with rows one can walk through by keyboard.

import { fill, h, whole } from "./dom.js";

const LIMIT = 50;

/** columns: [title, cell(row), class?]; fetch(offset, limit) -> {total, offset, rows}; open(row)?
 * `walk`: arrow keys open the row they come to, not only Enter. */
export function pagedTable({ columns, fetch, key, open = null, empty, walk = true, label = null }) {
  let offset = 0, chosen = null, asked = 0;
  const body = h("tbody");
  const foot = h("div.row.small.pager");
  const note = h("p.muted.table-note", { role: "status" });
  const table = h("div.table-wrap", {}, h("table", { ariaLabel: label },
    h("thead", {}, h("tr", {}, columns.map(([title, , kind]) => h(`th${kind ? "." + kind : ""}`, { scope: "col" }, title)))), body));
  const element = h("div.paged", {}, table, note, foot);

  const choose = (row, line) => {
    chosen = key(row);
    for (const other of body.children) other.ariaSelected = String(other === line);
    open(row);
  };
  const line = (row) => {
    const node = h(open ? "tr.link" : "tr", { ariaSelected: open ? String(key(row) === chosen) : null },
      columns.map(([, cell, kind]) => h(`td${kind ? "." + kind : ""}`, {}, cell(row))));
    if (open) {
      node.tabIndex = 0;
      node.addEventListener("click", () => choose(row, node));
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(row, node); }
        const next = { ArrowDown: node.nextElementSibling, ArrowUp: node.previousElementSibling }[event.key];
        if (next) { event.preventDefault(); next.focus(); if (walk) next.click(); }
      });
    }
    return node;
  };
  const load = async () => {
    const ticket = ++asked;
    let page;
    try {
      page = await fetch(offset, LIMIT);
    } catch (error) {
      note.textContent = error.message;
      return;
    }
    if (ticket !== asked) return;
    const focused = body.contains(document.activeElement) ? [...body.children].indexOf(document.activeElement) : -1;
    fill(body, page.rows.map(line));
    if (focused >= 0) body.children[focused]?.focus({ preventScroll: true });
    table.hidden = page.total === 0;
    note.textContent = page.total ? "" : empty;
    const last = Math.min(offset + LIMIT, page.total);
    fill(foot, page.total > LIMIT ? [
      h("button", { type: "button", disabled: offset === 0, onclick: () => go(offset - LIMIT) }, "Previous"),
      h("span.num.muted", {}, `${whole(offset + 1)} to ${whole(last)} of ${whole(page.total)}`),
      h("button", { type: "button", disabled: last >= page.total, onclick: () => go(offset + LIMIT) }, "Next")] : null);
  };
  const go = (to) => { offset = Math.max(0, to); table.scrollTop = 0; return load(); };
  load();
  return { element, restart: () => go(0), reload: () => { if (offset && chosen === null) offset = 0; return load(); } };
}
