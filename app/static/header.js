// The header of every page: name, workspace, what runs in the background, light or dark.

import { h } from "./dom.js";
import { jobStrip } from "./jobs.js";

export function mount(element, options) {
  const theme = h("button.quiet", {
    type: "button", title: "Light or dark", ariaLabel: "Light or dark", onclick: toggleTheme,
  }, "◐");
  element.append(
    h("header.studio-header", {},
      h("a.brand", { href: "#annotate", title: "sounding" }, mark(), h("span", {}, "sounding")),
      h("span.workspace", { title: "Workspace" }, options.workspace),
      options.demo ? h("span.chip", { title: "Made data with simulated annotators" }, "demo") : null,
      h("span.grow"),
      jobStrip(),
      theme,
    ),
  );
}

function toggleTheme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("sounding-theme", dark ? "dark" : "light");
}

function mark() {
  const image = h("img", { src: "/static/icon.svg", alt: "", width: 20, height: 20 });
  return image;
}
