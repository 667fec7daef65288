/** What Python sends: `sheet_view/payload.py`. */

import type { LevelData } from "../../graph_view/frontend/data.js";
import type { Notation } from "../../shared/frontend/data.js";
import type { Rules } from "../../shared/frontend/marks.js";

/** `rnn_core/practice/recording.py`: operations on results before them; of numbers, null is NaN. */
export interface TapeData {
  names: string[];
  numbers: (number | null)[];
  code: number[];
}

/** By question, the places of results on the tape. */
export interface MarkingData extends Rules {
  tape: TapeData;
  expected: number[];
  granted: number[];
  slips: [name: string, place: number][][];
}

/** A quantity that is asked for: its questions are those from `first` on. */
export interface Asked {
  of: "value" | "gradient";
  quantity: string;
  t: number | null;
  latex: string;
  /** In words, and as it is written in a sentence. */
  spoken: string;
  written: string;
  shape: number[];
  /** What each of its numbers is called; empty where there is one alone. */
  places: string[];
  first: number;
  hint: Hint | null;
}

/** `sheet_view/hints.py`: the formula, and its right-hand side in parts. */
export interface Hint {
  formula: string;
  put: HintPart[];
}

/** LaTeX as it is, or the numbers of the quantity whose first question stands there. */
export type HintPart = string | { at: number; turned: boolean };

/** Numbers for fields, by question; each telling is taken once. */
export interface Told {
  n: number;
  sheet: string;
  texts: Record<string, string>;
}

export interface SheetData {
  name: string;
  /** Of the sheet's cell, which may be another one than the sidebar's; null for ours. */
  notation: Notation | null;
  /** What is asked for. */
  part: string;
  /** For a lecture hall. */
  large: boolean;
  questions: number;
  graph: { level: LevelData; program: string; initial: Record<string, string> };
  /** The equations of the network, in LaTeX. */
  formulas: string[];
  marking: MarkingData;
  /** The answers, by question, as they are written. */
  key: string[];
  blocks: { title: string; asked: Asked[] }[];
  /** What comes before the part that is asked for. */
  given: Asked[];
  /** Said when all that is asked for is right, and what each way on is called, by its name. */
  next: { said: string; ways: Record<string, string> };
  told: Told | null;
}
