// Explore: a map of one space, the clip that plays, and the clusters with their examples.

import { api, fill, h, plural, url, whole } from "./dom.js";
import { clipCard, clipFacts, clipMedia, openClip, unseenNotice } from "./cards.js";
import { clusterList, groupFigures } from "./cluster_list.js";
import { emptyState, onShown, startAndWait, useStyles } from "./making.js";
import { EmbeddingMap } from "./map.js";
import { colourOf } from "./palette.js";
import { playClip } from "./player.js";

const COLOURS = { cluster: "cluster", label: "label", score: "score A·V", score_al: "score A·L",
  verb: "verb", source: "source and split" };
const SPACES = { joint: "joint", audio: "audio", video: "video", text: "text" };
const KEPT = "sounding-explore";

export function mount(element) {
  useStyles("controls.css", "explore.css");
  const page = new Explore(element);
  page.start();
  onShown(element, () => page.refresh());
}

class Explore {
  constructor(element) {
    this.element = element;
    this.state = { space: "joint", by: "cluster", clusters: 20, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
    this.cards = new Map();
    this.build();
  }

  build() {
    this.run = h("select", { ariaLabel: "Run", onchange: () => this.choose({ run: this.run.value, stage: null }) });
    this.stage = h("select", { ariaLabel: "Stage", onchange: () => this.choose({ stage: this.stage.value }) });
    this.space = h("div.segments", { role: "radiogroup", ariaLabel: "Space" });
    this.by = h("select", { ariaLabel: "Colour", onchange: () => this.recolour(this.by.value) },
      Object.entries(COLOURS).map(([value, name]) => h("option", { value }, name)));
    this.by.value = this.state.by;
    this.text = h("input", { type: "search", placeholder: "search narrations", ariaLabel: "Search narrations",
      oninput: () => this.later(() => this.search(), 200) });
    this.count = h("span.num.muted");
    this.slider = h("input", { type: "range", min: 2, max: 60, value: this.state.clusters, ariaLabel: "Number of clusters",
      oninput: () => { this.number.textContent = this.slider.value; this.later(() => this.recut(), 120); } });
    this.number = h("output.num", {}, this.state.clusters);
    this.mapHost = h("div.map-host", { tabIndex: 0, ariaLabel: "Map of clips. Arrow keys go to the next clip, Space plays it again.",
      onkeydown: (event) => this.key(event) });
    this.legend = h("div.legend");
    this.tip = h("div.map-tip", { hidden: true });
    this.player = h("div.clip-panel");
    this.side = h("div.side");
    this.marks = h("div");
    this.lassoTool = this.toolButton("lasso", "◌ lasso", "Drag draws a line around clips");
    this.panTool = this.toolButton("pan", "✥ move", "Drag moves the map");
    this.body = h("div.explore-body", {},
      h("div.map-column", {},
        h("div.map-frame", {}, this.mapHost,
          h("div.map-tools", {}, this.lassoTool, this.panTool,
            h("button.quiet", { type: "button", title: "Whole map", onclick: () => this.map.fit() }, "⌂ all"))),
        h("div.map-foot", {}, h("label.k", {}, "clusters", this.slider, this.number), this.legend)),
      this.player, this.side);
    this.bar = h("div.controls", {},
      h("label", {}, "run", this.run), h("label", {}, "stage", this.stage), this.space,
      h("label", {}, "colour", this.by), this.text, h("span.grow"), this.count);
    this.empty = h("div");
    fill(this.element, h("section.explore", {}, this.bar, this.marks, this.empty, this.body, this.tip));
    this.map = new EmbeddingMap(this.mapHost, {
      pick: (point) => this.pick(point),
      hover: (point, x, y) => this.hover(point, x, y),
      lasso: (polygon) => this.select(api(`${this.base}/lasso`, { polygon }), "Selection"),
    });
    this.useTool("lasso");
  }

  toolButton(tool, text, title) {
    return h("button.quiet", { type: "button", title, onclick: () => this.useTool(tool) }, text);
  }

  useTool(tool) {
    this.lassoTool.ariaPressed = String(tool === "lasso");
    this.panTool.ariaPressed = String(tool === "pan");
    this.map.setTool(tool);
  }

  later(work, wait) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(work, wait);
  }

