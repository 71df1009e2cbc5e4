// The way in for one's own data: choose what the server found, or run the command that does the same.

import { api, fill, h, plural } from "./dom.js";
import { jobBar, jobStarted, onJobs } from "./jobs.js";

export function addData(body, options, hasClips) {
  const found = h("div");
  const running = h("div");
  fill(body,
    h("div.add-data", {},
      running, hasClips ? null : nothingYet(), found, byHand(options)));
  const stop = onJobs((jobs) => {
    if (!running.isConnected) return stop?.();
    const job = jobs.find((one) => one.active && ["ingest", "demo", "world"].includes(one.kind));
    fill(running, job ? h("div.panel", {}, jobBar(job)) : null);
    running.parentNode.classList.toggle("busy", Boolean(job));
  });
  load(found, options);
}

/** An empty workspace: the one button that fills it. */
function nothingYet() {
  const error = h("p.error-text", { role: "alert" });
  const go = h("button.primary", { type: "button", onclick: async () => {
    go.disabled = true;
    try {
      await api("/api/world", {});
      jobStarted();
    } catch (problem) {
      error.textContent = problem.message;
      go.disabled = false;
    }
  } }, "Fill it with a small made world");
  return h("div.empty.first", {}, h("h2", {}, "No clips yet"),
    h("p", {}, "A clip of 1.5 s is cut around the time of every narration, and can be labelled as soon as its video is "
      + "done. Bring narrated videos of your own below, or try everything on 60 made clips, in about a minute."),
    go, error);
}

async function load(found, options) {
  let sources;
  try {
    ({ sources } = await api("/api/sources"));
  } catch (error) {
    fill(found, h("p.error-text", {}, error.message));
    return;
  }
  const files = sources.filter((one) => one.kind !== "videos");
  const folders = sources.filter((one) => one.kind === "videos");
  const again = h("button", { type: "button", onclick: () => load(found, options) }, "Look again");
  if (!files.length || !folders.length) {
    fill(found, h("div.panel.stack", {}, h("h3", {}, "From the inbox"),
      h("p.muted", {}, files.length ? "There are narrations but no folder with videos in "
        : folders.length ? "There are videos but no narration file in " : "Nothing to ingest yet in ",
        h("code", {}, `${options.workspace}/inbox`),
        ". Put or link a folder there that holds a narration file (.json or .csv) and its videos, "
        + "or serve the studio with ", h("code", {}, "--data DIR"), "."), h("div.row", {}, again)));
    return;
  }
  const file = select(files, (one) => one.name);
  const folder = select(folders, (one) => `${one.name} (${plural(one.videos, "video")})`);
  const layout = h("select", {}, h("option", { value: "ego4d" }, "Ego4D narration.json"), h("option", { value: "csv" }, "CSV"));
  const guess = () => { layout.value = files.find((one) => one.id === file.value)?.kind ?? "ego4d"; };
  file.addEventListener("change", guess);
  guess();
  const before = h("input", { type: "number", value: 0.5, min: 0, max: 60, step: 0.1 });
  const after = h("input", { type: "number", value: 1.0, min: 0, max: 60, step: 0.1 });
  const error = h("p.error-text", { role: "alert" });
  const go = h("button.primary", { type: "submit" }, "Ingest");
  fill(found, h("form.panel.stack", { onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    error.textContent = "";
    try {
      await api("/api/ingest", { narrations: file.value, videos: folder.value, format: layout.value,
        before_s: Number(before.value), after_s: Number(after.value) });
      jobStarted();
    } catch (problem) {
      error.textContent = problem.message;
    }
    go.disabled = false;
  } },
    h("h3", {}, "Ingest narrated videos"),
    h("div.fields", {}, h("label", {}, "Narrations", file), h("label", {}, "Layout", layout), h("label", {}, "Videos", folder),
      h("label", {}, "Seconds before", before), h("label", {}, "Seconds after", after)),
    h("p.muted.small", {}, "Running it again adds only what is new. What becomes no clip is listed under Dropped, with its reason."),
    h("div.row", {}, go, again), error));
}

const select = (sources, name) => h("select", {}, sources.map((one) => h("option", { value: one.id }, name(one))));

function byHand(options) {
  const command = `sounding ingest --workspace ${quote(options.workspace)} --format ego4d `
    + "--narrations narration.json --videos videos/";
  const copy = h("button", { type: "button", onclick: async () => {
    await navigator.clipboard.writeText(command);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  } }, "Copy");
  return h("div.panel.stack", {}, h("h3", {}, "From a terminal"),
    h("p.muted", {}, "The same, for files anywhere on this machine; the studio may stay open. A CSV has the columns ",
      h("code", {}, "video_uid,timestamp_sec,narration_text"), " and videos are found by their name."),
    h("pre", {}, command), h("div.row", {}, copy));
}

const quote = (path) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
