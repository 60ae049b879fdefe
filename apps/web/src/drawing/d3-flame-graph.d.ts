/** What the page uses of d3-flame-graph 5.0.0, which ships no types. */
declare module 'd3-flame-graph' {
  import type { Selection } from 'd3-selection';

  export interface FlameGraphNode<Datum> {
    readonly data: Datum;
    readonly x0: number;
    readonly x1: number;
    readonly depth: number;
    readonly value: number;
  }

  export interface FlameGraph<Datum> {
    (selection: Selection<HTMLElement, Datum, null, undefined>): FlameGraph<Datum>;
    width(pixels: number): this;
    height(pixels: number): this;
    cellHeight(pixels: number): this;
    minFrameSize(pixels: number): this;
    inverted(isIcicle: boolean): this;
    sort(by: boolean): this;
    tooltip(tooltip: FlameTooltip<Datum>): this;
    getName(name: (node: FlameGraphNode<Datum>) => string): this;
    setColorMapper(colour: (node: FlameGraphNode<Datum>, original: string) => string): this;
    update(data?: Datum): this;
    destroy(): this;
  }

  export interface FlameTooltip<Datum> {
    (selection: unknown): void;
    show(event: MouseEvent, node: FlameGraphNode<Datum>): void;
    hide(): void;
  }

  export default function flamegraph<Datum>(): FlameGraph<Datum>;
}
