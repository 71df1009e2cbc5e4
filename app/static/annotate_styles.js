// The page's stylesheets, where whoever embeds it has not brought them.

import { at } from "./base.js";
import { h } from "./dom.js";

const NAMES = ["annotate.css", "annotate_screens.css"];

export function styles() {
  const there = [...document.querySelectorAll("link[rel=stylesheet]")].map(({ href }) => href);
  return Promise.all(NAMES.filter((name) => !there.some((href) => href.includes(`/${name}`))).map((name) =>
    new Promise((resolve) => {
      document.head.append(h("link", { rel: "stylesheet", href: at(`/static/${name}`), onload: resolve, onerror: resolve }));
    })));
}
