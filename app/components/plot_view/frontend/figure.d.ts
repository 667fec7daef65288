/** What the app uses of Plotly's figures, and of Plotly. */

import type { Stop } from "../../shared/frontend/data.d.ts";

export interface Font {
  family?: string;
  size?: number;
  color?: string | string[];
}

export interface Axis {
  range: [number, number];
  domain?: [number, number];
  anchor?: string;
  scaleanchor?: string;
  overlaying?: string;
  side?: string;
  type?: string;
  title?: { text: string; font?: Font };
  tickvals?: number[];
  ticktext?: string[];
  tickformat?: string;
  tickangle?: number;
  tickfont?: Font;
  ticks?: string;
  ticklen?: number;
  ticklabeloverflow?: string;
  tickcolor?: string;
  tick0?: number;
  dtick?: number;
  nticks?: number;
  exponentformat?: string;
  gridcolor?: string;
  zerolinecolor?: string;
  linecolor?: string;
  showline?: boolean;
  showticklabels?: boolean;
  uirevision?: string;
}

export interface ColourBar {
  tickfont?: Font;
  exponentformat?: string;
  ticktext?: string[];
}

export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref: string;
  yref: string;
  xanchor?: string;
  yanchor?: string;
  xshift?: number;
  yshift?: number;
  textangle?: number;
  borderpad?: number;
  bgcolor?: string;
  showarrow?: boolean;
}

export interface Layout {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number; autoexpand?: boolean };
  xaxis: Axis;
  yaxis: Axis;
  yaxis2?: Axis;
  annotations?: Annotation[];
  meta?: { lanes?: boolean; left?: boolean };
  coloraxis?: { colorscale?: Stop[]; colorbar: ColourBar };
  showlegend?: boolean;
  legend?: { orientation?: string; x?: number; y?: number; yanchor?: string };
  font?: Font;
  hoverlabel?: { bgcolor: string; bordercolor: string; font: Font };
  modebar?: { bgcolor: string; color: string; activecolor: string };
  paper_bgcolor?: string;
  plot_bgcolor?: string;
  dragmode?: string | false;
  hovermode?: string | false;
  uirevision?: string;
}

/** Roles that Python names and the theme of the page fills in. */
export interface Meta {
  scale?: "diverging" | "sequential";
  series?: number;
  accent?: boolean;
  path?: boolean;
  signed?: boolean;
  gradient?: boolean;
  ink?: "diverging" | "sequential";
  largest?: number;
}

export interface Marker {
  color?: string | string[] | Numbers;
  colorscale?: Stop[];
  symbol?: string | string[];
  line?: { color?: string };
}

export interface TraceOf<Column> {
  name?: string;
  type?: string;
  mode?: string;
  x: Column;
  y: Column;
  customdata: Column;
  text: string[];
  xaxis?: string;
  yaxis?: string;
  meta?: Meta;
  line?: { color?: string };
  marker?: Marker;
  textfont?: Font;
  visible?: boolean;
  colorscale?: Stop[];
  colorbar?: ColourBar;
  hovertemplate: string;
  showlegend?: boolean;
}

export type Numbers = Float64Array | Int32Array;
export type Trace = TraceOf<Numbers>;

export interface Figure {
  data: Trace[];
  layout: Layout;
}

export interface Drawing extends HTMLElement, Figure {
  on(event: "plotly_click", listener: (event: { points: { customdata: number }[] }) => void): void;
  on(event: string, listener: () => void): void;
}

export interface PlotlyModule {
  react(into: HTMLElement, data: Trace[], layout: Layout, config: object): Promise<Drawing>;
  purge(drawing: HTMLElement): void;
}