  /** The tab is seen again: runs and maps may have come, labels may have changed. */
  async refresh() {
    const before = JSON.stringify(this.known);
    const now = await api("/api/map").catch(() => null);
    if (now && JSON.stringify(now) !== before) await this.start();
  }

  async start() {
    try {
      this.known = await api("/api/map");
    } catch (error) {
      return this.show(emptyState(error.message, { text: "Try again", onclick: () => this.start() }));
    }
    if (!this.known.clips) {
      return this.show(emptyState("No clips yet. Bring in videos with their narrations first.",
        { text: "Bring in clips", onclick: () => { location.hash = "#data"; } }, () => this.start()));
    }
    if (!this.known.runs.length) {
      return this.show(emptyState("No embeddings yet, and no trained run that could make them. "
        + "A short training run takes a few minutes.",
        { text: "Train a run", onclick: () => { location.hash = "#train"; } }, () => this.start()));
    }
    return this.choose({});
  }

  /** Change run, stage or space, and show what there is. */
  async choose(change) {
    Object.assign(this.state, change);
    const run = this.known.runs.find((r) => r.run === this.state.run) ?? this.known.runs[0];
    const stage = run.stages.find((s) => s.stage === this.state.stage) ?? run.stages.at(-1);
    Object.assign(this.state, { run: run.run, stage: stage.stage });
    this.remember();
    fill(this.run, this.known.runs.map((r) => h("option", { value: r.run }, r.run)));
    fill(this.stage, run.stages.map((s) => h("option", { value: s.stage }, s.stage)));
    this.run.value = run.run;
    this.stage.value = stage.stage;
    fill(this.space, Object.entries(SPACES).map(([space, name]) => h("button", {
      type: "button", role: "radio", ariaChecked: String(space === this.state.space),
      onclick: () => this.choose({ space }) }, name)));
    this.base = ["/api/map", this.state.run, this.state.stage, this.state.space]
      .map((part, i) => (i ? encodeURIComponent(part) : part)).join("/");
    if (!stage.maps.includes(this.state.space)) return this.offer(stage);
    try {
      await this.load();
    } catch (error) {
      if (error.status === 409) this.offer(stage);
      else this.show(emptyState(error.message, { text: "Try again", onclick: () => this.start() }));
    }
  }

  offer(stage) {
    const what = stage.embedded ? `No map of the ${this.state.space} space yet.` : "No embeddings yet.";
    const work = stage.embedded ? "Draw the map" : `Embed ${plural(this.known.clips, "clip")} and draw the map`;
    const box = emptyState(`${what} It takes about ${this.howLong(stage)}; you can go on working meanwhile.`,
      { text: work, onclick: () => this.make(box) }, () => this.start());
    this.show(box);
  }

  make(box) {
    const { run, stage, space, clusters } = this.state;
    return startAndWait(box, "/api/explore", { run, stage, space, clusters }, () => this.start());
  }

  /** Clips that came after the map was made. */
  lateClips(about) {
    const late = this.known.clips - about.n - about.masked;
    if (late <= 0) return null;
    const box = h("div.notice", {}, `${plural(late, "clip")} came after this map was made. `,
      h("button.link", { type: "button", onclick: () => this.make(box) }, "Put them on it"));
    return box;
  }

  howLong(stage) {
    const seconds = 40 + this.known.clips * (stage.embedded ? 0.004 : 0.03);
    return seconds < 90 ? "a minute" : plural(Math.round(seconds / 60), "minute");
  }

  show(box) {
    fill(this.empty, box);
    fill(this.marks);
    this.count.textContent = "";
    this.body.hidden = true;
  }

  async load() {
    const base = this.base;
    const [about, points, ids] = await Promise.all([
      json(base), binary(`${base}/points`), words(`${base}/clips`),
    ]);
    const [painted, found] = await Promise.all([this.colours(), this.groups()]);
    if (base !== this.base) return;
    this.about = about;
    this.ids = ids;
    this.numbers = new Map(ids.map((id, point) => [id, point]));
    this.body.hidden = false;
    fill(this.empty);
    fill(this.marks, unseenNotice(about.unseen_sources), this.lateClips(about));
    this.count.textContent = `${plural(about.n, "clip")}`
      + (about.masked ? ` · ${whole(about.masked)} without ${this.state.space}` : "")
      + ` · ${whole(about.labelled)} labelled` + (about.one_rater ? " · one rater" : "");
    this.slider.max = Math.min(60, about.n);
    const values = new Float32Array(points);
    const half = values.length / 2;
    this.map.setPoints(values.subarray(0, half), values.subarray(half));
    this.clusterLine = null;
    this.showGroups(found);
    await this.paint(painted);
    const still = this.numbers.get(this.playing);
    if (still === undefined) this.greet();
    else this.map.focus(still);
  }

