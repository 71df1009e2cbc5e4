// What the pages without Gradio share: the theme, a card, a form that says in one line what is wrong.

import { fill, h } from "./dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = localStorage.getItem("sounding-theme");
const follow = () => document.body.classList.toggle("dark", chosen ? chosen === "dark" : dark.matches);
follow();
dark.addEventListener("change", follow);

/** Show one or more cards instead of what stands there. */
export function show(...cards) {
  fill(document.getElementById("door"), cards);
}

export function card(title, ...children) {
  return h("section.door-card.panel", {}, h("h1", {}, title), children);
}

/** A labelled field; a password can be looked at. */
export function field(label, props) {
  const id = `door-${props.name}`;
  const input = h("input", { id, maxLength: 500, ...props });
  if (props.type !== "password") return { input, row: h("div.door-field", {}, h("label", { htmlFor: id }, label), input) };
  const eye = h("button.quiet", {
    type: "button", ariaPressed: "false", ariaLabel: `Show ${label.toLowerCase()}`,
    onclick: () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      eye.ariaPressed = String(shown);
      eye.textContent = shown ? "Hide" : "Show";
    },
  }, "Show");
  return { input, row: h("div.door-field", {}, h("label", { htmlFor: id }, label), h("div.door-line", {}, input, eye)) };
}

/** `work(values)` resolves when all is well; what it throws stands below the fields. */
export function form(fields, text, work) {
  const error = h("p.error-text", { role: "alert" });
  const button = h("button.primary", { type: "submit" }, text);
  const node = h("form.door-form", {
    noValidate: true,
    onsubmit: async (event) => {
      event.preventDefault();
      const empty = fields.find(({ input }) => input.required && !input.value.trim());
      if (empty) {
        error.textContent = `${empty.row.querySelector("label").textContent}: type something here.`;
        empty.input.focus();
        return;
      }
      button.disabled = true;
      error.textContent = "";
      try {
        await work(Object.fromEntries(fields.map(({ input }) => [input.name, input.value])), (said) => { error.textContent = said; });
      } catch (problem) {
        error.textContent = problem.message;
        fields.at(-1).input.focus();
        fields.at(-1).input.select?.();
      } finally {
        button.disabled = false;
      }
    },
  }, fields.map(({ row }) => row), error, h("div.row", {}, button));
  queueMicrotask(() => fields.find(({ input }) => !input.value && !input.readOnly)?.input.focus());
  return node;
}
