// Qualifying: worked examples, an exam of clips whose answers are known, and what was wrong in it.

import { exampleList } from "./annotate_examples.js";
import { goOn, leave, quietScreen } from "./annotate_screens.js";
import { h, plural } from "./dom.js";

const RETRY_MS = 2000;

export class Exam {
  /** `page`: front(screen), backToWork(). */
  constructor({ session, loop, guide, page }) {
    Object.assign(this, { session, loop, guide, page });
  }

  /** Worked examples first; then the person begins. */
  intro() {
    this.loop.stop();
    const asked = this.session.qualify;
    const { examples } = this.guide;
    const share = Math.round(100 * (asked?.pass_share ?? 0));
    this.page.front(h("div.an-card.an-wide", {},
      h("h1", {}, "Show that you hear what the guidelines mean"),
      h("p", {}, asked ? `${plural(asked.questions, "clip")}, ${share} % of them right, and the work begins.`
        : "An exam of some clips, and the work begins.",
        asked?.attempts ? ` You have tried ${plural(asked.attempts, "time")}.` : "",
        " Each is answered by a key, as in the work; there is no undo."),
      examples.length > 0 && [h("h2", {}, "Worked examples"), exampleList(examples)],
      h("details", {}, h("summary", {}, "The guidelines"), this.guide.text()),
      h("p.an-error", { role: "alert" }),
      h("div.an-start-row", {}, goOn("Start the exam", () => this.begin()))));
  }

  async begin() {
    try {
      const exam = await this.session.ask("/api/exam", {});
      this.id = exam.exam;
      this.total = exam.questions.length;
      this.open = exam.questions.filter(({ value }) => value === null);
      this.done = this.total - this.open.length;
      this.sending = Promise.resolve();
      this.result = null;
      await this.loop.run(this);
    } catch (error) {
      this.loop.view.front.querySelector(".an-error")?.replaceChildren(error.message);
    }
  }

  title() { return `Exam ${this.done + 1} of ${this.total}`; }
  peek() { return this.open[0]; }
  take() { return this.open.shift() ?? null; }

  refuses(value) {
    if (value === "unsure") return "In the exam every clip has an answer: sounds, or does not.";
    return null;
  }

  /** The next question comes at once; what was answered goes to the studio one by one. */
  answer(item, { value }) {
    if (value === "broken") {
      this.broken = (this.broken ?? new Set()).add(item);
      if (this.open.every((other) => this.broken.has(other))) return this.stuck(item);
      this.open.push(item); // perhaps it plays later
    } else {
      this.done += 1;
      this.broken = null;
      this.sending = this.sending.then(() => this.send(item.example, value));
    }
    this.loop.next();
  }

  async send(example, value) {
    for (;;) {
      try {
        const { result } = await this.session.ask("/api/exam/answers", { exam: this.id, example, value });
        this.result = result ?? this.result;
        return;
      } catch (error) {
        if (error.status === 401) return;
        if (error.status >= 400 && error.status < 500) return this.loop.hint(error.message);
        this.loop.hint("The studio does not answer: the exam goes on, and what you answered is sent again.");
        await new Promise((done) => { setTimeout(done, RETRY_MS); });
      }
    }
  }

  async more() {
    await this.sending;
    if (this.loop.task !== this) return null;
    this.loop.stop();
    if (this.result) this.showResult(this.result);
    else this.intro(); // it ended elsewhere: the studio knows how far it is
    return null;
  }

  stuck(item) {
    this.open.unshift(item);
    this.loop.stop();
    this.page.front(quietScreen({ title: "Some clips of the exam do not play here",
      lines: ["Try another browser, or tell whoever runs the studio. What you answered is kept."],
      actions: [goOn("Try again", () => this.begin())] }));
  }

  showResult({ passed, correct, total, review }) {
    this.page.front(h("div.an-card.an-wide", {},
      h("h1", {}, passed ? "Passed" : "Not passed yet"),
      h("p", {}, `${correct} of ${total} right. `, passed ? "The work begins."
        : "Read why, and try again: you get other clips where there are some."),
      h("div.an-start-row", {}, passed ? goOn("To the work", () => this.page.backToWork()) : goOn("Try again", () => this.intro()),
        !passed && leave("Later", () => this.page.askName())),
      review.length > 0 && [h("h2", {}, `${plural(review.length, "answer")} to listen to again`), exampleList(review)]));
  }
}
