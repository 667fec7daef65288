/** What Python sends to the plots component: `app/figures`, `component.py`. */

import type { Layout, TraceOf } from "./figure.d.ts";

/** Numbers as base64 of little-endian bytes; the shape, of a matrix, is "rows, columns". */
export interface Packed {
  dtype: "f8" | "i4";
  bdata: string;
  shape?: string;
}

export interface PlotsData {
  T: number;
  groups: Group[];
  factors: FactorsData | null;
  columns?: number;
  /** Whether they stand side by side where there is less room, too. */
  close?: boolean;
  /** Whether the charts follow a player, and lead it. */
  player: boolean;
  /** The names of the network's, as a position of the player may have them. */
  parameters: string[];
}

export interface Group {
  name: string;
  /** Null for those that were not asked for. */
  charts: Chart[] | null;
  /** What is said where there are no charts. */
  empty: string;
}

export interface Chart {
  id: string;
  title: string;
  /** Of a chart over time: "f" for values, "b" for gradients; else empty. */
  phase: "f" | "b" | "";
  /** Its numbers are gradients. */
  late?: boolean;
  wide?: boolean;
  views: View[];
  tables: TableData[];
}

export interface View {
  name: string;
  /** What a reader reads of it in place of its name, in a notation of others. */
  title?: string;
  text: string;
  notes: string[];
  /** The words while the loss has not been reached. */
  early?: string;
  figure: SentFigure | null;
}

export interface SentFigure {
  data: SentTrace[];
  layout: Layout;
}

export type SentTrace = TraceOf<Packed | ArrayLike<number>>;

export interface TableData {
  head: string[];
  rows: string[];
  cells: Packed;
  note?: string;
  /** How many of the heads are of values: the others are of gradients. */
  early?: number;
}

/** What the terms of each parameter's gradient are products of; `first`: the first step read out. */
export interface FactorsData {
  T: number;
  /** The parameter that is shown until another one is chosen. */
  first: string;
  /** By parameter: the arrays whose products its terms are; null in place of the second of a vector. */
  of: Record<string, [string, string | null]>;
  /** A row for each of the last steps; "h" from h_0 on. */
  arrays: Record<string, Packed>;
}
