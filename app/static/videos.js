// The videos of a workspace; a video whose wearer asks for it can be withdrawn from here.

import { api, fill, h, plural, url, whole } from "./dom.js";
import { jobStarted } from "./jobs.js";
import { pagedTable } from "./table.js";

export function videosView(body, state, options, show) {
  const table = pagedTable({
    columns: [["Video", (v) => h("bdi.clamp", { title: v.video_uid }, v.video_uid)], ["Source", (v) => v.source, "wide"], ["Split", (v) => v.split ?? "–"],
      ["Clips", (v) => whole(v.clips), "num"], ["Dropped", (v) => whole(v.dropped), "num"],
      ["", (v) => actions(v, () => table.reload())]],
    fetch: (offset, limit) => api(url("/api/videos", { offset, limit })),
    key: (video) => video.video_uid,
    open: (video) => show("clips", { video: video.video_uid }),
    walk: false,
    empty: "No videos yet.",
    label: "Videos",
  });
  fill(body, h("p.muted.small", {}, "A row opens the clips of a video. Withdraw one when a person it shows asks for it: "
    + "everything that was cut from it goes, the answers stay."), table.element);
  return { refresh: table.reload };
}

function actions(video, done) {
  const gone = video.withdrawn_at !== null && video.withdrawn_at !== undefined;
  // The row opens by click and by Enter: these are the button's own.
  const own = (event) => event.stopPropagation();
  return h("span.row-actions", {}, gone ? h("span.chip.withdrawn", {}, `withdrawn on ${day(video.withdrawn_at)}`) : null,
    h("button.quiet", { type: "button", ariaLabel: `${gone ? "Look again at" : "Withdraw"} ${video.video_uid}`, onkeydown: own,
      onclick: (event) => { own(event); askToWithdraw(video.video_uid, done); } }, gone ? "Look again" : "Withdraw…"));
}

/** What would go, and what stays; nothing happens before it is confirmed. */
async function askToWithdraw(uid, done) {
  const inside = h("div.stack", {}, h("p.muted", { role: "status" }, "Looking at what would go…"));
  const dialog = h("dialog.about.withdraw", { ariaLabel: "Withdraw a video", onclose: () => dialog.remove(),
    onclick: (event) => { if (event.target === dialog) dialog.close(); } }, inside);
  document.querySelector("#page-data, .page").append(dialog);
  dialog.showModal();
  let found;
  try {
    found = await api(url("/api/withdrawal", { video: uid }));
  } catch (error) {
    fill(inside, h("p.error-text", { role: "alert" }, error.message), close(dialog, "Close"));
    return;
  }
  const error = h("p.error-text", { role: "alert" });
  const reason = h("input", { type: "text", maxLength: 2000, placeholder: "such as: the wearer asked by mail" });
  const go = h("button.danger", { type: "button", disabled: Boolean(found.blocked), onclick: async () => {
    go.disabled = true;
    try {
      await api("/api/withdrawal", { video: uid, reason: reason.value });
      jobStarted();
      dialog.close();
      done();
    } catch (problem) {
      error.textContent = problem.message;
      go.disabled = false;
    }
  } }, found.withdrawn ? "Remove what is left" : "Withdraw it for good");
  fill(inside,
    h("h2", {}, found.withdrawn ? "This video was " + found.withdrawn : "Withdraw this video?"),
    h("p.uid", {}, h("bdi", {}, found.video)),
    found.blocked ? h("p.notice", { role: "note" }, found.blocked) : null,
    h("div", {}, h("h3", {}, found.withdrawn ? "Still there" : "This goes, and cannot be brought back"), h("ul", {}, goes(found))),
    h("div", {}, h("h3", {}, "This stays"), h("ul", {}, stays(found))),
    found.withdrawn ? null : h("label", {}, "Why (kept with the withdrawal)", reason),
    error, h("div.row", {}, h("span.grow"), close(dialog, "Cancel"), go));
  dialog.querySelector("form button").focus();
}

function goes(found) {
  const embedded = found.runs.filter((run) => run.embedded), size = (found.media_bytes / 1e6).toFixed(1);
  return [
    `${plural(found.clips, "clip")} with ${found.clips === 1 ? "its" : "their"} narrations; ${plural(found.media_files, "media file")} (${size} MB), and what training keeps of them`,
    found.dropped ? `the words of ${plural(found.dropped, "dropped narration")}` : null,
    embedded.length ? `embeddings and map points in ${plural(embedded.length, "run")}: ${embedded.map((run) => run.run).join(", ")}` : null,
    found.in_use ? `${plural(found.in_use, "gold clip or example")}: retired` : null,
  ].filter(Boolean).map((line) => h("li", {}, line));
}

function stays(found) {
  const learned = found.runs.filter((run) => run.trained || run.learned);
  return [
    `${plural(found.answers, "answer")} of ${plural(found.people, "person", "people")}, as the trace of the work; nobody is asked again`,
    learned.length ? `the weights of ${learned.map((run) => `${run.run} (${plural(run.trained || run.learned, "clip")})`).join(", ")}, `
      + "which have learned from it: delete or retrain them if that must go too" : null,
    found.original,
  ].filter(Boolean).map((line) => h("li", {}, line));
}

const close = (dialog, name) => h("form", { method: "dialog" }, h("button", {}, name));
const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
