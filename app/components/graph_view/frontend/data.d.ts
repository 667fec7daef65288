/** What Python sends to the graph component: `payload.py`, `component.py`, `detail.py`. */

import type { Level } from "../../shared/frontend/cursor.js";
import type { WrittenFunction, WrittenLoss } from "../../shared/frontend/interpreter/program.d.ts";
import type { Form } from "./written_form.js";

/** JSON has no NaN or infinity: they travel as words. */
export type Sent = number | string;

export interface GraphData {
  T: number;
  level: Level;
  offered: Level[];
  /** By level: those that are sent. */
  levels: Record<string, LevelData>;
  overview: { value: Numbers; grad: Numbers | null };
  /** The network, as `rnn_core.program` describes it, as JSON. */
  program: string;
  /** By state: what it is before the first step. */
  initial: Record<string, Numbers>;
  detail: Detail | null;
  arithmetic: Arithmetic | null;
  labels: string[] | null;
  /** Above the graph, by pass. */
  equations: Record<"forward" | "backward", SentEquation[]> | null;
  apart: string;
  /** What the browser runs while a number is dragged; null where it does not. */
  run: RunData | null;
  /** Whether computed numbers can be held. */
  holds: boolean;
  /** Whether its letters are for a lecture hall. */
  large: boolean;
  /** What is asked before it is shown; null where nothing can be. */
  predict: PredictData | null;
  focus?: {
    level: Level;
    selected: string | null;
    at: string;
    key: string;
    /** What a scene speaks of. */
    mentions: Mention[];
  };
}

/** `asking.py`. */
/** A quantity of a step, "t" for whichever is shown; or a weight, or its use in a step. */
export interface Mention {
  name: string;
  place: (number | string)[];
  use: number | null;
}

export interface PredictData {
  /** What is asked, a name of `kinds`; empty for nothing. */
  kind: string;
  kinds: [name: string, title: string][];
  /** Why nothing can be asked; empty where it can. */
  why: string;
  /** A number is right within this part of it. */
  tolerance: number;
  /** How many significant digits are asked for. */
  digits: number;
  /** By name: what is said of a mistake. */
  mistakes: Record<string, string>;
}

/** Names of what an equation says, the equation in LaTeX, and of which steps: "" for all. */
export type SentEquation = [names: string[], latex: string, steps: "" | "last" | "earlier"];

/** Numbers as Python sends them, base64 of float64, or as the browser has computed them. */
export type Numbers = string | Float64Array;

/** A run that the browser can do again: `following.py`. */
export interface RunData {
  /** Parameters, x, the states before the first step and, with a target, y. */
  given: Numbers;
  steps: number;
  batch: number;
  sample: number;
  target: boolean;
  truncate: number | null;
}

/** Numbers are in the order of the nodes and edges. */
export interface LevelData {
  topology: string;
  value: Numbers;
  grad: Numbers | null;
  local: Numbers | null;
  terms: number;
  held: Held | null;
}

/**
 * Another run of the same nodes: with numbers held, `at` some places, or pinned before a change. Its
 * numbers are as in `LevelData`, NaN for unknown; none where its nodes are others.
 */
export interface Held {
  kind: "held" | "pinned";
  at: HeldNumber[];
  said: string;
  loss: Sent | null;
  value: Numbers | null;
  grad: Numbers | null;
  local: Numbers | null;
}

export interface HeldNumber {
  place: string;
  value: number;
  id: string;
  /** What the program calls the array that it is of, and which number of the step; null: none. */
  variable: string | null;
  unit: number;
  /** Of a product with a row of a matrix: which of its terms. */
  term: number | null;
  entry: number;
  t: number;
  line: string | null;
}

/** Of some nodes, by place in a list of all: the one that each stands beside. */
export type Aside = [node: number, other: number][];

