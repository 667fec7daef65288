/** What Python tells the page once, before it loads a front end: `app/figures/common.py`. */

export type Rgb = [red: number, green: number, blue: number];

/** A place of one of Plotly's scales, from 0 to 1, and its colour. */
export type Stop = [at: number, colour: string];

export interface Common {
  /** Of the graph, from the coarsest: the name of each, and its title. */
  levels: [name: string, title: string][];
  /** The level of a graph that nobody has chosen one for. */
  level: string;
  /**
   * Numbers from `smallest` to below `largest` are written without an exponent, with `digits` where
   * nobody has asked for others; `hover` stands in a figure for Plotly's format of so many.
   */
  numbers: { smallest: number; largest: number; digits: number; hover: string };
  /** The floating-point formats, by name. */
  formats: Record<string, FloatFormat>;
  /** The longest paste and the largest file that are taken, and the largest seed. */
  limits: { paste: number; file: number; seed: number };
  /** What is left between the boxes of a graph, in pixels. */
  gaps: Gaps;
  /** How much the time axis of a graph shrinks at the most. */
  shrink: number;
  /** How high the letters of a chart are, and how wide its margin on the left, in pixels. */
  charts: { letters: number; left: number };
  /** What is taken for 0, and what comes from rounding, as a part of a number. */
  marking: { nothing: number; rounding: number };
  /** How the names of files end: of weights that are opened, and that are only told how to convert. */
  endings: { text: string[]; weights: string[]; converted: string[] };
  colours: Colours;
}

/** Digits that tell each number from all others; bits after the first; least exponent; largest. */
export interface FloatFormat {
  digits: number;
  bits: number;
  least: number;
  largest: number;
}

/** Between rows, of products and of all else; columns; parameters; from these to all others. */
export interface Gaps {
  row: number;
  product: number;
  column: number;
  parameter: number;
  parameters: number;
}

export interface Colours {
  themes: { light: Palette; dark: Palette };
  /** The power of a number's share of the largest: it keeps small ones apart from zero. */
  root: number;
  /** The luminance on which both inks have the same contrast. */
  even: number;
  inks: { dark: string; light: string };
  /** The page's own, where it does not say them. */
  page: { background: string; secondary: string; text: string; border: string; primary: string };
  caution: string;
  wrong: string;
}

/** What the symbols of a run mean, in words, by the name of a quantity, a parameter or a letter. */
export interface Symbols {
  quantities: Record<string, string>;
  parameters: Record<string, string>;
  general: Record<string, string>;
  /** Those of a page of its own, as they are written. */
  page: Record<string, string>;
  /** Those of other cells, and those that stand for each gate in turn. */
  others: Record<string, string>;
  /** How others call a quantity or a parameter: who, and the symbol. */
  elsewhere: Record<string, [who: string, symbol: string][]>;
  /** How the prediction is written. */
  prediction: string;
  /** Those that δ is the gradient by. */
  sums: string[];
}

/** The numbers of a run, one array after the other; rows of a quantity end with step T. */
export interface Run {
  T: number;
  values: Record<string, number[]>;
  value: string | Float64Array;
  gradients: Record<string, number[]>;
  gradient: string | Float64Array;
}

/** A letter in LaTeX, and what stands below and above it besides its step and unit. */
export type Renamed = [base: string, below: string, above: string];

/** What stands for each symbol of a cell in a notation of others: `rnn_core/cells/renaming.py`. */
export interface Renaming {
  name: string;
  title: string;
  rows: boolean;
  raised: boolean;
  quantities: Record<string, Renamed>;
  deltas: Record<string, Renamed>;
  parameters: Record<string, Renamed>;
  second: Record<string, Renamed>;
  matrices: string[];
  gate: string;
  gates: Record<string, string>;
  /** Quantities of other cells. */
  others: string[];
  size_letters: Record<string, Renamed>;
}

/** A notation of others, and what the page means by letters of its own. */
export interface Notation {
  table: Renaming;
  own: string[];
}

export interface Palette {
  negative: Rgb;
  positive: Rgb;
  zero: Rgb;
  canvas: {
    card: string;
    line: string;
    edge: string;
    faint: string;
    warning: string;
    right: string;
  };
  diverging: Stop[];
  sequential: Stop[];
  series: string[];
}
