/** What `rnn_core.program` says of a network: see `rnn_core/interpreter/described.py`. */

/** The name of a result, an operation, and what it reads: names, or numbers. */
export type Line = [name: string, op: string, operands: (string | number)[]];

/** Elementary operations, one after the other, and the name of the result, or the number it is. */
export interface Form {
  steps: Line[];
  result: string | number;
}

export interface Program {
  widths: { D: number; H: number; K: number };
  states: string[];
  parameters: Record<string, number[]>;
  lines: Line[];
  readout: string;
  logits: Line[];
  prediction: string;
  loss: WrittenLoss;
  ops: Record<string, WrittenFunction>;
}

/** φ(z) and its slope; names and numbers are put in for ⟦z⟧ and ⟦h⟧. */
export interface WrittenFunction {
  latex: string;
  words: string;
  slope_latex: string;
  value: Form;
  slope: Form;
}

/** A loss of a and y, as it is written, and how it is computed where that is another formula. */
export interface WrittenLoss {
  name: string;
  latex: string;
  stable: string;
  words: string;
  by_logit_latex: string;
  by_target_latex: string;
  prediction_latex: string;
  spans: boolean;
  value: Form;
  by_logit: Form;
  by_target: Form;
}
