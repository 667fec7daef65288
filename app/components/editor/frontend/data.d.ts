/** What Python sends to the controls: `payload.py`, `component.py`, and what became of the commands. */

import type { Notation, Run, Symbols } from "../../shared/frontend/data.d.ts";

export interface EditorData {
  options: Options;
  preset: string | null;
  title: string;
  /** The title; a preset's says so where the experiment was changed. */
  called: string;
  sizes: Record<string, number>;
  cell: string;
  activation: string;
  loss: string;
  readout: string;
  has_target: boolean;
  truncate: number | null;
  sample: number;
  sequence: SequenceData;
  weights: WeightsData;
  fields: FieldData[];
  can_undo: boolean;
  can_redo: boolean;
  /** The number of the last command taken from each source. */
  done: Record<string, number>;
  /** Significant digits of computed numbers, on the whole page. */
  digits: number;
  /** Whose names symbols have, on the whole page; null for ours. */
  notation: Notation | null;
  /** What the page's symbols mean, and where they are those of the experiment's run, its numbers. */
  symbols: Symbols;
  numbers: Run | null;
  fault: Fault | null;
  said: SaidData | null;
  file: FileData | null;
  /** What became of a scene that was added. */
  added: { n: number; source: string; text: string } | null;
  /** Names an experiment that is too long for the address. */
  mark: string | null;
  /** Whether the address names one that Python does not have. */
  missing: boolean;
  kept: { mark: string; text?: string } | null;
  /** Files that the session has, or knows to be lost (no mark), by place; null if none are known yet. */
  files: Record<string, OwnFile> | null;
  /** Whether the tab is to say what it has kept, also where that is nothing. */
  asks_for_files: boolean;
  /** The lesson that is written: its mark, and its text where that is new; null if there was none. */
  lesson: { mark: string; text: string } | null;
  /** Which scene is open, in words; empty for none. */
  scene: string;
  /** What has become of what was asked for, to who does not see it. */
  spoken: string;
  /** Of the lesson that is open, the scene and how many there are, 0 for none; and the show. */
  show: {
    scene: number;
    last: number;
    presents: boolean;
    /** Whether the page can be presented. */
    offered: boolean;
    /** Whether the page that is drawn is the scene's. */
    there: boolean;
    /** Whether the scene has an answer that is not shown yet. */
    answers: boolean;
  } | null;
}

/** A file of the reader's own; its content, packed, where that is new. */
export interface OwnFile {
  name: string;
  mark: string;
  read?: string;
  content?: string;
}

/** What can be chosen: a name, a title, and for some a text about it. */
export interface Options {
  presets: string[][];
  cell: string[][];
  activation: string[][];
  loss: string[][];
  readout: string[][];
  scheme: string[][];
  series: string[][];
  scaling: string[][];
  largest_weights: number;
}

/** A text has `text`, `alphabet` and `symbols`, a series `first` and `scaling`. */
export interface SequenceData {
  kind: string;
  text?: string;
  alphabet?: string;
  symbols?: string;
  first?: number;
  scaling?: string;
}

/** Drawn ones say how. */
export interface WeightsData {
  kind: "given" | "drawn";
  /** The recurrent matrix, and its spectral radius; null of a cell that has several, or none. */
  recurrent: string | null;
  radius: number | null;
  scheme?: string;
  seed?: number;
  spectral_radius?: number | null;
  edits?: number;
}

/** Of a long field, the rows from `first` on. */
export interface FieldData {
  name: string;
  vector: boolean;
  /** Fields of one group stand in a row. */
  group: string;
  rows: number;
  columns: number;
  first: number;
  values: number[][];
}

/** A command that was refused, and why. */
export interface Fault {
  do: string;
  field?: string;
  row?: number;
  column?: number;
  text: string;
  sentence: string;
}

/** What was understood of what was opened or pasted. */
export interface SaidData {
  do: string;
  field?: string;
  text: string;
  choices: string[];
}

/** A file that was asked for: as text, or as base64. */
export interface FileData {
  n: number;
  source: string;
  name: string;
  type: string;
  text?: string;
  base64?: string;
}
