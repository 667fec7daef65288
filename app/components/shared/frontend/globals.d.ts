/** What the scripts of others leave behind: a global each, once it is loaded. */

import type { Katex } from "../../graph_view/frontend/katex.js";
import type { PlotlyModule } from "../../plot_view/frontend/figure.d.ts";

declare global {
  var katex: Katex | undefined;
  var Plotly: PlotlyModule | undefined;
}
