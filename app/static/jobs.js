// What runs in the background: a strip in the header, and one bar wherever a page wants it.

import { api, duration, fill, h, poll } from "./dom.js";

const NAMES = {
  demo: "Building the demo", ingest: "Ingesting", embed: "Embedding", explore: "Clusters and map",
  evaluate: "Scoring", map: "Embeddings and map", world: "Making a small world",
  withdraw: "Withdrawing a video",
};
const dismissed = new Set(JSON.parse(sessionStorage.getItem("sounding-dismissed") ?? "[]"));
const listeners = new Set();
let latest = [];

/** Call `listen(jobs)` after every look at the jobs; returns a function that stops it. */
export function onJobs(listen) {
  listeners.add(listen);
  if (latest.length) listen(latest);
  return () => listeners.delete(listen);
}

export const jobName = (job) => NAMES[job.kind] ?? job.kind;

/** The strip of the header: active jobs, and failed ones until they are put away. */
export function jobStrip() {
  const strip = h("div.job-strip", { role: "status", ariaLive: "polite" });
  const look = poll(strip, () => (latest.some((job) => job.active) ? 1 : 4), async () => {
    latest = (await api("/api/jobs?limit=20")).jobs;
    const newest = (job) => latest.find((one) => one.kind === job.kind) === job;
    fill(strip, latest.filter((job) => job.active || (job.state === "failed" && newest(job) && !dismissed.has(job.id)))
      .slice(0, 3).map((job) => pill(job, look)));
    for (const listen of listeners) listen(latest);
  });
  addEventListener("sounding-job", () => look.now());
  return strip;
}

/** Tell the strip that a job has just been started. */
export const jobStarted = () => dispatchEvent(new Event("sounding-job"));

/** A bar with what is being done, for the middle of a page. */
export function jobBar(job) {
  const share = job.total ? Math.min(job.done / job.total, 1) : 0;
  return h("div.job-bar", {},
    h("div.row", {},
      h("strong", {}, jobName(job)),
      h("span.muted", {}, job.task),
      h("span.grow"),
      h("span.num.muted", {}, job.total ? `${job.done} / ${job.total}` : ""),
      h("span.num.muted", {}, duration(job.seconds))),
    h("progress", { max: 1, value: share }),
    h("div.muted.small", {}, job.detail || "\u00a0"));
}

function pill(job, look) {
  if (job.state === "failed") {
    return h("span.pill.failed", { title: job.message },
      `${jobName(job)} failed: ${job.message}`,
      h("button.quiet", { type: "button", title: "Put away", ariaLabel: "Put away", onclick: () => {
        dismissed.add(job.id);
        sessionStorage.setItem("sounding-dismissed", JSON.stringify([...dismissed]));
        look.now();
      } }, "×"));
  }
  const count = job.total ? ` ${job.done}/${job.total}` : "";
  return h("span.pill", { title: job.detail },
    h("span.spinner", { ariaHidden: "true" }),
    h("span", {}, `${jobName(job)}${job.task ? " · " + job.task : ""}`),
    h("span.num", {}, count),
    job.total ? h("progress", { max: job.total, value: job.done }) : null,
    h("button.quiet", { type: "button", title: "Cancel", ariaLabel: `Cancel: ${jobName(job)}`,
      onclick: () => api(`/api/jobs/${job.id}/cancel`, {}).then(look.now) }, "×"));
}
