/** A small tree → an SVG of boxes; each function opens its own. */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatShare,
  signedChange,
  weighCompared,
  type FunctionName,
  type SmallTree,
} from '@memscope/model';

import { currentTheme, readToken } from '../../controls/theme.js';
import { nameOf, placeOf } from '../../dom/visible-text.js';
import type { Changed, ChangeLook, ChangeScale } from '../../drawing/change-scale.js';
import { sidesOf, type ComparedColumns } from '../../drawing/compared-nodes.js';
import { colourChangedFrame, colourFrame } from '../../drawing/frame-colour.js';
import { fitLabel, LABEL_PLACE, LEAST_LABEL_WIDTH } from '../../drawing/flame-label.js';
import { noteOf, type FlameNode } from '../../drawing/flame-tree.js';
import { frameOutline } from '../../drawing/frame-outline.js';
import { narrowFrames } from '../../drawing/narrow-frames.js';
import { boxAt, layoutFlame, ROW_HEIGHT, type FlameBox } from '../../drawing/flame-boxes.js';
import { nestSmallTree } from '../../drawing/nest-small-tree.js';

const SPACE = 'http://www.w3.org/2000/svg';

export interface SmallFlameLook {
  readonly width: number;
  readonly upwards: boolean;
  readonly counts: boolean;
  /** Of what changed, where there is a base; else null. */
  readonly scale: ChangeScale | null;
  readonly open: (name: FunctionName) => void;
}

export function smallFlame(tree: SmallTree, { width, upwards, counts, scale, open }: SmallFlameLook): SVGSVGElement {
  const own = counts ? tree.count : tree.bytes;
  const columns = columnsOfTree(tree);
  const sides = (row: number): Changed | null => sidesOf(columns, row, counts);
  const weight = own.map((each, row) => {
    const both = sides(row);
    return both === null ? each : weighCompared('larger', both.head, both.base, both.grown);
  });
  const look: ChangeLook | null = scale && { scale, weigh: 'larger' };
  const flame = nestSmallTree(tree, weight, (row) => noteOf(sides(row), tree.label[row]!, counts, look));
  const svg = make('svg', { class: 'small-flame', role: 'group' });
  if (flame === null) return svg;
  const layout = layoutFlame(flame, width, upwards);
  const colours = {
    palette: currentTheme().palette,
    surface: readToken('--surface'),
    quiet: readToken('--frame-quiet'),
    matched: null,
  };
  svg.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
  svg.setAttribute('width', String(layout.width));
  svg.setAttribute('height', String(layout.height));
  const titleOf = ({ label, row }: FlameNode): string =>
    [nameOf(label, 200), placeOf(label, 200), amountsOf(tree, row, sides(row), weight, counts)].join('\n');
  const canOpen = ({ label, row }: FlameNode): boolean => label.function !== null && row !== 0;
  const nodeOf = new Map<Element, FlameNode>();
  const outline = frameOutline('pointed');
  const boxOf = ({ clientX, clientY }: MouseEvent): FlameBox | null => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM()?.inverse());
    return boxAt(layout, x, y);
  };
  svg.addEventListener('click', (event) => {
    const node = boxOf(event)?.node;
    if (node !== undefined && canOpen(node)) open(node.label.function!);
  });
  svg.addEventListener('keydown', ({ key, target }) => {
    const node = nodeOf.get(target as Element);
    if (key === 'Enter' && node !== undefined) open(node.label.function!);
  });
  // There may be thousands of frames, and few are pointed at.
  svg.addEventListener('pointermove', (event) => {
    const box = boxOf(event);
    outline.place(svg, box !== null && canOpen(box.node) ? box : null);
    const shape = event.target instanceof Element ? event.target.closest('g, path') : null;
    if (box === null || shape === null) return;
    const title = shape.querySelector('title') ?? shape.appendChild(make('title', {}));
    const text = titleOf(box.node);
    if (title.textContent !== text) title.textContent = text;
  });
  svg.addEventListener('pointerleave', () => outline.root.remove());
  // Only neighbours are stops of the Tab key.
  const isStop = (node: FlameNode): boolean => node.depth === 1 && canOpen(node);
  const isWide = ({ node, width: boxWidth }: FlameBox): boolean => boxWidth >= LEAST_LABEL_WIDTH || isStop(node);
  const colourOf = ({ label, row }: FlameNode): string =>
    look === null ? colourFrame(label, colours) : colourChangedFrame(label, sides(row), look, colours);
  const narrow = layout.boxes.filter((box) => !isWide(box));
  for (const [fill, d] of narrowFrames(narrow, colourOf)) svg.append(make('path', { fill, d }));
  for (const { node, x, y, width: boxWidth } of layout.boxes.filter(isWide)) {
    const size = { width: Math.max(0.5, boxWidth - 1), height: ROW_HEIGHT - 1 };
    const group = make('g', canOpen(node) ? { class: 'can-open' } : {});
    group.append(make('rect', { x, y, ...size, rx: 2, fill: colourOf(node) }));
    const label = fitLabel(node, boxWidth);
    if (label !== '') {
      const text = make('text', { x: x + LABEL_PLACE.x, y: y + LABEL_PLACE.y });
      text.textContent = label;
      group.append(text);
    }
    if (isStop(node)) {
      nodeOf.set(group, node);
      group.setAttribute('tabindex', '0');
      group.setAttribute('role', 'link');
      // What is read on it is its name where it has room for one.
      group.setAttribute(label === '' ? 'aria-label' : 'aria-description', titleOf(node));
    }
    svg.append(group);
  }
  return svg;
}

/** Of a tree without a base the head's alone. */
export function columnsOfTree({ bytes, count, compared }: SmallTree): ComparedColumns {
  return { bytes, count, ...compared };
}

function amountsOf(
  { bytes, count }: SmallTree,
  row: number,
  sides: Changed | null,
  weight: readonly number[],
  counts: boolean,
): string {
  if (sides !== null) {
    const format = counts ? formatCount : formatBytes;
    const { head, base } = sides;
    return `base ${format(base)}, head ${format(head)}: ${signedChange(head - base, format)} (${formatChange(base, head - base)})`;
  }
  const amount = Number.isFinite(bytes[row]!)
    ? `${formatBytes(bytes[row]!)}, ${countNoun(count[row]!, 'allocation')}`
    : countNoun(count[row]!, 'object');
  return `${amount}, ${formatShare(weight[row]!, weight[0]!)}`;
}

function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
