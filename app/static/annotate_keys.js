// One keyboard listener. It acts only while the page is to be seen, and goes when the page goes.

/** `on(name)` gets y n u b s l space undo help enter; it returns true when it used the key. */
export function listenToKeys(root, on) {
  const listener = (event) => {
    if (!root.isConnected) {
      document.removeEventListener("keydown", listener, true);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (root.offsetParent === null || document.hidden) return;
    const target = event.composedPath()[0];
    if (typing(target) || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    // Tab and Enter or Space stay the way to press whatever has the focus.
    if ((name === "space" || name === "enter") && pressable(target)) return;
    if (!name || event.repeat) {
      if (name === "space") event.preventDefault(); // a held Space must not scroll the page
      return;
    }
    if (on(name)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  document.addEventListener("keydown", listener, true);
}

function nameOf({ key, code }) {
  if (key === " ") return "space";
  if (key === "Backspace") return "undo";
  if (key === "Enter") return "enter";
  if (key === "?") return "help";
  // Letters by what is printed on the key; by its place where the layout has no Latin letters.
  const letter = /^[a-z]$/i.test(key) ? key.toLowerCase() : /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  return "ynubsl".includes(letter ?? "-") ? letter : null;
}

function typing(node) {
  if (!(node instanceof HTMLElement)) return false;
  if (node.isContentEditable || node.matches("textarea, select")) return true;
  return node.matches("input") && !["range", "checkbox", "radio", "button"].includes(node.type);
}

function pressable(node) {
  return node instanceof HTMLElement && node.matches("button, a[href], [role=tab], summary, input:not([type=range])");
}
