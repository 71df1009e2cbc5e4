// The frame: the tab stands in the URL's hash, and the theme is remembered.

const TABS = ["annotate", "data", "desk", "explore", "train", "evaluate"];
const wanted = () => location.hash.slice(1).split(/[/?]/)[0];
const button = (tab) => document.getElementById(`tab-${tab}-button`);

function openTab() {
  const tab = wanted();
  if (!TABS.includes(tab)) return;
  const found = button(tab);
  if (found && found.getAttribute("aria-selected") !== "true") found.click();
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[role=tab]")?.id.match(/^tab-(\w+)-button$/)?.[1];
  if (tab && wanted() !== tab) history.pushState(null, "", `#${tab}`);
}, true);
addEventListener("hashchange", openTab);
addEventListener("popstate", openTab);

// Gradio draws its tabs some time after the page has loaded; the wanted one's script comes meanwhile.
if (TABS.includes(wanted())) import(`./${wanted()}.js`);
const drawn = new MutationObserver(() => {
  if (button(TABS[0])) { drawn.disconnect(); paint(); openTab(); }
});
drawn.observe(document.documentElement, { childList: true, subtree: true });

/** The theme that was chosen here. Gradio sets its own while it starts: ours comes before and after. */
function paint() {
  const chosen = localStorage.getItem("sounding-theme");
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
}
paint();
