/** Commands on their way to Python: in order, none lost, none done twice, one rerun at a time. */

import { addressed, keepUnconfirmed } from "./unconfirmed.js";

const RESEND_AFTER_MS = 5000;
const REPLACED = new Set(["cell", "size", "series", "draw", "sample", "rows", "turn", "present"]);

/**
 * @typedef {object} Command
 * @property {string} do
 * @property {string} [field]
 * @property {number} [row]
 * @property {number} [column]
 * @property {string} [text]
 * @property {string} [name]
 * @property {string} [content]
 * @property {number} [size]
 * @property {boolean} [again]  asked for before the page was loaded anew, too
 */

export class Outbox {
  /** Tells this page's commands from those of another, or of the same page before a reload. */
  source = Math.random().toString(36).slice(2);
  /** @type {(Command & {n: number})[]} */
  #waiting = [];
  #last = 0;
  #inFlight = 0;
  #timer = 0;
  /** @type {?string} */
  #before = null; // what the address held when the commands in flight were sent
  /** @type {?string} */
  #mark = null;

  /** @type {(batch: {source: string, list: Command[]}) => void} */
  #send = () => {};

  /** @param {(batch: {source: string, list: Command[]}) => void} send reaches Python */
  connect(send) {
    this.#send = send;
  }

  /** @param {Command} command @returns {number} the number it is known by */
  push(command) {
    const newest = this.#waiting.at(-1);
    if (newest && newest.n > this.#inFlight && sameTarget(newest, command)) {
      newest.text = command.text;
      newest.row = command.row ?? newest.row;
      this.#keep();
      return newest.n;
    }
    this.#last += 1;
    this.#waiting.push({ ...command, n: this.#last });
    this.#flush();
    return this.#last;
  }

  /**
   * @param {Record<string, number>} done the last command taken from each source
   * @param {?string} mark what the address is to hold, also where it does not yet; null if it is not known
   */
  confirm(done, mark) {
    this.#mark = mark;
    const reached = done[this.source] ?? 0;
    this.#waiting = this.#waiting.filter((command) => command.n > reached);
    if (reached >= this.#inFlight) {
      this.#inFlight = 0;
      this.#before = null;
    }
    this.#flush();
  }

  /** Whether one is on its way that may make any number another one, as Undo does. */
  changesAnything() {
    return this.#waiting.some((command) => !["cell", "rows"].includes(command.do));
  }

  /** @param {number} n @returns {boolean} whether the command has been taken */
  isDone(n) {
    return !this.#waiting.some((command) => command.n === n);
  }

  #keep() {
    const isSent = (/** @type {{n: number}} */ command) => command.n <= this.#inFlight;
    keepUnconfirmed({
      before: this.#before,
      sent: this.#waiting.filter(isSent),
      unsent: this.#waiting.filter((command) => !isSent(command)),
    });
  }

  #flush() {
    const newest = this.#waiting.at(-1);
    if (this.#inFlight || !newest) {
      this.#keep();
      return;
    }
    clearTimeout(this.#timer);
    this.#inFlight = newest.n;
    this.#before ??= this.#mark ?? addressed();
    this.#keep();
    this.#send({ source: this.source, list: this.#waiting });
    this.#timer = setTimeout(() => {
      this.#inFlight = 0;
      this.#flush();
    }, RESEND_AFTER_MS);
  }
}

/** @param {Command} a @param {Command} b */
function sameTarget(a, b) {
  return (
    REPLACED.has(a.do) &&
    a.do === b.do &&
    a.field === b.field &&
    (a.do === "rows" || (a.row === b.row && a.column === b.column))
  );
}
