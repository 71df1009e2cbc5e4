// One keyboard listener. It acts only while the page is to be seen, and goes when the page goes.

/** `on(name, event)` gets an action of the keymap, enter, escape, help or null; true: it used the key. */
export function listenToKeys(root, keymap, on) {
  const listener = (event) => {
    if (!root.isConnected) {
      document.removeEventListener("keydown", listener, true);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (root.offsetParent === null || document.hidden) return;
    const target = event.composedPath()[0];
    if (typing(target) || document.querySelector("dialog[open]")) return;
    keymap.learn(event);
    // Tab and Enter or Space stay the way to press whatever has the focus.
    const presses = event.key === " " || event.key === "Enter";
    if (presses && pressable(target)) return;
    if (target instanceof HTMLElement && target.matches("input[type=range]") && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    if (event.repeat) {
      if (event.key === " ") event.preventDefault(); // a held Space must not scroll the page
      return;
    }
    if (on(nameOf(event, keymap), event) || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  document.addEventListener("keydown", listener, true);
}

function nameOf(event, keymap) {
  if (event.key === "Enter") return "enter";
  if (event.key === "Escape") return "escape";
  if (event.key === "?") return "help";
  return keymap.actionOf(event);
}

function typing(node) {
  if (!(node instanceof HTMLElement)) return false;
  if (node.isContentEditable || node.matches("textarea, select")) return true;
  return node.matches("input") && !["range", "checkbox", "radio", "button"].includes(node.type);
}

function pressable(node) {
  return node instanceof HTMLElement && node.matches("button, a[href], [role=tab], summary, input:not([type=range])");
}
