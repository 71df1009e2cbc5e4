// Colours of points and chips. Fixed meanings come from the studio's CSS variables; clusters take
// plotly's Dark24 on light surfaces and Light24 on dark ones.

const DARK24 = [
  "#2E91E5", "#E15F99", "#1CA71C", "#FB0D0D", "#DA16FF", "#222A2A", "#B68100", "#750D86",
  "#EB663B", "#511CFB", "#00A08B", "#FB00D1", "#FC0080", "#B2828D", "#6C7C32", "#778AAE",
  "#862A16", "#A777F1", "#620042", "#1616A7", "#DA60CA", "#6C4516", "#0D2A63", "#AF0038",
];
const LIGHT24 = [
  "#FD3216", "#00FE35", "#6A76FC", "#FED4C4", "#FE00CE", "#0DF9FF", "#F6F926", "#FF9616",
  "#479B55", "#EEA6FB", "#DC587D", "#D626FF", "#6E899C", "#00B5F7", "#B68E00", "#C9FBE5",
  "#FF0092", "#22FFA7", "#E3EE9E", "#86CE00", "#BC7196", "#7E7DCD", "#FC6955", "#E48F72",
];
const FIXED = {
  sounds: "--sounds", silent: "--silent", disagreement: "--disagree", unsure: "--unsure",
  broken: "--error", gold: "--gold",
};
const SCALE_STEPS = 16;

export const isDark = () =>
  document.body.classList.contains("dark") ||
  (!document.body.classList.contains("gradio-container") && !document.querySelector("gradio-app, .gradio-container")
    && matchMedia("(prefers-color-scheme: dark)").matches);

/** The colour of a category by its role; `place` counts the categories that take the palette. */
export function colourOf(role, place, dark = isDark()) {
  if (role in FIXED) return variable(FIXED[role]);
  if (role === "palette") {
    const colours = dark ? LIGHT24 : DARK24;
    return colours[place % colours.length];
  }
  if (role.startsWith("scale:")) return scale(Number(role.slice(6)) / (SCALE_STEPS - 1), dark);
  return dark ? "#4A505A" : "#C6CAD0";
}

/** From pale grey (a low score) to the blue of "sounds" (a high one). */
export function scale(share, dark = isDark()) {
  const [low, high] = dark ? [[70, 76, 86], [86, 180, 245]] : [[205, 209, 214], [0, 84, 150]];
  const mix = low.map((from, i) => Math.round(from + (high[i] - from) * share));
  return `rgb(${mix.join(",")})`;
}

export const variable = (name) =>
  getComputedStyle(document.body).getPropertyValue(name).trim() || "#8A8F98";

/** Call `redraw` whenever the theme changes, until `node` is gone. */
export function onTheme(node, redraw) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let before = isDark();
  const look = () => {
    if (!node.isConnected) {
      observer.disconnect();
      system.removeEventListener("change", look);
    } else if (isDark() !== before) {
      before = isDark();
      redraw();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  system.addEventListener("change", look);
}
