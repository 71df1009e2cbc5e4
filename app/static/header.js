// The header of every page: name, workspace, what runs in the background, light or dark.

import { at } from "./base.js";
import { api, fill, h } from "./dom.js";
import { jobStrip } from "./jobs.js";

export function mount(element, options) {
  const theme = h("button.quiet", {
    type: "button", title: "Light or dark", ariaLabel: "Light or dark", onclick: toggleTheme,
  }, "◐");
  element.append(
    h("header.studio-header", {},
      h("a.brand", { href: "#annotate", title: "sounding" }, mark(), h("span", {}, "sounding")),
      h("span.workspace", { title: "Workspace" }, options.workspace),
      options.about ? h("button.chip", { type: "button", title: "What this demo is", onclick: () => about(options.about) }, "demo") : null,
      h("span.grow"),
      jobStrip(),
      account(),
      theme,
    ),
  );
  if (options.about && !localStorage.getItem("sounding-demo-seen")) {
    localStorage.setItem("sounding-demo-seen", "1");
    element.append(h("div.banner", { role: "note" }, h("p", {}, "A made world with simulated annotators. Some clips are left for you, in Annotate."),
      h("button.quiet", { type: "button", onclick: () => about(options.about) }, "What this demo is"),
      h("button.quiet", { type: "button", ariaLabel: "Put away", onclick: (event) => event.target.parentNode.remove() }, "×")));
  }
}

/** Who is signed in, once anybody has to be. */
function account() {
  const link = h("a.account", { href: at("/account"), title: "Your account", hidden: true });
  api("/api/session").then(({ accounts, person }) => {
    if (accounts && person) fill(link, h("bdi", {}, person.name)).hidden = false;
  }, () => {});
  return link;
}

function about(text) {
  const dialog = h("dialog.about", { onclose: () => dialog.remove(),
    onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("div.stack", {}, h("h2", {}, "This is a demo"), h("p", {}, text),
      h("form", { method: "dialog" }, h("button.primary", {}, "Close"))));
  document.querySelector("#studio-header").append(dialog);
  dialog.showModal();
}

function toggleTheme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("sounding-theme", dark ? "dark" : "light");
}

function mark() {
  return h("img", { src: at("/static/icon.svg"), alt: "", width: 20, height: 20 });
}
