/** What `rnn_core.program` says of a network: see `rnn_core/interpreter/described.py`. */

/** The name of a result, an operation, and what it reads: names, or numbers. */
export type Line = [name: string, op: string, operands: (string | number)[]];

/** Elementary operations, one after the other, and the name of the result, or the number it is. */
export interface Form {
  steps: Line[];
  result: string | number;
}

export interface Program {
  sizes: { D: number; H: number; K: number };
  states: string[];
  parameters: Record<string, number[]>;
  lines: Line[];
  readout: string;
  logits: Line[];
  prediction: string;
  loss: { spans: boolean; value: Form; by_logit: Form; by_target: Form };
  ops: Record<string, { value: Form; slope: Form }>;
}