  greet() {
    fill(this.player, h("div.panel-empty", {},
      h("p", {}, "Click a point: its clip plays here, with sound."),
      h("p.muted.small", {}, "Drag draws a line around clips. Arrow keys go from clip to clip, "
        + "Space plays again, Esc lets go. The wheel zooms.")));
  }

  colours() {
    return api(url(`${this.base}/colours`, { by: this.state.by, clusters: this.state.clusters }));
  }

  groups() {
    return api(url(`${this.base}/clusters`, { clusters: this.state.clusters }));
  }

  async recolour(by) {
    this.state.by = by;
    this.remember();
    await this.paint(await this.colours());
  }

  async recut() {
    this.state.clusters = Number(this.slider.value);
    this.remember();
    const [painted, found] = await Promise.all([this.colours(), this.groups()]);
    this.showGroups(found);
    if (this.state.by === "cluster") await this.paint(painted);
  }

  async paint(painted) {
    this.categories = painted.categories;
    await this.map.setColours(painted.categories, codesOf(painted));
    this.drawLegend();
  }

  drawLegend() {
    const scale = this.categories.some((c) => c.role.startsWith("scale:"));
    let place = 0;
    const chips = this.categories.map((category, i) => {
      const colour = colourOf(category.role, category.role === "palette" ? place++ : 0);
      if (scale && category.role.startsWith("scale:")) {
        return h("button.swatch", { type: "button", title: `${category.name}: ${plural(category.count, "clip")}`,
          style: `background:${colour}`, ariaLabel: category.name, onclick: () => this.solo(i) });
      }
      return h("button.legend-item", { type: "button", title: "Show alone", onclick: () => this.solo(i) },
        h("span.dot", { style: `background:${colour}` }), category.name, h("span.num.muted", {}, whole(category.count)));
    });
    const ends = scale ? this.categories.filter((c) => c.role.startsWith("scale:")) : [];
    fill(this.legend, this.state.by === "cluster" ? null : [
      ends.length ? h("span.num.muted", {}, ends[0].name.split(" ")[0]) : null,
      ends.length ? h("span.scale", {}, chips.slice(0, ends.length)) : null,
      ends.length ? h("span.num.muted", {}, ends.at(-1).name.split(" ").at(-1)) : null,
      chips.slice(ends.length)]);
  }

  solo(i) {
    const next = this.map.solo === i ? null : i;
    this.map.showOnly(next);
    for (const [at, chip] of [...this.legend.querySelectorAll("button")].entries()) {
      chip.classList.toggle("off", next !== null && at !== next);
    }
  }

  showGroups(found) {
    this.learn(found.cards);
    this.found = found;
    this.clusterCodes = codesOf(found);
    this.list = clusterList(found, (id) => this.cards.get(id), {
      onopen: (card) => this.pickId(card.clip_id),
      onpick: (cluster) => this.showCluster(cluster),
    });
    fill(this.side, this.list.node);
    this.clusterLine?.();
  }

  /** Bring out a cluster's points, or all again. */
  showCluster(cluster) {
    return this.map.highlight(cluster && Uint8Array.from(this.clusterCodes, (code) => code === cluster.id));
  }

  async search() {
    const text = this.text.value.trim();
    if (!text) return this.letGo();
    return this.select(api(url(`${this.base}/search`, { text })), `“${text}”`);
  }

  async select(answer, title) {
    const found = await answer;
    this.learn(found.cards);
    const bits = bytesOf(found.mask);
    const mask = Uint8Array.from(this.ids, (_, i) => (bits[i >> 3] >> (i & 7)) & 1);
    await this.map.highlight(found.size ? mask : null);
    fill(this.side, h("div.selection", {},
      h("div.row", {}, h("h3", {}, title), h("span.grow"),
        h("button.quiet", { type: "button", title: "Esc", onclick: () => this.letGo() }, "× clear")),
      groupFigures(found, this.about),
      h("div.cards", {}, found.clips.map((id) => clipCard(this.cards.get(id), { onopen: (card) => this.pickId(card.clip_id) }))),
      found.size > found.clips.length ? h("p.muted.small", {}, `and ${whole(found.size - found.clips.length)} more`) : null));
  }

