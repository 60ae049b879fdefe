/** The shown flame graph as CSV (a row a frame), SVG and PNG. */
import { writeCsv, type ComparedFlameColumn } from '@memscope/model';

import { readToken } from '../../controls/theme.js';
import { layoutFlame } from '../../drawing/flame-boxes.js';
import { factsOf, fitLabel, LABEL_FONT, LABEL_PLACE, LABEL_SIZE, sentenceOf } from '../../drawing/flame-label.js';
import type { FlameNode, FlameTree } from '../../drawing/flame-tree.js';
import { pngOf } from '../../export/save.js';
import { escapeXml, svgDocument, svgElement } from '../../export/svg-text.js';
import type { FlameAnswer } from '../../api/question.js';
import type { Frame, Savable } from '../view.js';

const COLUMNS = ['depth', 'function', 'file', 'line', 'module', 'kind', 'bytes', 'count', 'self_bytes', 'self_count'];
/** With a base: `bytes` and the like are the head's. */
const BASE_COLUMNS = [
  ['baseBytes', 'base_bytes'],
  ['baseCount', 'base_count'],
  ['baseSelfBytes', 'base_self_bytes'],
  ['baseSelfCount', 'base_self_count'],
] as const satisfies (readonly [ComparedFlameColumn, string])[];

export function saveFlame(
  tree: FlameTree,
  answer: FlameAnswer,
  { state, width }: Frame,
  colourOf: (node: FlameNode) => string,
): Savable {
  const { counts } = state.query;
  const isCompared = answer.head.weigh !== null;
  const layout = (): ReturnType<typeof layoutFlame> => layoutFlame(tree, Math.max(600, width), state.flame.upwards);
  const background = readToken('--surface');
  const text = readToken('--on-colour');
  return {
    name: 'flame',
    csv: () =>
      writeCsv({
        columns: [...COLUMNS, ...(isCompared ? BASE_COLUMNS.map(([, title]) => title) : [])],
        rows: tree.nodes.map(({ label, row, depth }) => [
          depth,
          label.name,
          label.file,
          label.line,
          label.module,
          label.kind,
          answer.column.bytes![row]!,
          answer.column.count![row]!,
          answer.column.selfBytes?.[row] ?? null,
          answer.column.selfCount?.[row] ?? null,
          ...(isCompared ? BASE_COLUMNS.map(([name]) => answer.column[name]?.[row] ?? null) : []),
        ]),
      }),
    svg: () => {
      const { boxes, rowHeight, width: all, height } = layout();
      const drawn = boxes.map(({ node, x, y, width: boxWidth }) => {
        const title = svgElement('title', {}, escapeXml(sentenceOf(factsOf(node, answer, counts))));
        const rect = svgElement('rect', {
          x: x.toFixed(1),
          y,
          width: Math.max(0.5, boxWidth - 1).toFixed(1),
          height: rowHeight - 1,
          fill: colourOf(node),
        });
        const label = fitLabel(node, boxWidth);
        const words = { x: (x + LABEL_PLACE.x).toFixed(1), y: y + LABEL_PLACE.y, 'font-size': LABEL_SIZE, fill: text };
        return svgElement('g', {}, title + rect + (label === '' ? '' : svgElement('text', words, escapeXml(label))));
      });
      return svgDocument(all, height, background, drawn.join('\n'));
    },
    png: () => {
      const { boxes, rowHeight, width: all, height } = layout();
      const canvas = document.createElement('canvas');
      const scale = height > 8000 ? 1 : 2;
      canvas.width = all * scale;
      canvas.height = height * scale;
      const context = canvas.getContext('2d')!;
      context.scale(scale, scale);
      context.fillStyle = background;
      context.fillRect(0, 0, all, height);
      context.font = LABEL_FONT;
      for (const { node, x, y, width: boxWidth } of boxes) {
        context.fillStyle = colourOf(node);
        context.fillRect(x, y, Math.max(0.5, boxWidth - 1), rowHeight - 1);
        context.fillStyle = text;
        context.fillText(fitLabel(node, boxWidth), x + LABEL_PLACE.x, y + LABEL_PLACE.y);
      }
      return pngOf(canvas);
    },
  };
}
