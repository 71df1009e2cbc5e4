// One's own account: who one is, a new password, signing out; for admins everybody else's too.

import { at } from "./base.js";
import { api, h } from "./dom.js";
import { card, field, form, show } from "./door.js";
import { people } from "./people.js";

async function signOut() {
  await fetch(at("/api/session"), { method: "DELETE" });
  location.replace(at("/signin"));
}

function mine({ person }) {
  const annotator = person.role === "annotator";
  const now = field("Present password", { name: "current", type: "password", required: true, autocomplete: "current-password" });
  const next = field("New password", { name: "new", type: "password", required: true, autocomplete: "new-password" });
  return card(person.name,
    h("p.muted", {}, `${person.role}. A new password signs you out of every other browser.`),
    h("input", { type: "text", autocomplete: "username", value: person.name, hidden: true }), // for password managers
    form([now, next], "Change password", async (values, say) => {
      await api("/api/account/password", values);
      now.input.value = next.input.value = "";
      say("Changed.");
    }),
    h("div.row", {},
      h("a", { href: at(annotator ? "/annotate" : "/") }, annotator ? "Back to the clips" : "Back to the studio"),
      h("span.grow"),
      h("button", { type: "button", onclick: signOut }, "Sign out")));
}

const session = await api("/api/session");
const cards = [];
if (session.accounts) cards.push(mine(session));
else {
  cards.push(card("No accounts yet", h("p", {}, "Nobody needs a password while this studio is open to this machine alone. "
    + "Once one person has one, everybody does: begin with an admin.")));
}
if (!session.accounts || session.person.role === "admin") cards.push(await people());
show(...cards);
