/** What Streamlit calls for a component: one view for each place on the page, updated in place. */

import { onArrival, watchLinks } from "./on_the_way.js";
import { keepUntranslated } from "./untranslated.js";

const GIVEN_UP_AFTER_MS = 1000;

/**
 * The element that Python has made for a view.
 * @param {HTMLElement} parent
 * @param {string} selector
 * @returns {HTMLElement}
 */
export const rootIn = (parent, selector) => parent.querySelector(selector) ?? parent;

/**
 * What Streamlit hands to a component.
 * @template Data
 * @typedef {object} Component
 * @property {Data} data what Python sends
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue     asks for a rerun that reads it
 * @property {(name: string, value: unknown) => void} setTriggerValue   the same, for one rerun
 */

/**
 * Streamlit calls a component again at every change of its data, with the same parent. The view is
 * made once for a parent and then only updated, so what the user did to it survives every edit.
 *
 * @template Data
 * @template {{update: (data: Data) => void, destroy: () => void}} View
 * @param {object} parts
 * @param {Promise<unknown>} parts.styles                    waited for before anything is drawn
 * @param {(parent: HTMLElement) => View} parts.make
 * @param {(view: View) => (() => void)[]} parts.follow  begins to listen; what it returns ends that
 * @param {(view: View, component: Component<Data>) => void} [parts.connect]  before each update
 * @returns {(component: Component<Data>) => () => void}
 */
export function mounting({ styles, make, follow, connect = () => {} }) {
  /** @type {WeakMap<HTMLElement, {view: View, stops: (() => void)[]}>} */
  const mounted = new WeakMap();
  keepUntranslated();
  watchLinks();
  return (given) => {
    const component = { ...given, ...patient(given) };
    const { data, parentElement } = component;
    let stopped = false;
    styles.then(() => {
      if (stopped) return;
      const view = mounted.get(parentElement)?.view ?? make(parentElement);
      if (!mounted.has(parentElement)) mounted.set(parentElement, { view, stops: follow(view) });
      connect(view, component);
      view.update(data);
    });
    return () => {
      stopped = true;
      // A rerun also ends here and comes back with the same parent: only a removed one is given up.
      setTimeout(() => {
        const found = mounted.get(parentElement);
        if (!found || parentElement.isConnected) return;
        mounted.delete(parentElement);
        for (const stop of found.stops) stop();
        found.view.destroy();
      }, GIVEN_UP_AFTER_MS);
    };
  };
}

/**
 * What a component tells Python waits while the reader is on the way to another page.
 * @template Data
 * @param {Component<Data>} component
 * @returns {Pick<Component<Data>, "setStateValue"|"setTriggerValue">}
 */
export function patient({ parentElement, setStateValue, setTriggerValue }) {
  return {
    setStateValue: (name, value) => onArrival(parentElement, () => setStateValue(name, value)),
    setTriggerValue: (name, value) => onArrival(parentElement, () => setTriggerValue(name, value)),
  };
}