/** The topology, parsed. */
export interface Topology {
  key: string;
  level: Level;
  first: number;
  last: number;
  T: number;
  /** The cell's states, and all that has a value at each step. */
  states: string[];
  /** The weights by which a state of the step before goes on. */
  recurrent: string[];
  quantities: string[];
  /** Of the nodes, in computation order. */
  names: { [Name in "id" | "symbol" | "latex"]: string[] };
  fields: { [Name in keyof Omit<NodeData, "id" | "symbol" | "latex">]: Column<NodeData[Name]> };
  /** From and to by place, the places among the operands, and how much of the derivative is sent. */
  edges: { from: number[]; to: number[]; slots: Column<number[]>; size: Column<number> };
  /** Nodes that stand just to the left of others, taking no width of their column, by place. */
  aside: Aside;
  /** By operation: nodes that are a whole step. */
  wholes: Record<string, DescribedCell | DescribedState>;
}

/** An operation, as its entry in the core describes it. */
export type Entry =
  Described | DescribedCell | DescribedLoss | DescribedPrediction | DescribedState;

/** By operation. */
export type Entries = Record<string, Entry>;

export interface Described extends WrittenFunction {
  kind: "activation";
}

/** A step of the Elman network as one operation, with φ of that name. */
export interface DescribedCell {
  kind: "cell";
  of: string;
}

/** A prediction that a run computed in a way of its own. */
export interface DescribedPrediction {
  kind: "prediction";
  value: Form;
}

/** A state as one operation on the leaves of its step: `rnn_core/graph/described.py`. */
export interface DescribedState {
  kind: "state";
  state: string;
  leaves: string[];
  steps: [name: string, op: string, operands: (string | number)[], line: string][];
  lines: Record<string, { symbol: string; latex: string; is: string | null }>;
  local: Record<string, string[]>;
}

export interface DescribedLoss extends Omit<WrittenLoss, "name"> {
  kind: "loss";
  /** Whether a run did it so, operation by operation. */
  whole?: boolean;
}

/** The values that a field takes, and for each node which of them it has. */
export type Column<Value> = [values: Value[], at: number[]];

/** What a node is: the fields of the core's graph, `computational_graph`. */
export interface NodeData {
  id: string;
  kind: string;
  /** What it holds: a name of the trace, or "a", "p", "y", "l", "L"; null of a term in a line. */
  quantity: string | null;
  unit: number | null;
  /** That it is, or that it is a product of. */
  parameter: string | null;
  /** What such a product multiplies: quantity, step and, of a number, its unit. */
  reads: [quantity: string, t: number, unit?: number] | null;
  /** The line of the cell that it belongs to. */
  line: string | null;
  /** The variable of the cell's program that its numbers are of: `Draft.node`. */
  variable: string | null;
  /** The operations on the longest way to it inside its step. */
  layer: number | null;
  /** In words, where the cell says more than the kind; else empty. */
  title: string;
  t: number | null;
  index: number[] | null;
  symbol: string;
  latex: string;
  op: string | null;
  shape: number[];
  times: number;
  /** Its symbol at a step ⟦t⟧, of the rolled network. */
  at_step: string | null;
  /** Operands that are numbers of the cell: at which place, and which. */
  numbers: [place: number, value: number][] | null;
  x: number;
  y: number;
}

/** How the numbers of a run in a floating-point format were computed: `arithmetic.py`. */
export interface Arithmetic {
  dtype: string;
  /** The operations that it did in a way of its own. */
  ops: Entries;
}

export interface Detail {
  selected: string;
  level: Level;
  ledger?: Ledger;
  paths?: Paths;
  /** In the run with what is held. */
  held?: { ledger?: Ledger; paths?: Paths } | null;
}

export interface Ledger {
  name: string;
  latex: string;
  upstream_name: string;
  factor_name: string;
  rows: { t: number; upstream: Sent; factor: Sent | null; term: Sent }[];
  before: Sent | null;
  others: Sent | null;
  total: Sent;
}

export interface Paths {
  list: { symbols: string[]; product: Sent }[];
  total: string;
  sum: Sent;
  gradient: Sent;
}
