// What annotators are told, and what they must show before they label: text by version, the exam, and
// the clips with known answers.

import { knownClips } from "./desk_known.js";
import { zoned } from "./desk_time.js";
import { api, fill, h, plural } from "./dom.js";

export function guidelineView(body) {
  const text = h("section.panel.stack");
  const exam = h("section.panel.stack");
  const sound = h("section.panel.stack");
  const known = h("section.stack");
  const says = h("p.error-text", { role: "alert" });
  fill(body, h("h1", {}, "Guideline"), says, text, exam, sound, known);
  const start = (host, draw) => draw(host).catch((error) => { says.textContent = error.message; });
  start(text, guideline);
  start(exam, qualification);
  start(sound, playback);
  start(known, (host) => knownClips(host, () => start(exam, qualification)));
}

async function guideline(host) {
  const versions = await api("/api/desk/guidelines");
  const [present] = versions;
  const field = h("textarea.guideline-text", { rows: 16, value: present?.text ?? "", maxLength: 60000, spellcheck: true, ariaLabel: "Guideline" });
  const says = h("p.error-text", { role: "alert" });
  const publish = async (event) => {
    event.preventDefault();
    try {
      await api("/api/desk/guidelines", { text: field.value });
      await guideline(host);
    } catch (error) { says.textContent = error.message; }
  };
  fill(host, h("form.stack", { onsubmit: publish },
    h("p.muted.small", {}, "Plain text: a short line alone is a heading, lines that begin with “- ” are a list. Annotators are told once that it changed, and every answer keeps the "
      + "version it was given under."),
    field, h("div.row", {}, h("button.primary", { type: "submit" }, `Publish as version ${(present?.version ?? 0) + 1}`), says)),
    h("details", {}, h("summary", {}, plural(versions.length, "version")), versions.map((one) => h("div.stack.version", {},
      h("p", {}, h("strong", {}, `Version ${one.version}`), h("span.muted.small", {}, ` ${zoned(one.created_at)}${one.by ? ` by ${one.by}` : ""}`)),
      one.diff.length ? h("pre.diff", {}, one.diff.map((line) => h(line[0] === "+" ? "ins" : line[0] === "-" ? "del" : "span", {}, `${line}\n`))) : null))));
}

async function qualification(host) {
  const rule = await api("/api/desk/qualification");
  const required = h("input", { type: "checkbox", checked: rule.required });
  const questions = h("input", { type: "number", min: 1, max: 200, value: rule.questions, required: true });
  const share = h("input", { type: "number", min: 1, max: 100, value: Math.round(100 * rule.pass_share), required: true });
  const says = h("p", { role: "status" });
  const save = async (event) => {
    event.preventDefault();
    try {
      await api("/api/desk/qualification", { required: required.checked, questions: Number(questions.value), pass_share: Number(share.value) / 100 });
      await qualification(host);
    } catch (error) { says.textContent = error.message; }
  };
  const short = rule.required && rule.pool < rule.questions;
  fill(host, h("h2", {}, "Qualification"),
    h("form.row", { onsubmit: save }, h("label.tick", {}, required, "people pass an exam before they label"),
      h("label.tick", {}, questions, "questions"), h("label.tick", {}, share, "% right to pass"), h("button", { type: "submit", ariaLabel: "Save the exam" }, "Save"), says),
    h("p.small.muted", {}, `${plural(rule.pool, "exam clip")} in the pool; who fails is asked others first. Who is paused by too many wrong checks may take it again without you.`
      + (short ? " The exam begins once the pool holds as many clips as it asks." : "")));
}

async function playback(host) {
  const { gain_db } = await api("/api/desk/playback");
  const gain = h("input", { type: "number", min: -20, max: 20, step: 0.5, value: gain_db, required: true });
  const says = h("p", { role: "status" });
  const save = async (event) => {
    event.preventDefault();
    try {
      await api("/api/desk/playback", { gain_db: Number(gain.value) });
      says.textContent = "From everybody’s next sitting on.";
    } catch (error) { says.textContent = error.message; }
  };
  fill(host, h("h2", {}, "Sound"), h("form.row", { onsubmit: save }, h("label.tick", {}, "clips play at", gain, "dB"), h("button", { type: "submit", ariaLabel: "Save the gain" }, "Save"), says),
    h("p.small.muted", {}, "The same for everybody and every clip, under a peak limit of −1 dB, and kept with each answer: louder clips make more actions audible."));
}
