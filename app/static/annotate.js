// Annotate: the pages of a sitting, from the name to the last clip. The clips themselves: annotate_loop.js.

import { Strip, drawHead } from "./annotate_draw.js";
import { Exam } from "./annotate_exam.js";
import { Guide } from "./annotate_guide.js";
import { listenToKeys } from "./annotate_keys.js";
import { Loop } from "./annotate_loop.js";
import { MyWork } from "./annotate_mine.js";
import { Reasons } from "./annotate_reasons.js";
import { goOn, quietScreen, startScreen } from "./annotate_screens.js";
import { Session } from "./annotate_session.js";
import { openSettings } from "./annotate_settings.js";
import { Stage } from "./annotate_stage.js";
import { buildView, fitBelow } from "./annotate_view.js";
import { WarmUp } from "./annotate_warmup.js";
import { Watch } from "./annotate_watch.js";
import { Work } from "./annotate_work.js";
import { fill, h } from "./dom.js";
import { Keymap, labelKeys } from "./keymap.js";
import { LevelGate, levelScreen } from "./level_check.js";
import { SoundOut } from "./sound_out.js";
import { styles } from "./annotate_styles.js";

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
      answer: (value) => this.key(value), replay: () => this.stage.replay(), slow: () => this.loop.slow(),
      loop: () => this.stage.setLoop(!this.stage.looping), undo: () => this.key("undo"), help: () => this.guide.open(),
      seek: (event) => this.seek(event), stageClick: () => this.stage.locked && this.stage.replay(),
      volume: () => this.setVolume(Number(this.view.volume.value)), switchPerson: () => this.askName(),
      settings: () => openSettings(this.view.root, this.keymap), mine: () => this.key("mine"),
    });
    const { view } = this;
    this.sound = new SoundOut();
    this.stage = new Stage(view.stage, this.sound);
    this.keymap = new Keymap();
    this.level = new LevelGate();
    this.guide = new Guide({ keymap: this.keymap, onsettings: () => openSettings(view.root, this.keymap),
      onclose: () => { if (this.phase === "work") this.loop.again(); } });
    this.session = new Session({
      change: () => drawHead(view, this.session), refused: (text) => this.loop.hint(`An answer was refused: ${text}`),
      signin: () => this.askName("Sign in again: your answers are kept until then."),
      feedback: (one) => this.work.feedback(one), elsewhere: (assignment) => this.work.elsewhere(assignment),
      inFront: () => this.loop.item?.assignment ?? null,
    });
    this.watch = new Watch({ stage: this.stage, session: this.session, root: view.root,
      onstalled: () => { this.stage.failed = true; this.loop.draw(); } });
    this.loop = new Loop({ view, stage: this.stage, strip: new Strip(view, this.stage), watch: this.watch,
      keymap: this.keymap, onwork: () => this.showWork() });
    this.reasons = new Reasons(view.why, this.keymap, (entry, more) => this.session.amend(entry, more));
    const parts = { session: this.session, loop: this.loop, reasons: this.reasons, watch: this.watch, guide: this.guide, page: this };
    this.work = new Work(parts);
    this.exam = new Exam(parts);
    this.myWork = new MyWork(parts);
    this.keymap.addEventListener("change", () => labelKeys(view.root, this.keymap));
    labelKeys(view.root, this.keymap);
    listenToKeys(view.root, this.keymap, (name, event) => this.key(name, event));
    // A mouse click must not leave the focus on a button, where Space would press it again.
    view.root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && event.detail > 0 && this.phase === "work") view.root.focus({ preventScroll: true });
    });
    this.setVolume(Number(localStorage.getItem("sounding-volume") ?? 1));
  }

  async open() {
    try {
      await this.session.whoAmI();
    } catch (error) {
      this.front(quietScreen({ title: "The studio does not answer", lines: [String(error.message)],
        actions: [goOn("Try again", () => this.open())] }), { busy: true });
      return;
    }
    this.askName();
  }

  askName(message) {
    this.turn = {};
    this.loop.stop();
    const { person, progress } = this.session;
    this.front(startScreen({
      name: person?.name ?? localStorage.getItem("sounding-name"), progress, message,
      onstart: (name, fail) => this.start(name, fail),
    }), { busy: true });
  }

  /** From the name to the work: level, changed guidelines, warm-up. Whoever signs in anew breaks it off. */
  async start(name, fail) {
    const turn = (this.turn = {});
    const unlocked = this.stage.unlock();
    try {
      await this.session.signIn(name);
    } catch (error) {
      fail(error.message);
      return;
    }
    localStorage.setItem("sounding-name", this.session.person.name);
    this.keymap.of(this.session.person.id);
    this.watch.begin();
    await Promise.all([unlocked, this.guide.load(this.session).catch(() => {})]);
    this.stage.usualGainDb = this.guide.gainDb;
    if (this.turn === turn && this.level.due) await this.checkLevel();
    if (this.turn === turn && this.guide.changed()) await this.tellChange();
    const warmUp = this.turn === turn && await WarmUp.of(this.session, this.loop, this).catch(() => null);
    if (warmUp && this.turn === turn) {
      this.loop.run(warmUp);
      await warmUp.over;
    }
    if (this.turn === turn) await this.startWork();
  }

  startWork() {
    this.level.active();
    return this.loop.run(this.work);
  }

  /** The level check; resolves once it is passed, at once where the browser gives no sound to check. */
  checkLevel() {
    if (!this.sound.running) return Promise.resolve();
    return new Promise((done) => {
      const { element, key } = levelScreen({ sound: this.sound, volume: this.stage.volume,
        setVolume: (volume) => this.setVolume(volume), onleave: () => this.askName(),
        ondone: () => { this.level.passed(); done(); } });
      this.front(element, { key, busy: true });
    });
  }

  /** True when a level check has to come before the next clip; it then goes on by itself. */
  needsCheck() {
    if (!this.level.due || !this.sound.running) return false;
    const { turn } = this;
    this.work.setAside();
    this.stage.pause();
    this.checkLevel().then(() => { if (this.turn === turn) this.loop.next(); });
    return true;
  }

  active() { if (!this.level.due) this.level.active(); }

  tellChange() {
    return new Promise((done) => {
      this.front(h("div.an-card.an-wide", {}, h("h1", {}, "The guidelines have changed"), this.guide.text(),
        h("div.an-start-row", {}, goOn("Go on", done))), { busy: true });
    });
  }

  guideline() { this.guide.open(true); }
  qualify() { this.exam.intro(); }
  backToWork() { this.loop.run(this.work); }

  /** A key press or the button of its name; true when it meant something. */
  key(name, event) {
    if (name === "help") {
      this.guide.open();
      return true;
    }
    if (this.phase === "front") return this.frontKey(name, event);
    if (this.loop.task === this.work && !this.loop.panel) {
      if (this.needsCheck()) return true;
      if (name === "mine") return this.openMine();
      if (this.reasons.press(name)) return true;
      if (name === "undo") {
        this.work.undo();
        return true;
      }
    }
    if (name === "mine" && this.loop.task === this.myWork) return this.loop.key("escape");
    return this.loop.key(name);
  }

  frontKey(name, event) {
    if (event && this.screenKey?.(name, event)) return true;
    const button = { enter: ".primary", escape: "[data-escape]" }[name];
    const found = button && this.view.front.querySelector(button);
    if (found) found.click();
    else if (this.busy()) return false;
    else if (name === "mine" && this.view.front.querySelector(".an-mine")) this.backToWork();
    else if (name === "mine") return this.openMine();
    else if (name === "undo" && this.loop.task === this.work) this.work.undo();
    else return this.reasons.press(name);
    return true;
  }

  openMine() {
    if (this.loop.task === this.work) this.work.setAside();
    this.reasons.close();
    this.myWork.open();
    return true;
  }

  seek(event) {
    const box = this.view.canvas.getBoundingClientRect();
    if (this.stage.duration) this.stage.replay(((event.clientX - box.left) / box.width) * this.stage.duration);
  }

  setVolume(volume) {
    this.stage.setVolume(volume);
    this.view.volume.value = String(volume);
    localStorage.setItem("sounding-volume", String(volume));
  }

  /** A screen in the work's place. `busy`: nothing may come in its way; `key`: its own keys. */
  front(screen, { key = null, busy = false } = {}) {
    this.phase = "front";
    this.screenKey = key;
    this.occupied = busy;
    this.view.root.dataset.phase = "front";
    drawHead(this.view, this.session);
    fill(this.view.front, screen);
    labelKeys(this.view.front, this.keymap);
    if (this.view.front.contains(document.activeElement)) return;
    const heading = this.view.front.querySelector("h1"); // read aloud: a new page stands here
    if (heading) heading.tabIndex = -1;
    (heading ?? this.view.root).focus({ preventScroll: true });
  }

  busy() { return this.phase === "front" && this.occupied; }

  showWork() {
    this.phase = "work";
    this.view.root.dataset.phase = "work";
    this.view.why.append(this.reasons.line);
    fill(this.view.front);
  }

  /** The line of reasons under a list instead of under a clip. */
  why() { this.view.front.querySelector(".an-card")?.append(this.reasons.line); }
}
