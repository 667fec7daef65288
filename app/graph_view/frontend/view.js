/** Binds model, cursor and parts: what is shown follows from the data, the cursor and the mode. */

import { diverging, largestOf } from "../shared/colour.js";
import { cursor } from "../shared/cursor.js";
import { download, el, setText, themeOf } from "../shared/dom.js";
import { flowOf } from "./equations.js";
import { framesOf } from "./frames.js";
import { Inspector } from "./inspector.js";
import { onKey } from "./keys.js";
import { decode, modelOf } from "./model.js";
import { Overview } from "./overview.js";
import { Player } from "./player.js";
import { Table } from "./table.js";
import { toolbar } from "./toolbar.js";
import { Viewer } from "./viewer.js";
import { sentenceOf } from "./words.js";

const ASK_AFTER_MS = 120;
const MOST_WITHOUT_OVERVIEW = 12;
const PARAMETER = /^(W_xh|W_hh|b_h|W_hy|b_y)\[(\d+)(?:,(\d+))?\]$/;

export class GraphView {
  constructor(root) {
    this.root = root;
    this.models = new Map();
    this.position = 0;
    this.version = 0;
    this.mode = null; // null: value forward, gradient backward
    this.pending = 0;
    this.build();
  }

  build() {
    this.player = new Player({
      go: (position) => this.go(position),
      position: () => this.position,
      end: () => this.frames.end,
    });
    this.player.onPlaying = null;
    this.player.hooks.onPlaying = (playing) => this.status.setAttribute("aria-live", playing ? "off" : "polite");
    this.inspector = new Inspector({ select: (id) => this.select(id), pick: (item, k) => this.pick(item, k) });
    this.table = new Table({ rows: () => this.rows(), select: (id) => this.select(id) });
    this.overview = new Overview({ jump: (step) => this.jump(step) });
    this.canvas = el("div", { class: "ur-canvas" });
    this.tools = toolbar({
      level: (level) => this.setLevel(level),
      mode: (mode) => this.setMode(mode),
      fit: () => this.viewer.fit(),
      zoom: (factor) => this.viewer.zoom(factor),
      png: () => download(`graph-${this.model.level}.png`, this.viewer.png(this.theme.background)),
    });
    this.status = el("p", { class: "ur-status", role: "status", "aria-live": "polite" });
    this.stage = el(
      "div",
      {
        class: "ur-stage",
        tabindex: 0,
        role: "application",
        "aria-label": "Computational graph. Arrow keys step, Space plays, Alt and arrow keys select a node.",
        onkeydown: (event) => onKey(event, this),
        onpointerdown: () => this.stage.focus({ preventScroll: true }),
      },
      this.canvas,
      this.tools.legend,
      this.tools.camera,
    );
    this.frame = el(
      "div",
      { class: "ur-graph" },
      el(
        "div",
        { class: "ur-main" },
        this.tools.element,
        this.stage,
        this.overview.element,
        this.player.element,
        this.status,
      ),
      this.inspector.element,
      this.table.element,
    );
    this.root.replaceChildren(this.frame);
    this.viewer = new Viewer(this.canvas, {
      onSelect: (id) => this.select(id),
      onMove: () => this.afterMove(),
      stateOf: () => ({ step: this.step(), atEnd: this.position >= this.frames.end }),
      lookOf: (node) => this.lookOf(node),
      edgeLook: (edge) => this.edgeLook(edge),
    });
  }

  /** New data from Python: an edit, another level, another chunk, or an answer to a question. */
  update(data) {
    this.data = data;
    this.version += 1;
    this.models.clear();
    this.strips = { value: decode(data.overview.value), grad: decode(data.overview.grad) };
    this.theme = this.readTheme();
    const level = cursor.get().level in data.levels ? cursor.get().level : data.level;
    this.tools.show({ levels: data.offered, T: data.T });
    this.showLevel(level);
  }

  showLevel(level) {
    const payload = this.data.levels[level];
    if (!this.models.has(level)) this.models.set(level, modelOf(payload));
    this.model = this.models.get(level);
    if (this.framed !== this.model.nodes) {
      this.framed = this.model.nodes;
      this.frames = framesOf(this.model);
    }
    this.flows = new Map();
    this.rescale();
    const { at, t } = cursor.get();
    this.moveTo(this.frames.locate(at, t), false);
    this.mark();
    this.viewer.show(this.model, this.data.name ?? "graph");
    this.render(true);
    this.publish();
  }

  rescale() {
    const { dark } = this.theme;
    const scalars = this.model.nodes.filter((node) => node.kind !== "parameter" && node.id !== "L");
    const gather = (numbersOf) => largestOf(scalars.flatMap((node) => [...numbersOf(node)]));
    this.scales = {
      value: diverging(largestOf(this.model.value) || 1, dark),
      gradient: diverging(this.model.grad ? gather(this.model.gradOf) || 1 : 1, dark),
    };
    this.largestFlow = 0;
  }

