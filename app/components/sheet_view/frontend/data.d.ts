/** What Python sends: `sheet_view/payload.py`. */

import type { LevelData } from "../../graph_view/frontend/data.js";
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
