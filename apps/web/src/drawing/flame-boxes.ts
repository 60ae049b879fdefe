/**
 * A flame tree → boxes with their places in pixels, for drawing it without d3-flame-graph (as SVG or PNG). Boxes
 * narrower than a pixel are left out, as on the screen.
 */
import type { FlameNode, FlameTree } from './flame-tree.js';

export interface FlameBox {
  readonly node: FlameNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface FlameLayout {
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly boxes: readonly FlameBox[];
}

export const ROW_HEIGHT = 20;

/** Callers first; with `upwards` the root stands at the bottom. */
export function layoutFlame({ top, depth }: FlameTree, width: number, upwards: boolean): FlameLayout {
  const height = (depth + 1) * ROW_HEIGHT;
  const boxes: FlameBox[] = [];
  const open: FlameBox[] = [place(top, 0, width)];
  for (let box = open.pop(); box !== undefined; box = open.pop()) {
    boxes.push(box);
    let x = box.x;
    for (const child of box.node.children) {
      const childWidth = box.node.value > 0 ? (box.width * child.value) / box.node.value : 0;
      if (childWidth >= 1) open.push(place(child, x, childWidth));
      x += childWidth;
    }
  }
  return { width, height, rowHeight: ROW_HEIGHT, boxes };

  function place(node: FlameNode, x: number, boxWidth: number): FlameBox {
    const y = upwards ? height - (node.depth + 1) * ROW_HEIGHT : node.depth * ROW_HEIGHT;
    return { node, x, y, width: boxWidth };
  }
}

/** The box at a place of the layout; null where there is none. */
export function boxAt({ boxes }: FlameLayout, atX: number, atY: number): FlameBox | null {
  const holds = ({ x, y, width }: FlameBox): boolean => x <= atX && atX < x + width && y <= atY && atY < y + ROW_HEIGHT;
  return boxes.find(holds) ?? null;
}
