// Audit: who did what when, the newest first.

import { at, zoneName } from "./desk_time.js";
import { api, fill, h, url } from "./dom.js";
import { pagedTable } from "./table.js";

export function auditView(body) {
  const table = pagedTable({
    columns: [[`When (${zoneName()})`, (row) => at(row.at)], ["Who", (row) => row.by ?? h("span.muted", {}, "no account needed")],
      ["Did", (row) => row.action], ["To", (row) => h("span.clamp", {}, row.subject)], ["How", (row) => h("span.clamp.small", { title: JSON.stringify(row.detail) }, detail(row.detail))]],
    fetch: (offset, limit) => api(url("/api/desk/audit", { offset, limit })),
    key: (row) => row.id,
    empty: "Nothing was done here yet: whatever changes batches, labels or rules will stand here, with who did it and when.",
  });
  fill(body, h("h1", {}, "Audit"), table.element);
}

const word = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));
const detail = (found) => Object.entries(found).filter(([, value]) => value !== null && value !== "").map(([key, value]) => `${key.replaceAll("_", " ")} ${word(value)}`).join(" · ");
