// An empty page says what is missing, and holds the one button that makes it.

import { at } from "./base.js";
import { api, fill, h } from "./dom.js";
import { jobBar, jobStarted, onJobs } from "./jobs.js";

const FILLING = ["demo", "ingest", "embed", "explore", "evaluate"];

/** Load style sheets of ours, each once. */
export function useStyles(...names) {
  for (const name of names) {
    const href = at(`/static/${name}`);
    if (!document.head.querySelector(`link[href="${href}"]`)) document.head.append(h("link", { rel: "stylesheet", href }));
  }
}

/** While a job that may fill the page runs, its bar stands below; `again` is called when it ends. */
export function emptyState(sentence, { text, onclick }, again = null) {
  const bar = h("div.job-place");
  const box = h("div.empty", {}, h("p", {}, withCode(sentence)), h("button.primary", { type: "button", onclick }, text), bar);
  if (!again) return box;
  let running = null;
  const stop = onJobs((jobs) => {
    if (running && !box.isConnected) return stop();
    const job = jobs.find((one) => one.active && FILLING.includes(one.kind));
    if (job) fill(bar, jobBar(job));
    else if (running) { stop(); again(); }
    running = job ?? null;
  });
  return box;
}

/** What stands between backticks is a command. */
const withCode = (sentence) => sentence.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));

/** Start a job by POST and show its progress in `box` until it has ended; then call `ready`. */
export async function startAndWait(box, path, body, ready) {
  const again = (message) => fill(box, h("p.error", { role: "alert" }, message),
    h("button.primary", { type: "button", onclick: () => startAndWait(box, path, body, ready) }, "Try again"));
  try {
    let job = await api(path, body);
    jobStarted();
    while (job.active) {
      fill(box, jobBar(job));
      await new Promise((done) => setTimeout(done, 700));
      if (!box.isConnected) return;
      job = await api(`/api/jobs/${job.id}`);
    }
    if (job.state === "finished") ready();
    else again(job.state === "cancelled" ? "Cancelled." : job.message);
  } catch (error) {
    again(error.message);
  }
}

/** Call `again` each time `node` comes to be seen after it was hidden, as the page of a tab. */
export function onShown(node, again) {
  let seen = true;
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting && !seen) again();
    seen = entry.isIntersecting;
  }).observe(node);
}
