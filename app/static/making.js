// An empty page says what is missing, and holds the one button that makes it.

import { api, fill, h } from "./dom.js";
import { jobBar, jobStarted } from "./jobs.js";

/** Load style sheets of ours, each once. */
export function useStyles(...names) {
  for (const name of names) {
    const href = `/static/${name}`;
    if (!document.head.querySelector(`link[href="${href}"]`)) document.head.append(h("link", { rel: "stylesheet", href }));
  }
}

export function emptyState(sentence, { text, onclick }) {
  return h("div.empty", {}, h("p", {}, sentence),
    h("button.primary", { type: "button", onclick }, text));
}

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
