// The Desk page: the lead's parts behind one row of tabs, and the time zone that all of them tell.

import { adjudicateView } from "./desk_adjudicate.js";
import { agreementView } from "./desk_agreement.js";
import { auditView } from "./desk_audit.js";
import { batchesView } from "./desk_batches.js";
import { guidelineView } from "./desk_guideline.js";
import { peopleView } from "./desk_people.js";
import { useZone } from "./desk_time.js";
import { voidView } from "./desk_void.js";
import { api, fill, h } from "./dom.js";
import { onShown, useStyles } from "./making.js";
import { stopClip } from "./player.js";

const VIEWS = {
  batches: ["Batches", batchesView], people: ["People", peopleView], agreement: ["Agreement", agreementView],
  adjudicate: ["Adjudicate", adjudicateView], guideline: ["Guideline", guidelineView], void: ["Void", voidView], audit: ["Audit", auditView],
};
const wanted = () => location.hash.match(/^#desk\/([a-z]+)/)?.[1];

export function mount(element) {
  useStyles("controls.css", "desk.css");
  element.classList.add("desk-page");
  const state = { view: null, about: null };
  const tabs = h("div.segments", { role: "tablist", ariaLabel: "Parts of the desk", onkeydown: walk });
  const zone = h("select", { ariaLabel: "Time zone", onchange: chooseZone });
  const body = h("div.desk-body", { role: "tabpanel" });
  const says = h("p.error-text", { role: "alert" });
  fill(element, h("div.row", {}, tabs, h("span.grow"), h("label.zone", { title: "Days begin and deadlines are told in this zone, for everybody" }, "Times in", zone)), says, body);

  let ticket = 0;
  async function start(view) {
    const mine = ++ticket;
    try {
      const about = await api("/api/desk");
      if (mine !== ticket) return;
      state.about = about;
    } catch (error) {
      says.textContent = error.message;
      return;
    }
    says.textContent = "";
    useZone(state.about.zone);
    fill(zone, h("option", { value: state.about.zone }, state.about.zone));
    show(view ?? state.view ?? "batches");
  }

  function show(view) {
    state.view = view in VIEWS ? view : "batches";
    stopClip();
    fill(tabs, Object.entries(VIEWS).map(([id, [name]]) => h("button", { type: "button", role: "tab", id: `desk-tab-${id}`,
      tabIndex: id === state.view ? 0 : -1, ariaSelected: String(id === state.view), onclick: () => open(id) }, name)));
    body.setAttribute("aria-labelledby", `desk-tab-${state.view}`);
    VIEWS[state.view][1](fill(body), state.about, open);
  }

  function open(view) {
    history.replaceState(null, "", `#desk/${view}`);
    start(view);
  }

  function walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = Object.keys(VIEWS);
    const next = ids[(ids.indexOf(state.view) + step + ids.length) % ids.length];
    event.preventDefault();
    history.replaceState(null, "", `#desk/${next}`);
    show(next);
    document.getElementById(`desk-tab-${next}`).focus();
  }

  async function chooseZone() {
    try {
      await api("/api/desk/zone", { zone: zone.value });
    } catch (error) {
      says.textContent = error.message;
    }
    start();
  }

  zone.addEventListener("focus", async () => {
    if (zone.options.length > 1) return;
    const { zones } = await api("/api/desk/zones");
    fill(zone, zones.map((name) => h("option", { value: name, selected: name === state.about.zone }, name)));
  });
  addEventListener("hashchange", () => { if (wanted() && wanted() !== state.view) start(wanted()); });
  // What is on the page looks after itself; drawing it anew would take away what somebody types.
  onShown(element, () => { if (!state.view || (wanted() ?? state.view) !== state.view) start(wanted()); });
  start(wanted());
}
