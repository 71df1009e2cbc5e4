// Annotate: hear a clip, press one key. It is saved, and the next clip already plays.

import { at } from "./base.js";
import { Strip, drawClip, drawHead, flash, nudge } from "./annotate_draw.js";
import { listenToKeys } from "./annotate_keys.js";
import { Session } from "./annotate_session.js";
import { Stage } from "./annotate_stage.js";
import { testSound } from "./annotate_tone.js";
import { ANSWERS, buildView, endScreen, fitBelow, quietScreen, startScreen } from "./annotate_view.js";
import { Watch } from "./annotate_watch.js";
import { fill, h } from "./dom.js";

const EARLY_S = 0.3;
const SILENT = ["no_audio", "silent_audio"];

/** Put the page into `element`. `standalone`: it is the whole page, outside Gradio. */
export async function mount(element, { standalone = false } = {}) {
  await styles();
  const page = new Annotate();
  page.view.root.classList.toggle("an-standalone", standalone);
  element.replaceChildren(page.view.root);
  if (!standalone) fitBelow(page.view.root);
  await page.open();
  return page;
}

class Annotate {
  constructor() {
    this.view = buildView({
      answer: (value) => this.press(value), replay: () => this.stage.replay(), slow: () => this.slow(),
      loop: () => this.stage.setLoop(!this.stage.looping), undo: () => this.undo(), help: () => this.help(),
      seek: (event) => this.seek(event), stageClick: () => this.stage.locked && this.stage.replay(),
      volume: () => this.setVolume(Number(this.view.volume.value)), switchPerson: () => this.askName(),
    });
    this.stage = new Stage(this.view.stage);
    this.session = new Session({
      onchange: () => this.drawHead(), onrefused: (text) => this.hint(`An answer was refused: ${text}`),
      onsignin: () => this.askName("Sign in again: your answers are kept until then."),
    });
    this.strip = new Strip(this.view, this.stage);
    this.early = null;
    this.phase = "front";
    this.stage.addEventListener("heard", () => this.onHeard());
    for (const name of ["state", "failed"]) this.stage.addEventListener(name, () => this.draw());
    this.watch = new Watch({ stage: this.stage, session: this.session, root: this.view.root,
      onstalled: () => { this.stage.failed = true; this.draw(); } });
    listenToKeys(this.view.root, (name) => this.key(name));
    // A mouse click must not leave the focus on a button, where Space would press it again.
    this.view.root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && event.detail > 0 && this.phase === "work") this.view.root.focus({ preventScroll: true });
    });
    this.setVolume(Number(localStorage.getItem("sounding-volume") ?? 1));
  }

  async open() {
    try {
      await this.session.whoAmI();
    } catch (error) {
      this.quiet("The studio does not answer", [String(error.message)],
        [h("button.primary", { type: "button", onclick: () => this.open() }, "Try again")]);
      return;
    }
    this.askName();
  }

  askName(message) {
    this.stage.pause();
    const { person, progress } = this.session;
    this.front(startScreen({
      name: person?.name ?? localStorage.getItem("sounding-name"), progress, message,
      ontest: testSound, onstart: (name, fail) => this.start(name, fail),
    }));
  }

  async start(name, fail) {
    this.stage.unlock();
    try {
      await this.session.signIn(name);
    } catch (error) {
      fail(error.message);
      return;
    }
    localStorage.setItem("sounding-name", this.session.person.name);
    this.watch.begin();
    this.current = null;
    await this.next();
  }

  /** The clip in front: { assignment, clip, batch }. */
  get current() { return this.item; }
  set current(item) {
    this.item = item;
    this.session.current = item?.assignment ?? null;
  }

  /** The next clip, or the quiet page when there is none. */
  async next() {
    this.early = null;
    const item = this.session.take() ?? await this.waitForClip();
    if (item) await this.show(item);
  }

  async waitForClip() {
    try {
      await this.session.refill();
    } catch (error) {
      this.current = null;
      if (error.status === 401) return null;
      this.quiet("Waiting for the studio", [error.message, "Your answers are kept in this browser."], []);
      setTimeout(() => { if (!this.current && this.phase === "front") this.next(); }, 3000);
      return null;
    }
    const item = this.session.take();
    if (!item) this.showEnd();
    return item;
  }

  async show(item, { heard = false, plays = 0 } = {}) {
    this.current = item;
    this.early = null;
    this.phase = "work";
    this.view.root.dataset.phase = "work";
    fill(this.view.front);
    const { clip, batch } = item;
    this.view.narration.textContent = readable(clip.narration);
    this.view.narration.title = clip.narration;
    this.view.batch.textContent = batch.name;
    this.view.rater.hidden = !batch.one_rater;
    fill(this.view.flags, notes(clip.flags).map((text) => h("span.an-flag", {}, text)));
    this.hint("");
    if (!this.view.root.contains(document.activeElement)) this.view.root.focus({ preventScroll: true });
    const needsSound = !clip.flags.some((flag) => SILENT.includes(flag));
    const played = this.stage.show(clip.clip_id, { needsSound, heard, plays });
    this.watch.clip();
    this.strip.show(clip);
    this.draw();
    await played;
    this.prepare();
  }

  /** While one clip plays, the next two come. */
  prepare() {
    this.session.refillSoon(() => {
      const [following] = this.session.queue;
      if (!following) return;
      this.stage.prepare(following.clip.clip_id);
      this.strip.prepare(following.clip.clip_id);
    });
  }

  key(name) {
    if (name === "help") return this.help();
    if (this.phase !== "work") {
      if (name === "undo" && this.session.person && !this.view.front.querySelector(".an-start")) return this.undo();
      return false;
    }
    const answer = ANSWERS.find(({ key }) => key === name);
    if (answer) this.press(answer.value);
    else if (name === "space") this.stage.replay();
    else if (name === "s") this.slow();
    else if (name === "l") this.stage.setLoop(!this.stage.looping);
    else if (name === "undo") this.undo();
    else return false;
    return true;
  }

  press(value) {
    if (!this.current) return;
    const { stage } = this;
    if (stage.heard || (value === "broken" && stage.failed)) {
      this.commit(value);
    } else if (stage.playing && stage.counts && stage.remaining <= EARLY_S) {
      this.early = value; // decided a moment before the end: it counts at the end
      this.draw();
    } else {
      this.hint(this.whyNot());
      nudge(this.view.answerBox);
    }
  }

  whyNot() {
    const { stage } = this;
    if (stage.failed) return "This clip does not play: Space tries again, B marks it as broken.";
    if (stage.needsSound && stage.muted) return "Turn the volume up, then Space: an answer needs one play with sound.";
    if (stage.playing && stage.counts) return "Listen to the end first.";
    return "Press Space and listen to the end once.";
  }

  commit(value) {
    const { stage, current } = this;
    flash(this.view, value);
    this.session.answer(current, {
      value,
      plays: stage.plays,
      heard: stage.heard,
      volume: stage.volume,
      rate: stage.rate,
      decision_ms: stage.heardAt === null ? null : Math.round(performance.now() - stage.heardAt),
      shown_at: stage.shownAt,
    });
    this.current = null; // a second press cannot answer it again
    this.next();
  }

  onHeard() {
    this.draw();
    this.hint("");
    if (this.early) this.commit(this.early);
  }

  async undo() {
    if (!this.session.person) return false;
    const before = this.current;
    try {
      const back = await this.session.undo();
      if (!back) {
        this.hint("There is nothing to undo.");
        return true;
      }
      if (before && before.assignment !== back.item.assignment) this.session.putBack(before);
      flash(this.view, null);
      await this.show(back.item, { heard: back.heard, plays: back.plays });
      this.hint("Taken back: answer again.");
    } catch (error) {
      this.hint(`Undo needs the studio. ${error.message}`);
    }
    return true;
  }

  slow() {
    this.stage.setRate(this.stage.rate === 1 ? 0.5 : 1);
    this.stage.replay();
  }

  setVolume(volume) {
    this.stage.setVolume(volume);
    this.view.volume.value = String(volume);
    localStorage.setItem("sounding-volume", String(volume));
  }

  seek(event) {
    const box = this.view.canvas.getBoundingClientRect();
    if (this.stage.duration) this.stage.replay(((event.clientX - box.left) / box.width) * this.stage.duration);
  }

  help() {
    this.view.dialog.showModal();
    return true;
  }

  showEnd() {
    this.current = null;
    this.stage.pause();
    const { session } = this;
    const { unopened } = session;
    const again = h("button", { type: "button", onclick: () => this.next() }, "Look for more");
    const onopen = (people) => session.openBatch(people).then(() => this.next(), (error) => this.askName(error.message));
    this.front(endScreen({ session, pace: this.watch.pace(), again, onopen, onundo: () => this.undo() }));
    this.watch.idle(async () => {
      if (this.current || this.phase !== "front" || this.view.front.querySelector("form")) return;
      await session.refill();
      if (session.queue.length && !session.sitting) await this.next();
      else if (session.queue.length) again.textContent = "More clips are here: go on";
      else if (session.unopened !== unopened) this.showEnd();
    });
  }

  quiet(title, lines, actions) { this.front(quietScreen({ title, lines, actions })); }

  front(screen) {
    this.phase = "front";
    this.view.root.dataset.phase = "front";
    this.drawHead();
    fill(this.view.front, screen);
  }

  hint(text) { this.view.hint.textContent = text; }

  draw() { drawClip(this.view, this.stage, this.early); }
  drawHead() { drawHead(this.view, this.session); }
}

/** "#C C chops the onion" reads "C chops the onion"; the tag stays in the tooltip. */
function readable(narration) {
  return narration.replace(/^\s*#\s*(c{1,2}|o)\b\s*/i, "") || narration;
}

function notes(flags) {
  const words = { no_audio: "this clip has no sound track", silent_audio: "this clip is digitally silent",
    no_video: "this clip has no picture", other_person: "somebody else’s action" };
  return flags.map((flag) => words[flag]).filter(Boolean);
}

function styles() {
  const there = [...document.querySelectorAll("link[rel=stylesheet]")].some((link) => link.href.includes("/annotate.css"));
  if (there) return Promise.resolve();
  return new Promise((resolve) => {
    document.head.append(h("link", { rel: "stylesheet", href: at("/static/annotate.css"), onload: resolve, onerror: resolve }));
  });
}
