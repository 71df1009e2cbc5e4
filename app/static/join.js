// Making an account by an invitation. Its token stands in the address's fragment, which no browser
// sends; it is taken out of the address at once, so that no screenshot and no history shows it.

import { at } from "./base.js";
import { api, h } from "./dom.js";
import { card, field, form, show } from "./door.js";

const KEPT = "sounding-invitation"; // in this tab alone, for a reload
if (location.hash.length > 1) {
  sessionStorage.setItem(KEPT, location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem(KEPT) ?? "";

function asks(invitation) {
  const name = field("Name", { name: "name", type: "text", required: true, autocomplete: "username", maxLength: 60,
    value: invitation.name ?? "", readOnly: Boolean(invitation.name) });
  const password = field(`Password, at least ${invitation.shortest_password} characters`,
    { name: "password", type: "password", required: true, autocomplete: "new-password" });
  return card("Welcome",
    h("p", {}, `You are invited as ${invitation.role}. Your name stands beside your answers.`),
    form([name, password], "Make my account", async (values) => {
      const { person } = await api("/api/join", { token, ...values });
      sessionStorage.removeItem(KEPT);
      localStorage.setItem("sounding-name", person.name);
      location.replace(at(person.role === "annotator" ? "/annotate" : "/"));
    }));
}

try {
  show(asks(await api("/api/join/look", { token })));
} catch (error) {
  show(card("This link does not work", h("p", {}, error.message), h("p", {}, h("a", { href: at("/signin") }, "Sign in"))));
}
