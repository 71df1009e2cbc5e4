// People: work, pace, habits, agreement with the rest, checks, drift; one row each.

import { sparkline } from "./desk_charts.js";
import { zoned } from "./desk_time.js";
import { asOf, estimate, ofShare, personName } from "./desk_words.js";
import { api, duration, fill, h, poll, whole } from "./dom.js";

const KINDS = { "more yes": "says yes more often than before", "fewer yes": "says yes less often than before", "less agreement": "agrees with the rest less than before" };

export function peopleView(body) {
  const table = h("div");
  fill(body, h("h1", {}, "People"), table);
  let before = "";
  poll(table, 10, async () => {
    const [found, quality] = await Promise.all([api("/api/desk/people"), checks()]);
    const now = JSON.stringify([found.people, quality, found.stale]);
    if (now === before) return;
    before = now;
    draw(table, found, new Map(quality.map((one) => [one.person_id, one])));
  });
}

/** Gold and repeats; a studio without checks has none. */
async function checks() {
  try {
    const found = await api("/api/desk/people-quality");
    return Array.isArray(found) ? found : found.people ?? [];
  } catch { return []; }
}

function draw(host, found, quality) {
  if (!found.people.length) {
    fill(host, h("div.empty", {}, h("h2", {}, "Nobody has answered yet"),
      h("p", {}, "As soon as people answer on Annotate, their pace, their share of yes and their agreement with the rest stand here, each with its interval.")));
    return;
  }
  const head = [["Person"], ["Answers", "num", "Present words on clips, and key presses of every kind"],
    ["Worked", "num", "Gaps of up to a minute between two answers are work, longer ones are a break; checks included"],
    ["Answers an hour", "num", "of work in the last 14 days, as My work tells each person; with a 95 % interval"], ["Says yes", "num", "of yes and no, with Wilson’s 95 % interval"],
    ["Kappa against the rest", "num", "Cohen’s kappa with the majority of the others on the same clips"], ["Gold", "num", "checks whose answer is known"],
    ["Repeats", "num", "own answers given again alike"], ["Drift", "", "yes minus the others’ share of yes on the same clips, over the last 100 answers"]];
  fill(host, h("div.table-wrap", {}, h("table.people-table", {},
    h("thead", {}, h("tr", {}, head.map(([name, kind, title]) => h(`th${kind ? "." + kind : ""}`, { scope: "col", title }, name)))),
    h("tbody", {}, found.people.map((one) => row(one, quality.get(one.id)))))),
  h("p.muted.small", {}, "Who changes moves the others’ figures too, less and the other way: read the alarms of all people together; who changed is who changed first and most."),
  asOf(found, zoned(found.as_of)));
}

function row(one, checked) {
  const { work } = one;
  return h("tr", {},
    h("th", { scope: "row" }, personName(one), checked?.paused ? h("span.chip", {}, "paused") : null),
    h("td.num", {}, h("strong", {}, whole(one.words)), work.answers === one.words ? null : h("div.small.muted", {}, `${whole(work.answers)} pressed`)),
    h("td.num", {}, work.answers ? duration(work.minutes * 60) : "–", work.sessions ? h("div.small.muted", {}, `${whole(work.sessions)} ${work.sessions === 1 ? "sitting" : "sittings"}`) : null),
    h("td.num", {}, estimate(work.pace, { digits: 0 })),
    h("td.num", {}, estimate(ofShare(one.yes), { share: true }), one.unsure.yes ? h("div.small.muted", {}, `can’t tell ${whole(one.unsure.yes)}`) : null),
    h("td.num", {}, estimate(one.against?.kappa)),
    h("td.num", {}, checked?.total ? estimate({ value: checked.right / checked.total, low: checked.low, high: checked.high, n: checked.total }, { share: true }) : "–"),
    h("td.num", {}, checked?.repeats?.total ? `${whole(checked.repeats.same)} of ${whole(checked.repeats.total)}` : "–"),
    h("td.drift", {}, one.spark.length > 1 ? sparkline(one.spark, `Yes minus the others’ share, ${one.name}`) : h("span.muted", {}, "–"),
      one.alarms.map((alarm) => h("div.alarm", { title: `noticed ${zoned(alarm.at)} after ${whole(alarm.answers)} answers` },
        h("span.dot.error"), `${KINDS[alarm.kind]}, since ${zoned(alarm.since)}: ${alarm.before.toFixed(2)} → ${alarm.after.toFixed(2)}`))));
}
