// Everybody's accounts, for admins: roles, removal, invitations.

import { at } from "./base.js";
import { api, fill, h } from "./dom.js";
import { card, field } from "./door.js";

const ROLES = ["annotator", "researcher", "lead", "admin"];

export async function people() {
  const list = h("div.table-wrap");
  const said = h("p.error-text", { role: "alert" });
  const made = h("p.door-made", { role: "status" });

  const after = (work) => async (...given) => {
    said.textContent = "";
    try { await work(...given); } catch (error) { said.textContent = error.message; }
    await draw();
  };

  async function draw() {
    const { users, invitations } = await api("/api/users");
    fill(list, h("table", {},
      h("thead", {}, h("tr", {}, ["Name", "Role", "", ""].map((title) => h("th", {}, title)))),
      h("tbody", {}, users.map(person), invitations.map(invitation))));
  }

  function person(one) {
    const removed = one.state === "removed";
    const role = h("select", { ariaLabel: `Role of ${one.name}`, disabled: removed,
      onchange: after(() => api(`/api/users/${one.id}/role`, { role: role.value })) },
      ROLES.map((name) => h("option", { value: name, selected: name === one.role }, name)));
    const state = removed ? "removed" : one.password ? (one.signed_in ? "signed in" : "") : "no password";
    return h("tr", {}, h("td", { dir: "auto" }, h("bdi", {}, one.name)), h("td", {}, role), h("td.muted", {}, state),
      h("td", {}, removed ? null : h("button.quiet", { type: "button", ariaLabel: `Remove ${one.name}`, onclick: after(async () => {
        if (confirm(`Sign ${one.name} out for good? The answers stay.`)) await api(`/api/users/${one.id}/remove`, {});
      }) }, "Remove")));
  }

  function invitation(one) {
    return h("tr", {}, h("td", {}, h("bdi", {}, one.name ?? "anybody with the link")), h("td", {}, one.role),
      h("td.muted", {}, `invited, until ${new Date(one.expires_at).toLocaleDateString()}`),
      h("td", {}, h("button.quiet", { type: "button", onclick: after(() => api(`/api/users/invitations/${one.id}/revoke`, {})) }, "Take back")));
  }

  const name = field("Name (empty: whoever opens the link)", { name: "invited", type: "text", maxLength: 60, autocomplete: "off" });
  const role = h("select", { ariaLabel: "Role of the invitation" }, ROLES.map((one) => h("option", { value: one }, one)));
  const invite = h("form.door-line", {
    onsubmit: (event) => {
      event.preventDefault();
      after(async () => {
        const found = await api("/api/users/invite", { role: role.value, name: name.input.value || null });
        const link = new URL(at(`/${found.link}`), location.href).href;
        fill(made, `For ${found.days} days, once. This link is shown now and never again: `, h("code", {}, link));
        name.input.value = "";
      })();
    },
  }, name.row, role, h("button.primary", { type: "submit" }, "Invite"));

  await draw();
  return Object.assign(card("Everybody", invite, made, said, list), { className: "door-card panel door-wide" });
}
