/** A small tree → an SVG of boxes; each function opens its own. */
import { formatBytes, formatCount, formatShare, type FunctionName, type SmallTree } from '@memscope/model';

import { currentTheme, readToken } from '../../controls/theme.js';
import { nameOf, placeOf } from '../../dom/visible-text.js';
import { colourFrame } from '../../drawing/frame-colour.js';
import { labelOnFrame } from '../../drawing/flame-label.js';
import type { FlameNode } from '../../drawing/flame-tree.js';
import { fitText } from '../../drawing/fit-text.js';
import { layoutFlame, ROW_HEIGHT } from '../../drawing/flame-boxes.js';
import { nestSmallTree } from '../../drawing/nest-small-tree.js';

const SPACE = 'http://www.w3.org/2000/svg';
const FONT = '12px system-ui, sans-serif';

export interface SmallFlameLook {
  readonly width: number;
  readonly upwards: boolean;
  readonly counts: boolean;
  readonly open: (name: FunctionName) => void;
}

export function smallFlame(tree: SmallTree, { width, upwards, counts, open }: SmallFlameLook): SVGSVGElement {
  const weight = counts ? tree.count : tree.bytes;
  const flame = nestSmallTree(tree, weight);
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
    [
      nameOf(label, 200),
      placeOf(label, 200),
      `${formatBytes(tree.bytes[row]!)}, ${formatCount(tree.count[row]!)} allocations, ${formatShare(weight[row]!, weight[0]!)}`,
    ].join('\n');
  const nodeOf = new Map<Element, FlameNode>();
  const nodeAt = ({ target }: Event): [SVGGElement, FlameNode] | null => {
    const group = target instanceof Element ? target.closest('g') : null;
    const node = group === null ? undefined : nodeOf.get(group);
    return group === null || node === undefined ? null : [group, node];
  };
  const openAt = (event: Event): void => {
    const [, node] = nodeAt(event) ?? [];
    if (node !== undefined && node.row !== 0 && node.label.function !== null) open(node.label.function);
  };
  svg.addEventListener('click', openAt);
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') openAt(event);
  });
  // There may be thousands of frames, and few are pointed at.
  svg.addEventListener('pointerover', (event) => {
    const [group, node] = nodeAt(event) ?? [];
    if (group === undefined || node === undefined || group.querySelector('title') !== null) return;
    const title = make('title', {});
    title.textContent = titleOf(node);
    group.prepend(title);
  });
  for (const { node, x, y, width: boxWidth } of layout.boxes) {
    const { label, row } = node;
    const group = make('g', {});
    nodeOf.set(group, node);
    const rect = make('rect', { x, y, width: Math.max(0.5, boxWidth - 1), height: ROW_HEIGHT - 1, rx: 2 });
    rect.setAttribute('fill', colourFrame(label, colours));
    group.append(rect);
    const words = boxWidth < 24 ? '' : fitText(labelOnFrame(node), boxWidth - 10, FONT);
    if (words !== '') {
      const text = make('text', { x: x + 4, y: y + 14 });
      text.textContent = words;
      group.append(text);
    }
    if (label.function !== null && row !== 0) {
      group.setAttribute('class', 'can-open');
      // Only neighbours are stops of the Tab key.
      if (node.depth === 1) {
        group.setAttribute('tabindex', '0');
        group.setAttribute('role', 'link');
        group.setAttribute('aria-label', titleOf(node));
      }
    }
    svg.append(group);
  }
  return svg;
}

function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