  letGo() {
    this.text.value = "";
    this.map.highlight(null);
    this.list?.close();
    if (this.list) fill(this.side, this.list.node);
  }

  learn(cards) {
    for (const [id, card] of Object.entries(cards)) this.cards.set(id, card);
  }

  async card(id) {
    if (!this.cards.has(id)) this.learn((await api(`${this.base}/cards`, { clip_ids: [id] })).cards);
    return this.cards.get(id);
  }

  pickId(id) {
    const point = this.numbers.get(id);
    if (point === undefined) openClip(this.cards.get(id));
    else this.pick(point);
  }

  /** Play the clip of a point at once; what is known of it follows. */
  async pick(point) {
    const id = this.ids[point];
    this.playing = id;
    this.map.focus(point);
    this.tip.hidden = true;
    const known = this.cards.get(id);
    const media = clipMedia(known ?? { clip_id: id, narration: "this clip" });
    const facts = h("div.panel-facts");
    fill(this.player, media, facts);
    playClip(id, media.querySelector(".clip-host"));
    this.mapHost.focus({ preventScroll: true });
    const [card, near] = await Promise.all([this.card(id), api(`${this.base}/neighbours/${id}`)]);
    if (this.playing !== id) return;
    this.learn(near.cards);
    const cluster = h("p.small.muted");
    this.clusterLine = () => {
      const group = this.found.clusters[this.clusterCodes[point]];
      this.list?.mark(group.id);
      fill(cluster, "cluster ", h("button.link", { type: "button", onclick: () => this.openCluster(group.id) }, group.name));
    };
    fill(facts,
      h("p.narration.large", {}, card.narration),
      clipFacts(card),
      cluster,
      h("h4", {}, "nearest"),
      h("div.thumbs", {}, near.near.map((other) => clipCard(this.cards.get(other), { small: true, onopen: (c) => this.pickId(c.clip_id) }))));
    this.clusterLine();
  }

  openCluster(id) {
    fill(this.side, this.list.node);
    this.list.open(id);
  }

  hover(point, x, y) {
    clearTimeout(this.telling);
    this.tip.hidden = point === null;
    this.mapHost.classList.toggle("over", point !== null);
    if (point === null) return;
    const name = this.categories[this.map.codes[point]].name;
    const known = this.cards.get(this.ids[point]);
    fill(this.tip, h("div", {}, known?.narration ?? "…"), h("div.muted.small", {}, name));
    this.tip.style.transform = `translate(${Math.min(x + 14, innerWidth - 300)}px, ${y + 14}px)`;
    if (!known) {
      this.telling = setTimeout(async () => {
        const card = await this.card(this.ids[point]);
        if (!this.tip.hidden) fill(this.tip, h("div", {}, card.narration), h("div.muted.small", {}, name));
      }, 80);
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.letGo();
    else if (event.key === " " && this.playing) this.pickId(this.playing);
    else if (event.key.startsWith("Arrow")) {
      const next = this.map.current === null ? 0 : this.map.towards(event.key);
      if (next !== null) this.pick(next);
    } else return;
    event.preventDefault();
  }

  remember() {
    const { run, stage, space, by, clusters } = this.state;
    localStorage.setItem(KEPT, JSON.stringify({ run, stage, space, by, clusters }));
  }
}

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const codesOf = (painted) => new Uint16Array(bytesOf(painted.codes).buffer);

async function fetched(path) {
  const answer = await fetch(path);
  if (answer.ok) return answer;
  const detail = await answer.json().then((body) => body.detail).catch(() => null);
  throw Object.assign(new Error(detail ?? `The studio answered ${answer.status}.`), { status: answer.status });
}

const json = async (path) => (await fetched(path)).json();

const binary = async (path) => (await fetched(path)).arrayBuffer();
const words = async (path) => (await (await fetched(path)).text()).split("\n").filter(Boolean);
