/** What a node is, in words, where its cell does not say it. */

import { parameterWords } from "../../shared/frontend/symbols/meaning.js";

/** @import { GraphNode } from "./structure.js" */

/** @type {Record<string, string>} */
const KINDS = {
  input: "input",
  parameter: "parameter, shared by all steps",
  product: "product",
  sum: "pre-activation",
  activation: "hidden state",
  state: "initial state",
  logit: "logit",
  probability: "prediction",
  target: "target",
  loss: "loss",
  rest: "the steps not shown",
};

/** What a node is, in words. @param {GraphNode} node */
export function kindOf(node) {
  const own = node.kind === "parameter" && parameterWords(node.parameter);
  return node.title || (own ? `${own}, shared by all steps` : (KINDS[node.kind] ?? node.kind));
}
