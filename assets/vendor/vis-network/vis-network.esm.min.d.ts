/** What the app uses of vis-network. */

export interface Point {
  x: number;
  y: number;
}

export interface Item {
  id: string;
}

export class DataSet<Kind extends Item> {
  get(id: string): Kind | null;
  getIds(): string[];
  add(items: Kind[]): void;
  update(items: Kind[]): void;
  remove(ids: string[]): void;
  clear(): void;
}

/** What a node of shape "custom" is asked for each time it is drawn. */
export interface CustomNode extends Item, Point {
  fixed: boolean;
  shape: "custom";
  ctxRenderer(place: { ctx: CanvasRenderingContext2D; x: number; y: number }): {
    drawNode(): void;
    nodeDimensions: { width: number; height: number };
  };
}

export interface DrawnEdge extends Item {
  from: string;
  to: string;
  width: number;
  color: { color: string; highlight: string; opacity: number };
}

export interface Click {
  nodes: string[];
  pointer: { DOM: Point; canvas: Point };
}

export class Network {
  constructor(
    container: HTMLElement,
    data: { nodes: DataSet<CustomNode>; edges: DataSet<DrawnEdge> },
    options: object,
  );
  /** Not in its documentation: what blocks and asks for redraws. */
  body: { emitter: { emit(event: string): void } };
  on(event: "click", listener: (click: Click) => void): void;
  on(event: "beforeDrawing", listener: (context: CanvasRenderingContext2D) => void): void;
  on(event: "resize", listener: () => void): void;
  getNodeAt(place: Point): string | undefined;
  getScale(): number;
  getViewPosition(): Point;
  moveTo(look: { position?: Point; scale?: number; animation: boolean }): void;
  DOMtoCanvas(place: Point): Point;
  canvasToDOM(place: Point): Point;
  destroy(): void;
}
