/** The shown flame graph as CSV (a row a frame), SVG and PNG. */
import { writeCsv, type ComparedFlameColumn } from '@memscope/model';

import { readToken } from '../../controls/theme.js';
import { layoutFlame } from '../../drawing/flame-boxes.js';
import {
  factsOf,
  fitLabel,
  LABEL_FONT,
  LABEL_PLACE,
  LABEL_SIZE,
  sentenceOf,
  labelOnFrame,
} from '../../drawing/flame-label.js';
import type { FlameNode, FlameTree } from '../../drawing/flame-tree.js';
import { pngPicture, svgPicture, type Picture } from '../../export/picture.js';
import { escapeXml, svgElement } from '../../export/svg-text.js';
import type { FlameAnswer } from '../../api/question.js';
import { pictureColours, pictureWords } from '../picture-words.js';
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
  frame: Frame,
  { colourOf, legend }: { readonly colourOf: (node: FlameNode) => string; readonly legend: Element },
): Savable {
  const { state, width } = frame;
  const { counts } = state.query;
  const isCompared = answer.head.weigh !== null;
  const layout = (): ReturnType<typeof layoutFlame> => layoutFlame(tree, Math.max(600, width), state.flame.upwards);
  const text = readToken('--on-colour');
  const pictureOf = ({ width: all, height }: ReturnType<typeof layoutFlame>): Picture => {
    const [root] = tree.nodes;
    const total = root === undefined ? '' : labelOnFrame(root);
    const words = pictureWords(frame, { view: 'Flame graph', total, legend });
    return { width: all, height, words, colours: pictureColours() };
  };
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
      const laid = layout();
      const { boxes, rowHeight } = laid;
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
      return svgPicture(pictureOf(laid), drawn.join('\n'));
    },
    png: () => {
      const laid = layout();
      const { boxes, rowHeight } = laid;
      return pngPicture(pictureOf(laid), (context) => {
        context.font = LABEL_FONT;
        for (const { node, x, y, width: boxWidth } of boxes) {
          context.fillStyle = colourOf(node);
          context.fillRect(x, y, Math.max(0.5, boxWidth - 1), rowHeight - 1);
          context.fillStyle = text;
          context.fillText(fitLabel(node, boxWidth), x + LABEL_PLACE.x, y + LABEL_PLACE.y);
        }
      });
    },
  };
}
