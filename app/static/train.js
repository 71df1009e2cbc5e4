// The Train page: presets as cards, a few fields, an estimate, start; runs with state; live curves.

import { curves } from "./curves.js";
import { api, duration, fill, h, plural, poll, when, whole } from "./dom.js";
import { choiceCards } from "./method_cards.js";
import { jobStarted, onJobs } from "./jobs.js";

const STATES = { starting: "starting", running: "training", finished: "finished", stopped: "stopped", failed: "failed" };
const DOTS = { starting: "accent", running: "accent", finished: "done", stopped: "paused", failed: "error" };

export function mount(element) {
  element.classList.add("train-page");
  const form = h("div");
  const list = h("div.runs");
  const detail = h("section.run-detail");
  element.append(h("div.train-grid", {}, h("div.train-left", {}, form, list), detail));
  const state = { runs: [], chosen: location.hash.match(/^#train\/([^/?]+)/)?.[1] ?? null, view: null };

  const choose = (run) => {
    state.chosen = run;
    history.replaceState(null, "", `#train/${run}`);
    drawRuns();
    state.view = runDetail(detail, run, refresh.now);
  };
  const drawRuns = () => fill(list, state.runs.length ? [h("h2", {}, "Runs"), runTable(state, choose)] : null);
  const refresh = poll(element, () => (state.runs.some((run) => run.active) ? 1.5 : 5), async () => {
    const { runs } = await api("/api/runs");
    const changed = JSON.stringify(runs) !== JSON.stringify(state.runs);
    state.runs = runs;
    if (changed) drawRuns();
    if (state.chosen && !runs.some((run) => run.run === state.chosen)) state.chosen = null;
    if (!state.chosen && runs.length) choose(runs[0].run);
    else if (state.chosen && !state.view) choose(state.chosen);
    if (!runs.length) fill(detail, emptyDetail());
    state.view?.update(runs.find((run) => run.run === state.chosen));
  });
  trainForm(form, (run) => { choose(run.run); refresh.now(); });
}

const emptyDetail = () => h("div.empty", {}, h("h2", {}, "No runs yet"),
  h("p", {}, "Start one on the left: choose a method and what it minimises. It trains in a process of its own; its curves "
    + "appear here meanwhile, and it goes on when the studio is closed."));

async function trainForm(host, started) {
  let methods;
  try {
    ({ methods } = await api("/api/methods"));
  } catch (error) {
    fill(host, h("p.error-text", {}, error.message));
    return;
  }
  const cards = choiceCards(methods.filter((one) => one.family === "paper"), () => estimate());
  const size = h("select", { onchange: () => estimate() }, methods[0].sizes.map((name) => h("option", { value: name },
    name === "tiny" ? "tiny (two CPU cores)" : name === "paper" ? "paper (8 GPUs)" : name)));
  const seed = h("input", { type: "number", min: 0, step: 1, value: 0 });
  const steps = h("input", { type: "number", min: 1, step: 1, placeholder: "all", oninput: () => estimate() });
  const more = h("textarea", { rows: 2, placeholder: "objective.temperature=0.1\nbatch_size=32", spellcheck: false, oninput: () => estimate() });
  const says = h("p.muted.small", { role: "status" });
  const error = h("p.error-text", { role: "alert" });
  const noClips = h("p", { hidden: true }, h("a.button-link", { href: "#data" }, "Add data"));
  const go = h("button.primary", { type: "submit" }, "Start training");

  const request = () => {
    const settings = {};
    for (const line of more.value.split("\n").map((one) => one.trim()).filter(Boolean)) {
      const [key, ...value] = line.split("=");
      settings[key.trim()] = value.join("=").trim();
    }
    if (steps.value) settings.max_steps = steps.value;
    return { ...cards.chosen(), size: size.value, seed: seed.value === "" ? null : Number(seed.value), settings };
  };
  let waiting = 0, ticket = 0;
  const estimate = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++ticket;
      try {
        const found = await api("/api/runs/estimate", request());
        if (mine !== ticket) return;
        if (found.problem) throw new Error(found.problem);
        error.textContent = "";
        says.textContent = `${plural(found.steps, "step")} of ${found.batch_size} on ${plural(found.train_clips, "clip")} `
          + `(${found.stages.join(", then ")}) · about ${duration(found.seconds)}`;
        go.disabled = false;
      } catch (problem) {
        if (mine !== ticket) return;
        says.textContent = "";
        error.textContent = problem.message;
        go.disabled = true;
      }
      noClips.hidden = !/no clips/.test(error.textContent);
    }, 200);
  };
  fill(host, h("form.panel.stack", { onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      started(await api("/api/runs", request()));
      error.textContent = "";
    } catch (problem) {
      error.textContent = problem.message;
    }
    go.disabled = false;
  } },
    h("h2", {}, "New run"), cards.element,
    h("div.fields", {}, h("label", {}, "Size", size), h("label", {}, "Seed", seed), h("label", {}, "Steps at most", steps)),
    h("details", {}, h("summary.small.muted", {}, "More settings"), h("label", {}, "One key=value a line", more)),
    h("div.row", {}, go, says), error, noClips));
  estimate();
  onJobs((jobs) => { if (go.disabled && jobs.some((job) => job.active)) estimate(); });
}

