// The dialog in which one chooses one's keys: a set for one hand, or each key by pressing it.

import { fill, h } from "./dom.js";
import { ACTIONS, PRESETS, labelKeys } from "./keymap.js";

export function openSettings(root, keymap) {
  let waiting = null; // the action that gets the next key
  const said = h("p.an-hint", { role: "alert" });

  const presets = h("div.an-presets", { role: "radiogroup", ariaLabel: "Set of keys" });
  const table = h("dl.an-keys.an-choose");
  const draw = () => {
    const chosen = keymap.custom ? "custom" : keymap.preset;
    fill(presets, [...Object.entries(PRESETS).map(([name, { says }]) => [name, says]), ["custom", "My own"]].map(([name, says]) =>
      h("label.an-preset", {}, h("input", { type: "radio", name: "an-preset", value: name, checked: name === chosen,
        disabled: name === "custom" && !keymap.custom,
        onchange: () => { keymap.choose(name); stop(); draw(); presets.querySelector(":checked")?.focus(); } }), says)));
    fill(table, ACTIONS.map(({ name, says }) => [h("dt", {}, says), h("dd", {},
      h("button.an-key", { type: "button", dataset: { of: name }, ariaLabel: `${says}: ${keymap.label(name)}, press to change`,
        onclick: () => wait(name) }, h("kbd", { dataset: { action: name } })))]));
    labelKeys(table, keymap);
  };
  const buttonOf = (name) => table.querySelector(`[data-of=${name}]`);
  const wait = (name) => {
    stop();
    waiting = name;
    fill(buttonOf(name), "press a key…");
    buttonOf(name).classList.add("an-waits");
    fill(said, `Press the key for “${ACTIONS.find((action) => action.name === name).says}”. Esc leaves it as it is.`);
  };
  const stop = () => {
    waiting = null;
    fill(said);
  };

  const onkeydown = (event) => {
    if (!waiting || event.isComposing) return;
    if (/^(Shift|Control|Alt|Meta)/.test(event.key)) return;
    event.preventDefault(); // also keeps the dialog open on Escape
    event.stopPropagation();
    const name = waiting;
    const refusal = event.key === "Escape" ? null : keymap.set(name, event.code);
    keymap.learn(event);
    stop();
    draw();
    fill(said, refusal ?? "");
    buttonOf(name).focus();
  };

  const dialog = h("dialog.an-dialog.an-settings", { ariaLabel: "Choose your keys",
    onclose: () => dialog.remove(),
    oncancel: (event) => { if (waiting) event.preventDefault(); },
    onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("form", { method: "dialog" },
      h("div.an-dialog-head", {}, h("h2", {}, "Your keys"), h("span.an-grow"), h("button", { autofocus: true }, "Close", h("kbd", {}, "Esc"))),
      presets,
      h("p.an-muted", {}, "“Letters” goes by what is printed on a key, every other set by its place. They are kept for you in this browser."),
      said, table));
  dialog.addEventListener("keydown", onkeydown, true);
  draw();
  root.append(dialog);
  dialog.showModal();
}
