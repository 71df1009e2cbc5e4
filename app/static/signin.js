// Signing in with name and password, and on to where one was going.

import { at } from "./base.js";
import { api } from "./dom.js";
import { card, field, form, show } from "./door.js";

const PAGES = ["annotate", "account"];

function goOn(person) {
  const wanted = new URLSearchParams(location.search).get("to");
  if (PAGES.includes(wanted)) location.replace(at(`/${wanted}`));
  else if (person?.role === "annotator") location.replace(at("/annotate"));
  else location.replace(at("/") + location.hash);
}

const session = await api("/api/session").catch(() => null);
if (session && (session.person || !session.accounts)) goOn(session.person);
else {
  const name = field("Name", { name: "name", type: "text", required: true, autocomplete: "username",
    autocapitalize: "none", spellcheck: false, value: localStorage.getItem("sounding-name") ?? "" });
  const password = field("Password", { name: "password", type: "password", required: true, autocomplete: "current-password" });
  show(card("Sign in", form([name, password], "Sign in", async (values) => {
    const { person } = await api("/api/session", values);
    localStorage.setItem("sounding-name", person.name);
    goOn(person);
  })));
}
