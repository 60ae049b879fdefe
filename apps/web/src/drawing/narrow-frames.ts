/**
 * The boxes of frames that are too narrow for a label → one path of each colour. Most frames of a large flame graph are
 * a few pixels wide, and an element of its own for each is what takes the browser longest.
 */
import { ROW_HEIGHT, type FlameBox } from './flame-boxes.js';
import type { FlameNode } from './flame-tree.js';

/** Colour → what to fill with it, as the `d` of an SVG path. Between two boxes a pixel stays free, as in the export. */
export function narrowFrames(
  boxes: readonly FlameBox[],
  colourOf: (node: FlameNode) => string,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { node, x, y, width } of boxes) {
    const colour = colourOf(node);
    const filled = Math.max(0.5, width - 1).toFixed(2);
    const box = `M${x.toFixed(2)} ${y}h${filled}v${ROW_HEIGHT - 1}h-${filled}z`;
    paths.set(colour, (paths.get(colour) ?? '') + box);
  }
  return paths;
}
