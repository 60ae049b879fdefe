/** Bands of live bytes → their upper edges when stacked, the heaviest lowest. */
import type { BandsAnswer } from '../api/question.js';

export interface StackedBand {
  readonly name: string;
  readonly rest: boolean;
  /** Of libraries; null where a band is of none. */
  readonly category: string | null;
  /** Passes what it holds; null where no filter says that. */
  readonly filter: string | null;
  /** Live bytes by row. */
  readonly bytes: Float64Array;
  /** Sum with all bands below it, by row. */
  readonly top: Float64Array;
}

/** In the order of the answer, those that show; the first one stands on the axis. */
export function stackBands({ head, length, column }: BandsAnswer, isShown?: readonly boolean[]): StackedBand[] {
  let below = new Float64Array(length);
  return head.bands.flatMap((band, index) => {
    if (isShown?.[index] === false) return [];
    const bytes = column[`b${index}`] ?? new Float64Array(length);
    const top = new Float64Array(length);
    for (let row = 0; row < length; row++) top[row] = below[row]! + (bytes[row] || 0);
    below = top;
    return { ...band, bytes, top };
  });
}
