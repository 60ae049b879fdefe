/** A line around one frame of a flame graph, whether the frame has an element of its own or is part of a path. */
import { ROW_HEIGHT, type FlameBox } from './flame-boxes.js';

export interface FrameOutline {
  readonly root: SVGRectElement;
  /** Around a box of the drawing; null = around none. */
  place(svg: SVGSVGElement, box: FlameBox | null): void;
}

export function frameOutline(name: 'pointed' | 'selected'): FrameOutline {
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  root.setAttribute('class', name);
  root.setAttribute('height', String(ROW_HEIGHT));
  return {
    root,
    place(svg, box) {
      if (box === null) return root.remove();
      for (const side of ['x', 'y', 'width'] as const) root.setAttribute(side, String(box[side]));
      // Whatever stands behind it in the document would paint over it.
      if (svg.lastElementChild !== root) svg.append(root);
    },
  };
}