  readTheme() {
    const theme = themeOf(this.root);
    return {
      ...theme,
      card: theme.dark ? "#1b1f29" : "#ffffff",
      line: theme.dark ? "#8b93a5" : "#6b7280",
      edge: theme.dark ? "#8b93a5" : "#7b8494",
      faint: theme.dark ? "#98a1b3" : "#5f6877",
      warning: theme.dark ? "#ff8f8f" : "#c02626",
    };
  }

  onTheme() {
    this.theme = this.readTheme();
    this.rescale();
    this.viewer.styles.clear();
    this.render(true);
  }

  /** Somebody else moved the cursor (a plot, the address bar). */
  onCursor() {
    if (!this.model || this.publishing) return;
    const { level, at, t } = cursor.get();
    if (level !== this.model.level) {
      if (level in this.data.levels) this.showLevel(level);
      return;
    }
    const position = this.frames.locate(at, t);
    if (position !== this.position) this.moveTo(position, true);
    this.render(true);
  }

  go(position) {
    const began = performance.now();
    const next = Math.max(0, Math.min(this.frames.end, position));
    this.moveTo(next, true);
    this.publish();
    this.render(false);
    this.frame.dataset.stepMs = (performance.now() - began).toFixed(2);
  }

  moveTo(position, reveal) {
    this.position = position;
    if (!reveal) return;
    this.mark();
    const frame = this.frames.at(position);
    this.viewer.place(this.step());
    if (frame) this.viewer.reveal(frame.node);
    this.askForMore();
  }

  /** Time step of the position; the end counts as the last step. */
  step() {
    if (this.position >= this.frames.end) return this.model.T;
    return this.frames.at(this.position)?.step ?? 0;
  }

  phase() {
    if (this.position >= this.frames.end) return this.model.grad ? "backward" : "forward";
    return this.frames.at(this.position)?.phase ?? "forward";
  }

  publish() {
    this.publishing = true;
    cursor.set({
      at: this.frames.nameAt(this.position),
      t: this.step(),
      phase: this.phase(),
      level: this.model.level,
    });
    this.publishing = false;
  }

  showsGradient() {
    if (!this.model.grad) return false;
    return (this.mode ?? (this.phase() === "backward" ? "gradient" : "value")) === "gradient";
  }

  known(node) {
    return this.frames.known[node.i] <= this.position;
  }

  felt(node) {
    return this.frames.felt[node.i] <= this.position;
  }

  lookOf(node) {
    const gradient = this.showsGradient();
    const numbers = gradient ? (this.felt(node) ? this.model.gradOf(node) : null) : this.known(node) ? this.model.valueOf(node) : null;
    return {
      numbers,
      gradient,
      scale: gradient ? this.scales.gradient : this.scales.value,
      current: this.current === node,
      operand: this.operands.has(node),
      selected: this.selectedNode === node,
      theme: this.theme,
    };
  }

  edgeLook(edge) {
    const active = this.active.has(edge);
    const chosen = this.selectedEdge === edge;
    const near = this.selectedNode && (edge.from === this.selectedNode || edge.to === this.selectedNode);
    const shared = edge.from.kind === "parameter";
    let width = 1;
    if (this.showsGradient() && this.felt(edge.from)) {
      const share = this.largestFlow > 0 ? Math.min(1, this.flow(edge) / this.largestFlow) : 0;
      width = 0.6 + 6 * (Number.isFinite(share) ? Math.sqrt(share) : 1);
    }
    if (active || chosen) {
      return { width: Math.max(2.5, width), colour: this.theme.primary, opacity: 1, arrow: 0.6, dashes: false };
    }
    const opacity = near ? 1 : shared ? 0.28 : 0.75;
    return { width, colour: near ? this.theme.text : this.theme.edge, opacity, arrow: 0.45, dashes: false };
  }

  flow(edge) {
    if (!this.flows.has(edge)) this.flows.set(edge, flowOf(this.model, edge));
    return this.flows.get(edge);
  }

  /** Marks of the position: the node computed and the edges that carry what it is made of. */
  mark() {
    const frame = this.frames.at(this.position);
    this.current = frame?.node ?? null;
    const edges = !frame ? [] : frame.phase === "forward" ? frame.node.in : frame.node.out;
    this.active = new Set(edges);
    this.operands = new Set(edges.map((edge) => (frame.phase === "forward" ? edge.from : edge.to)));
    const { selected } = cursor.get();
    const part = PARAMETER.exec(selected ?? "");
    const named = this.model.byId.get(selected);
    this.selectedNode = named ?? (part ? this.model.byId.get(part[1]) : null) ?? null;
    this.selectedEdge = this.model.edgeById.get(selected) ?? null;
    this.component = !named && part && this.selectedNode ? indexOf(this.selectedNode, part) : (this.parts?.get(selected) ?? 0);
  }

