// Two video elements: one plays, the other already holds the next clip. It knows what was heard.

import { mediaOf, posterOf } from "./media.js";
import { watch } from "./player.js";

const GAIN_LIMIT_DB = 40; // beyond it only the limiter would be heard

/** Events: "heard" (one full audible play), "state" (anything to redraw), "failed". */
export class Stage extends EventTarget {
  constructor(box, sound) {
    super();
    this.box = box;
    this.sound = sound;
    this.usualGainDb = 0;
    // Sound that stopped under a play was not heard; the next play finds another way.
    sound.addEventListener("lost", () => { if (this.sound.routes(this.front)) this.audible = false; });
    this.players = [0, 1].map(() => this.makePlayer(box));
    this.front = this.players[0];
    this.rate = 1;
    this.looping = false;
    this.volume = 1;
    this.reset();
  }

  /** Seconds, and 0 until the browser knows. */
  get duration() { return Number.isFinite(this.front.duration) ? this.front.duration : 0; }
  get time() { return this.front.currentTime; }
  get playing() { return !this.front.paused && !this.front.ended; }
  get muted() { return this.volume <= 0; }

  /** Seconds of listening left until this play ends, at its present speed. */
  get remaining() { return this.duration ? (this.duration - this.time) / this.rate : Infinity; }

  /** Will this play, if it goes on to its end, count as heard? */
  get counts() { return this.whole && (!this.needsSound || this.audible); }

  /** Bring a clip to the front and play it with sound. `heard`: it comes again, by undo. */
  async show(clipId, { needsSound = true, heard = false, plays = 0, gainDb = this.usualGainDb } = {}) {
    const back = this.players.find((player) => player !== this.front);
    const next = this.front.clipId === clipId ? this.front : back;
    this.wantedGain = Math.min(GAIN_LIMIT_DB, Math.max(-GAIN_LIMIT_DB, gainDb || 0));
    if (next.clipId !== clipId || next.error) load(next, clipId);
    for (const player of this.players) {
      if (player !== next) player.pause();
      player.classList.toggle("an-shown", player === next);
      player.setAttribute("aria-hidden", String(player !== next));
    }
    this.front = next;
    this.reset({ needsSound, heard, plays });
    await this.replay();
  }

  /** Load the next clip behind the present one. */
  prepare(clipId) {
    const back = this.players.find((player) => player !== this.front);
    if (back.clipId !== clipId) load(back, clipId);
  }

  /** Play from `from` seconds; only a play from the start can count as heard. */
  async replay(from = 0) {
    if (this.front.error) load(this.front, this.front.clipId);
    if (this.sound.routes(this.front) && !this.sound.running && !await this.sound.unlock()) this.renew(this.front);
    this.sound.route(this.front);
    this.gainDb = this.sound.setGain(this.front, this.wantedGain);
    this.whole = from === 0;
    this.audible = !this.muted && (this.sound.running || !this.sound.routes(this.front));
    this.failed = false;
    this.front.playbackRate = this.rate;
    this.front.currentTime = from;
    try {
      await this.front.play();
      this.locked = false;
    } catch (error) {
      if (error.name === "NotAllowedError") this.locked = true;
    }
    this.tell("state");
  }

  pause() {
    for (const player of this.players) player.pause();
  }

  /** Called inside a click or key press: some browsers want one gesture for each element. */
  unlock() {
    for (const player of this.players) {
      player.play().catch(() => {});
      player.pause();
    }
    return this.sound.unlock();
  }

  /** An element that once went through a sound output which is gone: a fresh one plays as it is. */
  renew(old) {
    const fresh = this.makePlayer(this.box);
    fresh.volume = this.volume;
    fresh.className = old.className;
    old.pause();
    old.replaceWith(fresh);
    if (old.clipId) load(fresh, old.clipId);
    this.players = this.players.map((player) => (player === old ? fresh : player));
    if (this.front === old) this.front = fresh;
  }

  setVolume(volume) {
    this.volume = volume;
    if (this.muted) this.audible = false;
    for (const player of this.players) player.volume = volume;
    this.tell("state");
  }

  setRate(rate) {
    this.rate = rate;
    for (const player of this.players) player.playbackRate = rate;
    this.tell("state");
  }

  setLoop(looping) {
    this.looping = looping;
    if (looping && !this.playing) this.replay();
    this.tell("state");
  }

  reset({ needsSound = true, heard = false, plays = 0 } = {}) {
    this.needsSound = needsSound;
    this.heard = heard;
    this.plays = plays;
    this.whole = false;
    this.audible = false;
    this.failed = false;
    this.locked = false;
    this.shownAt = null;
    this.heardAt = heard ? performance.now() : null;
    this.gainDb = null;
  }

  /** What there is to record of listening, for an answer given now. */
  get record() {
    return {
      plays: this.plays, heard: this.heard, volume: this.volume, rate: this.rate, gain_db: this.gainDb,
      decision_ms: this.heardAt === null ? null : Math.max(0, Math.round(performance.now() - this.heardAt)),
      shown_at: this.shownAt,
    };
  }

  tell(name) { this.dispatchEvent(new Event(name)); }

  makePlayer(box) {
    const player = document.createElement("video");
    player.className = "an-video";
    player.playsInline = true;
    player.preload = "auto";
    player.disablePictureInPicture = true;
    player.preservesPitch = true;
    player.setAttribute("aria-label", "The clip");
    const mine = (work) => () => { if (player === this.front && player.clipId) work(); };
    player.addEventListener("playing", mine(() => {
      this.shownAt ??= new Date().toISOString();
      this.tell("state");
    }));
    player.addEventListener("ended", mine(() => this.ended()));
    player.addEventListener("error", mine(() => { this.failed = true; this.tell("failed"); }));
    for (const name of ["pause", "loadedmetadata", "waiting"]) {
      player.addEventListener(name, mine(() => this.tell("state")));
    }
    box.append(watch(player));
    return player;
  }

  ended() {
    this.plays += 1;
    const clipId = this.front.clipId;
    if (this.counts && !this.heard) {
      this.heard = true;
      this.heardAt = performance.now();
      this.tell("heard"); // may already bring the next clip
    }
    if (this.front.clipId !== clipId) return;
    this.tell("state");
    if (this.looping) this.replay();
  }
}

function load(player, clipId) {
  player.clipId = clipId;
  player.poster = posterOf(clipId);
  player.src = mediaOf(clipId);
  player.load();
}
