/** A curve in one line of eighth blocks; what merges into one character shows its highest, so that no spike is lost. */

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** `values` from 0 to `greatest` (their own greatest by default), in at most `width` characters. */
export function drawSparkline(values: ArrayLike<number>, width: number, greatest = greatestOf(values)): string {
  const columns = Math.min(width, values.length);
  let line = '';
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    let most = 0;
    for (let at = first; at < end; at++) most = Math.max(most, values[at]!);
    const eighths = most > 0 ? Math.max(1, Math.round((most / Math.max(most, greatest)) * (BLOCKS.length - 1))) : 0;
    line += BLOCKS[eighths]!;
  }
  return line;
}

function greatestOf(values: ArrayLike<number>): number {
  let greatest = 0;
  for (let at = 0; at < values.length; at++) greatest = Math.max(greatest, values[at]!);
  return greatest;
}
