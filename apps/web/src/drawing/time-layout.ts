/** Where times and bytes stand in a plot of so many pixels. */
import { scaleLinear, type ScaleLinear } from 'd3-scale';

export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface TimeLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: PlotBox;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** RSS by itself, above; left out where it has no place of its own. */
  readonly rss?: TimeLayout;
}

/** Milliseconds from left to right, bytes from the bottom up to `mostBytes` with some air above it. */
export function layoutTime(
  size: { readonly width: number; readonly height: number },
  plot: PlotBox,
  span: { readonly fromMs: number; readonly toMs: number },
  mostBytes: number,
): TimeLayout {
  const { fromMs } = span;
  const toMs = Math.max(span.toMs, fromMs + 1e-3);
  return {
    ...size,
    plot,
    x: scaleLinear([fromMs, toMs], [plot.left, plot.right]),
    y: scaleLinear([0, Math.max(1, mostBytes * 1.04)], [plot.bottom, plot.top]),
  };
}

/** The greatest known value of some columns; 0 where nothing is known. */
export function mostOf(...columns: readonly (Float64Array | undefined)[]): number {
  let most = 0;
  for (const column of columns) {
    if (column !== undefined) for (const value of column) if (value > most) most = value;
  }
  return most;
}
