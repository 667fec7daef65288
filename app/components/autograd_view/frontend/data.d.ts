/** What Python sends to the component: `payload.py`, `timeline.py`, `component.py`. */

/** JSON has no NaN or infinity: they travel as words. */
export type Sent = number | string;

export interface AutogradData {
  panes: PaneData[];
  frames: Frame[];
  /** How many of the frames are forward. */
  forward: number;
  /** Changes when the graphs do. */
  shape: string;
  /** T, or 0 where it does not matter. */
  steps: number;
  key: string;
}

export interface PaneData {
  title: string;
  nodes: NodeData[];
  edges: [from: string, to: string][];
}

export interface NodeData {
  id: string;
  x: number;
  y: number;
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
