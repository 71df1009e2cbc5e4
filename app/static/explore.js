// Explore: a map of one space, the clip that plays, and the clusters with their examples.

import { api, fill, h, plural, url, whole } from "./dom.js";
import { clipCard, openClip, unseenNotice } from "./cards.js";
import { ClipPanel } from "./clip_panel.js";
import { clusterList, groupFigures } from "./cluster_list.js";
import { emptyState, onShown, startAndWait, useStyles } from "./making.js";
import { exploreView, offerNames } from "./explore_view.js";
import { drawLegend } from "./legend.js";
import { EmbeddingMap } from "./map.js";
import { codesOf, loadMap, maskOf } from "./map_data.js";
import { MapTip } from "./map_tip.js";
import { onTheme } from "./palette.js";
import { plotly } from "./plotly.js";

const SPACES = ["joint", "audio", "video", "text"];
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
    this.panel = new ClipPanel({ open: (card) => this.pickId(card.clip_id), openCluster: (id) => this.openCluster(id) });
    this.tip = new MapTip((point) => this.cards.get(this.ids[point]), (point) => this.card(this.ids[point]));
    this.parts = exploreView(this.state, this.panel.node, this.tip.node, {
      run: (run) => this.choose({ run, stage: null }),
      stage: (stage) => this.choose({ stage }),
      colour: (by) => this.recolour(by),
      search: () => this.later(() => this.search(), 200),
      clusters: (clusters) => this.later(() => this.recut(clusters), 120),
      tool: (tool) => this.map.setTool(tool),
      fit: () => this.map.fit(),
      key: (event) => this.key(event),
    });
    fill(this.element, this.parts.node);
    this.map = new EmbeddingMap(this.parts.mapHost, {
      pick: (point) => this.pick(point),
      hover: (point, x, y) => this.hover(point, x, y),
      lasso: (polygon) => this.select(api(`${this.base}/lasso`, { polygon }), "Selection"),
    });
    this.parts.useTool("lasso");
    onTheme(this.element, () => {
      if (this.categories) this.drawLegend();
      this.list?.recolour();
    });
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
    const spaces = SPACES.filter((space) => run.spaces.includes(space)); // a method may never read one
    Object.assign(this.state, { run: run.run, stage: stage.stage, space: spaces.includes(this.state.space) ? this.state.space : "joint" });
    this.remember();
    offerNames(this.parts.run, this.known.runs.map((one) => one.run), run.run);
    offerNames(this.parts.stage, run.stages.map((one) => one.stage), stage.stage);
    fill(this.parts.space, spaces.map((space) => h("button", { type: "button", role: "radio",
      ariaChecked: String(space === this.state.space), onclick: () => this.choose({ space }) }, space)));
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
    fill(this.parts.empty, box);
    fill(this.parts.marks);
    this.parts.count.textContent = "";
    this.parts.body.hidden = true;
  }

  async load() {
    const base = this.base;
    plotly().catch(() => null); // its megabytes come beside the points; the map says what failed
    const [loaded, painted, found] = await Promise.all([loadMap(base), this.colours(), this.groups()]);
    if (base !== this.base) return;
    const { about, x, y, ids } = loaded;
    this.about = about;
    this.cards = new Map(); // scores differ by run and stage
    this.ids = ids;
    this.numbers = new Map(ids.map((id, point) => [id, point]));
    this.parts.body.hidden = false;
    fill(this.parts.empty);
    fill(this.parts.marks, unseenNotice(about.unseen_sources), this.lateClips(about));
    this.parts.count.textContent = `${plural(about.n, "clip")}`
      + (about.masked ? ` · ${whole(about.masked)} without ${this.state.space}` : "")
      + ` · ${whole(about.labelled)} labelled` + (about.one_rater ? " · one rater" : "");
    this.parts.slider.max = Math.min(60, about.n);
    this.map.setPoints(x, y);
    this.showGroups(found);
    await this.paint(painted);
    const still = this.numbers.get(this.playing);
    if (still === undefined) this.panel.greet();
    else this.map.focus(still);
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

  async recut(clusters) {
    this.state.clusters = clusters;
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
    if (this.state.by === "cluster") fill(this.parts.legend); // the list of clusters is the legend
    else drawLegend(this.parts.legend, this.categories, (category) => this.map.showOnly(category));
  }

  showGroups(found) {
    this.learn(found.cards);
    this.found = found;
    this.clusterCodes = codesOf(found);
    this.list = clusterList(found, (id) => this.cards.get(id), {
      onopen: (card) => this.pickId(card.clip_id),
      onpick: (cluster) => this.showCluster(cluster),
    });
    fill(this.parts.side, this.list.node);
    this.markCluster();
  }

  /** Bring out a cluster's points, or all again. */
  showCluster(cluster) {
    return this.map.highlight(cluster && Uint8Array.from(this.clusterCodes, (code) => code === cluster.id));
  }

  async search() {
    const text = this.parts.text.value.trim();
    if (!text) return this.letGo();
    return this.select(api(url(`${this.base}/search`, { text })), `“${text}”`);
  }

  async select(answer, title) {
    const found = await answer.catch((error) => fill(this.parts.side, h("p.notice", {}, error.message)) && null);
    if (!found) return;
    this.learn(found.cards);
    const mask = maskOf(found, this.ids.length);
    await this.map.highlight(found.size ? mask : null);
    fill(this.parts.side, h("div.selection", {},
      h("div.row", {}, h("h3", {}, title), h("span.grow"),
        h("button.quiet", { type: "button", title: "Esc", onclick: () => this.letGo() }, "× clear")),
      groupFigures(found, this.about),
      h("div.cards", {}, found.clips.map((id) => clipCard(this.cards.get(id), { onopen: (card) => this.pickId(card.clip_id) }))),
      found.size > found.clips.length ? h("p.muted.small", {}, `and ${whole(found.size - found.clips.length)} more`) : null));
  }

  letGo() {
    this.parts.text.value = "";
    this.map.highlight(null);
    this.list?.close();
    if (this.list) fill(this.parts.side, this.list.node);
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
    this.tip.hide();
    this.panel.play(id, this.cards.get(id));
    this.parts.mapHost.focus({ preventScroll: true });
    this.markCluster();
    const [card, near] = await Promise.all([this.card(id), api(`${this.base}/neighbours/${id}`)]);
    if (this.playing !== id) return;
    this.learn(near.cards);
    this.panel.tell(card, near.near.map((other) => this.cards.get(other)));
  }

  /** Show which cluster the clip that plays belongs to. */
  markCluster() {
    const point = this.numbers.get(this.playing);
    if (point === undefined) return;
    const cluster = this.found.clusters[this.clusterCodes[point]];
    this.list.mark(cluster.id);
    this.panel.tellCluster(cluster);
  }

  openCluster(id) {
    fill(this.parts.side, this.list.node);
    this.list.open(id);
  }

  hover(point, x, y) {
    this.parts.mapHost.classList.toggle("over", point !== null);
    if (point === null) this.tip.hide();
    else this.tip.show(point, this.categories[this.map.codes[point]].name, x, y);
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