  render(full) {
    this.mark();
    if (!this.largestFlow && this.showsGradient()) {
      this.largestFlow = largestOf(this.viewer.drawn.map((edge) => this.flow(edge)));
    }
    this.viewer.refresh();
    const sentence = sentenceOf(this.model, this.frames, this.position);
    setText(this.status, sentence);
    this.player.show(this.position, this.frames.forward, this.frames.end, sentence);
    this.tools.mark(this.model.level, this.showsGradient(), this.showsGradient() ? this.scales.gradient : this.scales.value, Boolean(this.model.grad));
    const node = this.selectedNode;
    const edge = this.selectedEdge;
    this.inspector.show({
      model: this.model,
      version: this.version,
      node,
      edge,
      component: this.component,
      known: node ? this.known(node) : edge ? this.known(edge.to) : false,
      felt: node ? this.felt(node) : edge ? this.felt(edge.to) : false,
      detail: this.detail(),
      detailVersion: this.detail() ? this.version : 0,
      time: this.model.level === "rolled" ? this.step() : 0,
    });
    this.drawOverview();
    if (full || this.table.element.open) this.table.show();
    this.describe();
  }

  /** Facts for tests and benchmarks, and for whoever reads the page by program. */
  describe() {
    const { dataset } = this.frame;
    dataset.level = this.model.level;
    dataset.at = this.frames.nameAt(this.position);
    dataset.version = String(this.version);
    dataset.stamp = String(this.data.stamp ?? "");
    dataset.visible = String(this.viewer.visible.length);
  }

  detail() {
    const { detail } = this.data;
    return detail && detail.selected === cursor.get().selected && detail.level === this.model.level ? detail : null;
  }

  afterMove() {
    this.table?.show();
  }

  drawOverview() {
    const needed = this.model.T > MOST_WITHOUT_OVERVIEW && this.model.level !== "rolled";
    this.overview.element.hidden = !needed;
    if (!needed) return;
    const gradient = this.showsGradient() && this.strips.grad;
    const values = gradient ? this.strips.grad : this.strips.value;
    this.overview.show({
      T: this.data.T,
      values,
      scale: this.overviewScale(gradient ? "gradient" : "value", values),
      window: this.viewer.window,
      step: this.step(),
      theme: this.theme,
      gradient: Boolean(gradient),
    });
  }

  overviewScale(name, values) {
    const key = `${name}|${this.version}|${this.theme.dark}`;
    if (this.overviewKey !== key) {
      this.overviewKey = key;
      this.strip = diverging(largestOf(values) || 1, this.theme.dark);
    }
    return this.strip;
  }

  rows() {
    return this.viewer.visible.map((node) => ({
      node,
      value: this.known(node) ? this.model.valueOf(node) : null,
      grad: this.model.grad && this.felt(node) ? this.model.gradOf(node) : null,
    }));
  }

  /** Move to a time step, in the phase that is on. */
  jump(step) {
    this.player.pause();
    const place = this.frames.first(this.phase(), step);
    if (place) this.go(place);
    else this.askFor(step);
  }

  select(id) {
    cursor.set({ selected: id });
    this.render(false);
    if (this.selectedNode) this.viewer.reveal(this.selectedNode);
    this.askSoon();
  }

  pick(item, k) {
    if (item.kind === "parameter") {
      const columns = item.shape[1] ?? 0;
      const index = columns ? `${Math.floor(k / columns) + 1},${(k % columns) + 1}` : k + 1;
      this.select(`${item.id}[${index}]`);
      return;
    }
    this.parts ??= new Map();
    this.parts.set(cursor.get().selected, k);
    this.render(false);
  }

  setLevel(level) {
    if (level === this.model.level || !this.data.offered.includes(level)) return;
    this.player.pause();
    if (level in this.data.levels) this.showLevel(level);
    else {
      cursor.set({ level });
      setText(this.status, "Building that level …");
    }
    this.askSoon();
  }

  setMode(mode) {
    this.mode = mode;
    this.render(false);
  }

  /** Python is told afterwards, once the user has come to rest. */
  askSoon() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const { selected, level } = cursor.get();
      cursor.flush(); // Python reads the address
      this.ask({ level, selected, step: this.step() });
    }, ASK_AFTER_MS);
  }

  /** Before the player runs out of a chunk, ask for the next. */
  askForMore() {
    const { first, last, T } = this.model;
    const margin = Math.min(40, Math.floor((last - first) / 4));
    const step = this.step();
    if (!step) return;
    if ((first > 1 && step < first + margin) || (last < T && step > last - margin)) this.askSoon();
  }

  askFor(step) {
    cursor.set({ at: `${this.phase() === "forward" ? "f" : "b"}:h[${step}]`, t: step });
    this.askSoon();
  }

  destroy() {
    clearTimeout(this.pending);
    this.player.destroy();
    this.overview.destroy();
    this.viewer.destroy();
  }
}

function indexOf(node, [, , row, column]) {
  const k = node.shape.length === 2 ? (Number(row) - 1) * node.shape[1] + Number(column ?? 1) - 1 : Number(row) - 1;
  return k >= 0 && k < node.size ? k : 0;
}
