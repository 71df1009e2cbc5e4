// The map: points in WebGL, one trace a category, drawn once and then only recoloured.
//
// What breaks otherwise, and why this looks as it does: a native lasso repaints on every mouse
// move, so the line is drawn as a shape and closed by the server; two quick clicks count as a
// double click and reset the axes, so there is none; after a lost WebGL context only purge and
// newPlot bring the points back; a hover line looked for over all points is slow, so there is none.

import { h } from "./dom.js";
import { hasWebgl, plotly } from "./plotly.js";
import { colourOf, isDark, onTheme } from "./palette.js";

const SVG_POINTS = 4000;
const CORNERS = 1000; // of a drawn line, at most
const REACH = 14; // pixels a click may miss by
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class EmbeddingMap {
  /** `pick(point)`, `hover(point or null, x, y)` and `lasso(polygon)` are called by the mouse and
   * the keyboard; points are numbered as the server sent them. */
  constructor(host, { pick, hover, lasso }) {
    this.on = { pick, hover, lasso };
    this.plot = h("div.map-plot");
    this.ring = h("div.map-ring", { hidden: true });
    this.notice = h("p.map-notice", { hidden: true });
    host.append(this.plot, this.ring, this.notice);
    this.current = null;
    this.mask = null;
    this.solo = null;
    this.tool = "lasso";
    this.revision = 0;
    new ResizeObserver(() => this.resize()).observe(host);
    this.listen();
    onTheme(host, () => this.draw());
  }

  /** New points: x and y as Float32Array. The view is fitted to them. */
  setPoints(x, y) {
    this.x = x;
    this.y = y;
    this.mask = this.current = this.solo = null;
    this.revision += 1;
    this.codes = null;
  }

  /** `codes[i]` is the category of point i; `categories` are {name, role, count}. */
  async setColours(categories, codes) {
    this.categories = categories;
    this.codes = codes;
    this.solo = null;
    await this.draw();
  }

  /** Bring out the points whose mask is 1, or all with null. */
  async highlight(mask) {
    this.mask = mask;
    if (!this.drawn) return;
    const Plotly = await plotly();
    const chosen = this.members.map((points) => mask === null ? null
      : Array.from(points.keys()).filter((i) => mask[points[i]]));
    await Plotly.restyle(this.plot, { selectedpoints: chosen });
  }

  /** Show one category alone, or all with null. */
  async showOnly(category) {
    this.solo = category;
    if (!this.drawn) return;
    const Plotly = await plotly();
    const seen = this.members.map((_, i) => category === null || i === category);
    await Plotly.restyle(this.plot, { visible: seen });
  }

  /** Mark a point as the one that plays. */
  focus(point) {
    this.current = point;
    this.placeRing();
  }

  setTool(tool) {
    this.tool = tool;
    if (this.drawn) plotly().then((P) => P.relayout(this.plot, { dragmode: this.dragmode() }));
  }

  async fit() {
    const Plotly = await plotly();
    await Plotly.relayout(this.plot, { "xaxis.autorange": true, "yaxis.autorange": true });
  }

  /** The nearest point in the direction of an arrow key, or null; distances as they look. */
  towards(key) {
    const arrow = ARROWS[key];
    if (!arrow || this.current === null) return null;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const sx = Math.abs(xaxis._m ?? 1), sy = Math.abs(yaxis._m ?? 1);
    let best = null, least = Infinity;
    for (let i = 0; i < this.x.length; i++) {
      if (i === this.current || (this.mask && !this.mask[i])) continue;
      if (this.solo !== null && this.codes[i] !== this.solo) continue;
      const dx = (this.x[i] - this.x[this.current]) * sx, dy = (this.y[i] - this.y[this.current]) * sy;
      const along = dx * arrow[0] + dy * arrow[1];
      const across = Math.abs(dx * arrow[1] - dy * arrow[0]);
      if (along <= 0 || across > along) continue;
      const distance = along + 2 * across;
      if (distance < least) { least = distance; best = i; }
    }
    return best;
  }

  async draw() {
    if (!this.codes) return;
    const Plotly = await plotly();
    this.webgl = hasWebgl();
    const { members, traces, shown } = this.traces();
    this.members = members;
    this.notice.hidden = this.webgl;
    this.notice.textContent = this.webgl ? "" : shown < this.x.length
      ? `This browser draws without WebGL: ${shown} of ${this.x.length} points are shown.`
      : "This browser draws without WebGL: moving the map is slower.";
    await Plotly.react(this.plot, traces, this.layout(), {
      displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: false,
    });
    if (!this.drawn) this.wire();
    this.drawn = true;
    this.watchContexts();
    if (this.mask) await this.highlight(this.mask);
    this.placeRing();
  }

  traces() {
    const total = this.x.length;
    const every = this.webgl ? 1 : Math.max(1, Math.ceil(total / SVG_POINTS));
    const lists = this.categories.map(() => []);
    let shown = 0;
    for (let i = 0; i < total; i += every) { lists[this.codes[i]].push(i); shown += 1; }
    const members = lists.map((list) => Int32Array.from(list));
    const size = total > 50000 ? 3 : total > 5000 ? 4.5 : total > 1000 ? 6 : 8;
    const dark = isDark();
    let place = 0;
    const traces = this.categories.map((category, i) => ({
      type: this.webgl ? "scattergl" : "scatter",
      mode: "markers",
      name: category.name,
      x: Float32Array.from(members[i], (p) => this.x[p]),
      y: Float32Array.from(members[i], (p) => this.y[p]),
      hoverinfo: "none",
      visible: this.solo === null || this.solo === i,
      marker: {
        size, opacity: category.role === "rest" || category.role === "unlabelled" ? 0.55 : 0.9,
        color: colourOf(category.role, category.role === "palette" ? place++ : 0, dark),
        line: { width: 0 },
      },
      selected: { marker: { opacity: 1 } },
      unselected: { marker: { opacity: dark ? 0.1 : 0.08 } },
      selectedpoints: null,
    }));
    return { members, traces, shown };
  }

  layout() {
    const axis = () => ({
      visible: false, zeroline: false, showgrid: false, fixedrange: false,
      autorangeoptions: {}, uirevision: this.revision,
    });
    return {
      xaxis: axis(), yaxis: { ...axis(), scaleanchor: "x", scaleratio: 1 },
      margin: { l: 4, r: 4, t: 4, b: 4 }, showlegend: false, hovermode: "closest",
      spikedistance: 0, hoverdistance: REACH, dragmode: this.dragmode(), uirevision: this.revision,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", shapes: [],
      newshape: { line: { color: isDark() ? "#fff" : "#222", width: 1.5, dash: "dot" }, fillcolor: "rgba(128,128,128,.12)" },
      transition: { duration: 0 },
    };
  }

  dragmode() {
    return this.tool === "lasso" ? "drawclosedpath" : "pan";
  }

  /** Plotly tells no click while a line can be drawn, so a press that did not move is one. */
  listen() {
    let start = null;
    this.plot.addEventListener("pointerdown", (event) => {
      start = event.isPrimary && event.button === 0 ? event : null;
    }, true);
    const release = (event) => {
      if (!this.plot.isConnected) return removeEventListener("pointerup", release, true);
      if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 5) {
        const hit = this.nearest(event.clientX, event.clientY);
        if (hit !== null) this.on.pick(hit);
      }
      start = null;
    };
    addEventListener("pointerup", release, true);
  }

  /** The point nearest to a place on the screen, or null where none is near enough. */
  nearest(clientX, clientY) {
    if (!this.drawn) return null;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const frame = this.plot.getBoundingClientRect();
    const left = clientX - frame.left - xaxis._offset, top = clientY - frame.top - yaxis._offset;
    let best = null, least = REACH * REACH;
    for (let i = 0; i < this.x.length; i++) {
      const dx = xaxis.c2p(this.x[i]) - left, dy = yaxis.c2p(this.y[i]) - top;
      const distance = dx * dx + dy * dy;
      if (distance <= least && (this.solo === null || this.codes[i] === this.solo)) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  wire() {
    const point = (event) => {
      const hit = event?.points?.[0];
      return hit ? this.members[hit.curveNumber][hit.pointNumber] : null;
    };
    this.plot.on("plotly_hover", (event) => {
      this.on.hover(point(event), event.event?.clientX ?? 0, event.event?.clientY ?? 0);
    });
    this.plot.on("plotly_unhover", () => this.on.hover(null, 0, 0));
    this.plot.on("plotly_relayouting", () => this.placeRing());
    this.plot.on("plotly_relayout", (change) => {
      const drawn = change?.shapes?.at?.(-1)?.path;
      if (drawn) this.close(drawn);
      this.placeRing();
    });
  }

  /** The drawn line is taken away and handed on as a polygon. */
  async close(path) {
    const corners = path.slice(1, -1).split("L").map((pair) => pair.split(",").map(Number));
    const every = Math.ceil(corners.length / CORNERS);
    const polygon = corners.filter((_, i) => i % every === 0);
    const Plotly = await plotly();
    await Plotly.relayout(this.plot, { shapes: [] });
    if (polygon.length > 2 && polygon.flat().every(Number.isFinite)) this.on.lasso(polygon);
  }

  watchContexts() {
    for (const canvas of this.plot.querySelectorAll("canvas")) {
      if (canvas.dataset.watched) continue;
      canvas.dataset.watched = "yes";
      canvas.addEventListener("webglcontextlost", () => this.restore(), { once: true });
    }
  }

  /** After a lost context: everything anew, with the view as it was. */
  restore() {
    clearTimeout(this.restoring);
    this.restoring = setTimeout(async () => {
      const Plotly = await plotly();
      const { xaxis, yaxis } = this.plot._fullLayout;
      const view = { "xaxis.range": [...xaxis.range], "yaxis.range": [...yaxis.range] };
      Plotly.purge(this.plot);
      this.drawn = false;
      await this.draw();
      await Plotly.relayout(this.plot, view);
    }, 50);
  }

  placeRing() {
    const layout = this.plot._fullLayout;
    if (this.current === null || !layout?.xaxis) { this.ring.hidden = true; return; }
    const { xaxis, yaxis } = layout;
    const left = xaxis._offset + xaxis.c2p(this.x[this.current]);
    const top = yaxis._offset + yaxis.c2p(this.y[this.current]);
    this.ring.hidden = !(left >= 0 && top >= 0 && left <= layout.width && top <= layout.height);
    this.ring.style.transform = `translate(${left}px, ${top}px)`;
  }

  resize() {
    if (!this.drawn || this.plot.offsetParent === null) return;
    plotly().then((P) => P.Plots.resize(this.plot)).then(() => this.placeRing());
  }
}