function runTable(state, choose) {
  const line = (run) => {
    const { status } = run;
    return h("tr.link", { tabIndex: 0, ariaSelected: String(run.run === state.chosen), onclick: () => choose(run.run),
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(run.run); } } },
      h("td", {}, h("div", {}, run.run), h("div.small.muted", {}, `${when(status.started_at_s)} · seed ${run.seed}`)),
      h("td", {}, stateChip(run), run.active && status.total_steps
        ? h("progress", { max: status.total_steps, value: status.step, style: "margin-top:6px" }) : null),
      h("td.num", {}, status.total_steps ? `${whole(status.step)} / ${whole(status.total_steps)}` : "–"));
  };
  return h("div.table-wrap", {}, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Run"),
    h("th", { scope: "col" }, "State"), h("th.num", { scope: "col" }, "Step"))), h("tbody", {}, state.runs.map(line))));
}

const stateChip = (run) => h("span.chip", {}, h(`span.dot.${DOTS[run.status.state] ?? "silent"}`), STATES[run.status.state] ?? run.status.state);

function runDetail(host, run, refresh) {
  const head = h("div.stack");
  const plot = curves(run);
  const config = h("details.small", { ontoggle: async () => {
    if (!config.open || config.dataset.full) return;
    const found = await api(`/api/runs/${run}`);
    config.dataset.full = "1";
    config.append(h("pre", {}, JSON.stringify(found.config, null, 1)));
  } }, h("summary", {}, "Configuration"));
  fill(host, head, plot.element, config);
  let before = "", asked = null;
  const act = (path) => async (event) => {
    event.target.disabled = true;
    try { asked = await api(`/api/runs/${run}/${path}`, {}); } catch (error) { asked = { error: error.message }; }
    before = "";
    if (path === "map") jobStarted();
    refresh();
  };
  const update = (view) => {
    if (!view) return;
    plot.refresh(view.active);
    const now = JSON.stringify([view, asked]);
    if (now === before) return;
    before = now;
    const { status } = view;
    fill(head,
      h("div.row", {}, h("h2", {}, run), stateChip(view), h("span.grow"), buttons(view, act)),
      h("p.muted", {}, facts(view)),
      view.active ? h("progress", status.total_steps ? { max: status.total_steps, value: status.step } : {}) : null,
      status.error ? h("p.error-text", { role: "alert" }, status.error) : null,
      asked?.error ? h("p.error-text", { role: "alert" }, asked.error) : null,
      nextStep(view, act));
  };
  return { update };
}

function facts(view) {
  const { status } = view;
  const parts = [`${view.method} · ${view.preset} · ${view.size}`, `batch ${view.batch_size}`, `seed ${view.seed}`];
  if (view.train_clips) parts.push(plural(view.train_clips, "training clip"));
  if (view.sources.length) parts.push(`trained on ${view.sources.join(", ")}`);
  if (view.active && status.state === "running") {
    parts.push(`${status.stage}, step ${whole(status.step)} of ${whole(status.total_steps)}`);
    if (status.seconds_left !== null) parts.push(`${duration(status.seconds_left)} left`);
  }
  if (status.state === "starting") parts.push("loading the encoders and the clips");
  return parts.join(" · ");
}

function buttons(view, act) {
  const { state } = view.status;
  if (view.active) return h("button", { type: "button", onclick: act("stop") }, "Cancel");
  if (state === "stopped" || state === "failed") return h("button", { type: "button", onclick: act("resume") }, "Resume");
  return null;
}

function nextStep(view, act) {
  if (view.active || !view.stages.length) return null;
  const last = view.stages.at(-1);
  if (view.embedded.includes(last)) {
    return h("div.row", {}, h("a.button-link", { href: "#explore" }, "Open the map"), h("a.button-link", { href: "#evaluate" }, "See the scores"),
      h("button.quiet", { type: "button", onclick: act("map") }, "Make again"));
  }
  return h("div.row", {}, h("button.primary", { type: "button", onclick: act("map") }, "Make embeddings and map"),
    h("span.muted.small", {}, `from stage ${last}; a minute or two for some hundred clips`));
}
