/** What Python sends to the component: `payload.py`, `timeline.py`, `component.py`. */

import type { Aside, NodeData as GraphNodeData } from "../../graph_view/frontend/data.js";

/** JSON has no NaN or infinity: they travel as words. */
export type Sent = number | string;

export interface AutogradData {
  /** The nodes of ours, where they stand on its own page. */
  places: PlaceData[];
  aside: Aside;
  panes: PaneData[];
  frames: Frame[];
  /** How many of the frames are forward. */
  forward: number;
  /** Changes when the graphs do. */
  shape: string;
  /** In letters for the last row of a lecture hall. */
  large: boolean;
  /** T, or 0 where it does not matter. */
  steps: number;
  key: string;
}

/** What says where a node of ours stands. */
export type PlaceData = Pick<GraphNodeData, "id" | "kind" | "op" | "latex" | "shape" | "x" | "y">;

export interface PaneData {
  title: string;
  nodes: NodeData[];
  edges: [from: string, to: string][];
}

export interface NodeData {
  id: string;
  /** The node of ours whose place it has. */
  at: string;
  kind: string;
  /** A parameter, or its leaf: it feeds every step. */
  shared: boolean;
  /** Of a backward function; empty for a node of ours. */
  name: string;
  latex: string;
  symbol: string;
  shape: number[];
  value: Sent[];
  grad: Sent[] | null;
  /** The frames at which it is made and visited, null for never. */
  born: number;
  felt: number | null;
  links: string[];
  facts: [name: string, text: string][];
  later: [name: string, text: string][];
  /** What became of it, in a word. */
  mark?: string;
}

export interface Frame {
  phase: "forward" | "backward";
  current: string[];
  line: string;
  text: string;
}
