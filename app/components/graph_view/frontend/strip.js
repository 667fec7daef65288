/**
 * The equations above the graph: those of the pass that the player is in, the one in use lit.
 *
 * Both passes take the same place, so that nothing below moves where one turns into the other.
 */

import { el } from "../../shared/frontend/dom.js";
import { notationName } from "../../shared/frontend/notation/notation.js";
import { math } from "./katex.js";

/** @import { SentEquation } from "./data.d.ts" */
/** @import { Frame, Phase } from "./frames.js" */
/** @import { Model } from "./model.js" */

const OF_THE_READOUT = new Set(["a", "p", "l", "L"]);

export class Strip {
  constructor() {
    this.key = "";
    /** @type {?Phase} whose equations are seen */
    this.phase = null;
    /** @type {Record<Phase, {equation: SentEquation, element: HTMLElement}[]>} */
    this.lines = { forward: [], backward: [] };
    this.passes = {
      forward: passOf("forward"),
      backward: passOf("backward"),
    };
    this.element = el("div", { class: "ur-equations" }, ...Object.values(this.passes));
    const observer = new ResizeObserver(() => this.#sign());
    for (const pass of Object.values(this.passes)) {
      observer.observe(pass);
      pass.addEventListener("scroll", () => this.#sign(), { passive: true });
    }
  }

  /** That not all equations are in view is seen. */
  #sign() {
    const pass = Object.values(this.passes).find((each) => !each.classList.contains("ur-away"));
    if (!pass) return;
    const below = pass.scrollHeight - pass.clientHeight - pass.scrollTop;
    this.element.classList.toggle("ur-more", below > 1);
    this.element.classList.toggle("ur-before", pass.scrollTop > 1);
  }

  /** @param {?Record<Phase, SentEquation[]>} sent */
  take(sent) {
    this.element.hidden = !sent;
    const key = notationName() + JSON.stringify(sent);
    if (!sent || key === this.key) return;
    this.key = key;
    this.phase = null;
    for (const phase of /** @type {const} */ (["forward", "backward"])) {
      this.lines[phase] = sent[phase].map((equation) => ({
        equation,
        element: el("span", { class: "ur-equation" }, math(equation[1])),
      }));
      this.passes[phase].replaceChildren(...this.lines[phase].map(({ element }) => element));
    }
  }

  /**
   * @param {Model} model
   * @param {Phase} phase
   * @param {?Frame} frame
   */
  show(model, phase, frame) {
    if (this.element.hidden) return;
    for (const [name, pass] of Object.entries(this.passes)) {
      pass.classList.toggle("ur-away", name !== phase);
      pass.setAttribute("aria-hidden", String(name !== phase));
    }
    const isOther = phase !== this.phase;
    this.phase = phase;
    const says = frame ? saidBy(model, frame) : () => false;
    for (const { equation, element } of this.lines[phase]) {
      const lit = says(equation);
      if (element.classList.toggle("ur-lit", lit)) element.setAttribute("aria-current", "step");
      else element.removeAttribute("aria-current");
    }
    if (!isOther) this.reveal(phase);
    else {
      requestAnimationFrame(() => {
        this.#sign();
        this.reveal(phase);
      });
    }
  }

  /**
   * What is lit is in view, where not all equations are: by what was seen of that before, since
   * to measure it forces a layout at each step.
   * @param {Phase} phase
   */
  reveal(phase) {
    const lit = this.lines[phase].find(({ element }) => element.classList.contains("ur-lit"));
    const { classList } = this.element;
    if (!lit || !(classList.contains("ur-more") || classList.contains("ur-before"))) return;
    this.passes[phase].scrollTop = lit.element.offsetTop; // so that no line is cut
  }
}

/** They scroll where not all are in view, so the keyboard must reach them. @param {Phase} phase */
const passOf = (phase) =>
  el("div", {
    class: "ur-pass",
    role: "group",
    tabindex: 0,
    "aria-label": `Equations of the ${phase} pass`,
  });

/**
 * Whether an equation is what a frame computes by.
 * @param {Model} model
 * @param {Frame} frame
 * @returns {(equation: SentEquation) => boolean}
 */
function saidBy(model, { node, phase, step }) {
  const name = node.kind === "parameter" ? node.parameter : (node.line ?? node.quantity);
  const rule = model.states.has(name ?? "") ? model.ruleOf(node.op) : null;
  return ([names, , steps]) => {
    if (steps && phase === "backward" && (steps === "last") !== (step === model.T)) return false;
    return names.some(
      (each) =>
        each === name ||
        (rule?.inside?.(each) && !OF_THE_READOUT.has(each) && !model.known.parameters.has(each)),
    );
  };
}
