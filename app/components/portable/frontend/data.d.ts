/** What Python writes into a page that works without a server: `data.py`, `shape.py`. */

import type { Level } from "../../shared/frontend/cursor.js";
import type { Common, Notation, Symbols } from "../../shared/frontend/data.d.ts";
import type { FieldData } from "../../editor/frontend/data.d.ts";
import type { Column, GraphData, Ledger, Topology } from "../../graph_view/frontend/data.d.ts";

export interface PageData {
  common: Common;
  title: string;
  /** What network it is, in one line. */
  about: string;
  experiment: Kept;
  /** What is looked at first. */
  view: { level: Level; selected: string | null; at: string };
  digits: { first: number; choices: number[] };
  /** Whose names the symbols have: the name of one of the choices, or empty for ours. */
  notation: { first: string; choices: Notation[] };
  symbols: Symbols;
  /** The names of what has a value at each step. */
  quantities: string[];
  fields: FieldData[];
  /** By field: why its numbers cannot be changed here. */
  fixed: Record<string, string>;
  /** By field: the least and the largest of its numbers, where not all are taken. */
  bounds: Record<string, [least: number, largest: number]>;
  /** How many numbers can be held at once. */
  held: number;
  ledger: { rows: number; of: Record<string, LedgerData> };
  /** What is said where nothing can be asked, since a number is not finite. */
  infinite: string;
  graph: Pick<GraphData, "T" | "offered" | "program" | "labels" | "equations" | "predict"> & {
    run: NonNullable<GraphData["run"]>;
  };
  /** What stands for a step in a name, and how far that is from the node's own. */
  signs: Record<string, number>;
  levels: Record<string, PackedLevel>;
}

/** The experiment, for the app. */
export interface Kept {
  /** As a link has it; empty where it is too large for the page. */
  token: string;
  /** What its sequence is as soon as a number of it is changed; null where its numbers are in it. */
  numbers: { values: number[][][]; target: number[][][] } | null;
  /** The shape of its initial states, of which there are none where all are zero. */
  states: { rows: number; columns: number };
  /** How many of them fit into an address. */
  longest: number;
  /** Of the file. */
  version: number;
}

/** What stands above a ledger, its place as ⟦i⟧ and ⟦j⟧; and what its terms are products of. */
export interface LedgerData extends Pick<
  Ledger,
  "name" | "latex" | "upstream_name" | "factor_name"
> {
  line: string;
  vector: string | null;
}

export interface PackedLevel {
  shape: PackedShape;
  value: Left;
  grad: Left | null;
  local: Left | null;
  terms: number;
}

/** As `Topology`, but that names have signs for steps, and some numbers are told by their rises. */
export interface PackedShape extends Omit<Topology, "names"> {
  names: { [Name in keyof Topology["names"]]: Column<string> };
}

/** Those of some numbers that the page does not compute: their places, as they rise. */
export interface Left {
  size: number;
  at: number[];
  numbers: string;
}
