// One clip sounds at a time, on every page: whoever starts to play silences the rest.

import { at } from "./base.js";

let current = null; // the shared video of cards: { video, host, hidden }

document.addEventListener("play", (event) => {
  for (const other of document.querySelectorAll("video, audio")) {
    if (other !== event.target && !other.paused) other.pause();
  }
}, true);

document.addEventListener("visibilitychange", () => { if (document.hidden) pauseAll(); });

// Gradio hides a tab without unmounting it; what cannot be seen must not be heard.
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting && !entry.target.paused) entry.target.pause();
  }
});

/** Watch a media element of one's own, so that it stops with its tab. */
export function watch(media) {
  seen.observe(media);
  return media;
}

/**
 * Play a clip with its sound inside `host`, from the start. A second call on the clip that is
 * playing there stops it. Returns the video. What `host` showed comes back when another host plays.
 */
export function playClip(clipId, host) {
  if (current?.host === host && current.clipId === clipId && !current.video.paused) {
    current.video.pause();
    return current.video;
  }
  if (current?.host !== host || current.clipId !== clipId || current.failed) mountIn(host, clipId);
  const { video } = current;
  video.currentTime = 0;
  // A click unlocked sound; where the browser still refuses, the controls let the person start it.
  video.play().catch((error) => { if (error.name === "NotAllowedError") video.controls = true; });
  return video;
}

/** Stop the clip, and give its host back what it showed before. */
export function stopClip() {
  if (!current) return;
  current.video.pause();
  seen.unobserve(current.video);
  current.video.remove();
  current.note?.remove();
  for (const child of current.hidden) child.style.visibility = "";
  current = null;
}

export function pauseAll() {
  for (const media of document.querySelectorAll("video, audio")) media.pause();
}

function mountIn(host, clipId) {
  stopClip();
  const video = document.createElement("video");
  video.src = at(`/media/${clipId}`);
  video.poster = at(`/poster/${clipId}`);
  video.playsInline = true;
  video.preload = "auto";
  video.style.cssText = "width:100%;height:100%;object-fit:contain;display:block";
  const mine = { video, host, clipId, hidden: [...host.children], failed: false, note: null };
  for (const child of mine.hidden) child.style.visibility = "hidden";
  video.addEventListener("error", () => {
    mine.failed = true;
    mine.note = document.createElement("span");
    mine.note.className = "clip-note";
    mine.note.style.cssText = "display:grid;place-items:center;height:100%;padding:8px;font-size:12px";
    video.replaceWith(mine.note);
    whyNot(video.src).then((reason) => { mine.note.textContent = reason; });
  });
  host.append(watch(video));
  current = mine;
}

/** Why a clip does not play: the studio knows of a file that is not there, the browser of the rest. */
async function whyNot(address) {
  try {
    const answer = await fetch(address, { headers: { Range: "bytes=0-0" } });
    if (!answer.ok) return (await answer.json()).detail;
  } catch { return "The studio does not answer: is it still running?"; }
  return "This clip cannot be played.";
}
