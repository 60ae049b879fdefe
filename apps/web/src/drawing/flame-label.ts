/** What a frame of the flame graph is called: on itself, in its tooltip, and to screen readers. */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatShare,
  isCode,
  isImport,
  signedChange,
  nameCategory,
  type FlameLabel,
} from '@memscope/model';

import type { FlameAnswer } from '../api/question.js';
import { nameOf, placeOf, shortPlaceOf, visible } from '../dom/visible-text.js';
import { sidesOfNode } from './compared-nodes.js';
import type { FlameNode } from './flame-tree.js';
import { ownerMark } from './owner-mark.js';

/** Many frames of an answer share a label, and each is asked for its text several times at every drawing. */
const texts = new WeakMap<FlameLabel, readonly string[]>();

export function labelOnFrame(node: FlameNode): string {
  const { first, rest } = partsOnFrame(node);
  return [first, ...rest].join('  ');
}

/** What stands first, and behind it by its worth: what it holds or how it changed, then its place or name. */
function partsOnFrame({ label, mark, change, amount }: FlameNode): {
  readonly first: string;
  readonly rest: readonly string[];
} {
  let parts = texts.get(label);
  if (parts === undefined) texts.set(label, (parts = partsOf(label)));
  const [first = '', ...rest] = parts;
  const said = [change, amount].filter((each) => each !== '');
  const owner = ownerMark(label.category);
  const named = owner === '' ? first : `${owner} ${first}`;
  return { first: mark === null ? named : `${mark}: ${named}`, rest: [...said, ...rest] };
}

/** Name and place, what says more first. */
function partsOf(label: FlameLabel): readonly string[] {
  const place = shortPlaceOf(label);
  const name = nameOf(label, 100);
  // Native code without a name is called by its module already.
  if (place === '' || label.name.startsWith(`${place} 0x`)) return [name];
  if (isImport(label)) return [name];
  if (label.source !== undefined) return [visible(label.source, 160), place, name];
  // Every file has a `<module>`: which one says more.
  return label.name === '<module>' ? [place, name] : [name, place];
}

/** In pixels. */
export const LABEL_SIZE = 12;
export const LABEL_FONT = `${LABEL_SIZE}px system-ui, sans-serif`;
/** From the left edge and the top of a frame to the start of its label's baseline. */
export const LABEL_PLACE = { x: 5, y: 14 } as const;
/** Narrower frames have no label. */
export const LEAST_LABEL_WIDTH = 35;

/** As much as a frame of so many pixels has room for; empty where that is too little to read. */
export function fitLabel(node: FlameNode, width: number): string {
  if (width < LEAST_LABEL_WIDTH) return '';
  const room = width - 2 * LABEL_PLACE.x;
  const { amount } = node;
  const { first } = partsOnFrame(node);
  if (amount === '') return fitText(labelOnFrame(node), room, LABEL_FONT);
  // The amount is worth more than the end of a long line of source.
  const left = room - widthOf(`  ${amount}`, LABEL_FONT);
  if (left < LEAST_NAME) return fitText(first, room, LABEL_FONT);
  const short = fitText(first, left, LABEL_FONT);
  return short === first ? fitText(labelOnFrame(node), room, LABEL_FONT) : `${short}  ${amount}`;
}

/** Pixels of a name that are left where an amount stands behind it. */
const LEAST_NAME = 60;

function widthOf(text: string, font: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return Infinity;
  context.font = font;
  return context.measureText(text).width;
}

let context: CanvasRenderingContext2D | null = null;

/** With an ellipsis; empty where not even three characters fit. `font` as in CSS. */
function fitText(text: string, width: number, font: string): string {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return '';
  context.font = font;
  const whole = context.measureText(text).width;
  if (whole <= width) return text;
  let length = Math.floor((text.length * width) / whole);
  while (length >= 3 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return length < 3 ? '' : `${text.slice(0, length)}…`;
}

export interface FrameFacts {
  readonly name: string;
  readonly place: string;
  /** Such as ["inclusive", "12.0 MiB", "3,000 allocations", "40.0% of all"], with a base both sides and the change. */
  readonly lines: readonly (readonly string[])[];
}

export function factsOf(node: FlameNode, answer: FlameAnswer, counts: boolean): FrameFacts {
  const { head, column } = answer;
  const { label, row } = node;
  if (sidesOfNode(answer, row, counts) !== null) return comparedFacts(node, answer, counts);
  const bytes = row < 0 ? null : column.bytes![row]!;
  const count = row < 0 ? null : column.count![row]!;
  const lines: string[][] = [];
  const whole = counts ? head.count : head.bytes;
  const part = counts ? count : bytes;
  if (bytes !== null && count !== null && part !== null) {
    // Of objects only counts are known.
    const isKnown = Number.isFinite(bytes);
    const amounts = (some: number, of: number): string[] =>
      isKnown ? [formatBytes(some), countNoun(of, 'allocation')] : [countNoun(of, 'object')];
    lines.push(['inclusive', ...amounts(bytes, count), `${formatShare(part, whole)} of all`]);
    const [selfBytes, selfCount] = [column.selfBytes?.[row], column.selfCount?.[row]];
    if (selfBytes !== undefined && selfCount !== undefined) {
      const self = counts ? selfCount : selfBytes;
      lines.push(['self', ...amounts(selfBytes, selfCount), formatShare(self, whole)]);
    }
    const folded = column.foldedNodes?.[row] ?? 0;
    if (folded > 0) {
      lines.push([
        column.closed?.[row] === 1 ? 'folded' : 'too narrow',
        formatBytes(column.foldedBytes?.[row] ?? 0),
        `${formatCount(folded)} below it`,
        '',
      ]);
    }
    const hidden = column.hiddenFrames?.[row] ?? 0;
    if (hidden > 0) lines.push(['above', `${countNoun(hidden, 'frame')} folded`, 'runners, imports', '']);
  }
  return factsWithPlace(label, lines);
}

function factsWithPlace(label: FlameLabel, lines: readonly (readonly string[])[]): FrameFacts {
  const where = isCode(label) ? [['in', visible(label.module, 80), sayOwner(label), '']] : [];
  return { name: nameOf(label, 300), place: placeOf(label, 300), lines: [...lines, ...where] };
}

/** "PyTorch, framework"; a library that is called as its module is not told twice. */
function sayOwner({ module, library, category }: FlameLabel): string {
  const title = category === null ? '' : nameCategory(category);
  const isTold = library === null || library === module || library === title;
  return title === module ? '' : visible(isTold ? title : `${library}, ${title}`, 80);
}

const MARKS = { new: 'new: the base has nothing of it', gone: 'gone: the head has nothing of it' } as const;

/** Both sides of a node, the change, and what grew and what shrank below it where both did. */
function comparedFacts({ label, row, mark }: FlameNode, answer: FlameAnswer, counts: boolean): FrameFacts {
  const { column } = answer;
  const { grown, shrunk, ...sides } = sidesOfNode(answer, row, counts)!;
  const of = (each: Float64Array | undefined): number => each?.[row] ?? 0;
  const [count, baseCount] = [of(column.count), of(column.baseCount)];
  const format = counts ? formatCount : formatBytes;
  const lines = [
    ['head', format(sides.head), counts ? '' : countNoun(count, 'allocation'), ''],
    ['base', format(sides.base), counts ? '' : countNoun(baseCount, 'allocation'), ''],
    [
      'change',
      signedChange(sides.head - sides.base, format),
      counts
        ? ''
        : `${signedChange(count - baseCount, formatCount)} ${Math.abs(count - baseCount) === 1 ? 'allocation' : 'allocations'}`,
      mark === null ? formatChange(sides.base, sides.head - sides.base) : mark,
    ],
  ];
  if (grown > 0 && shrunk > 0) {
    lines.push(['grew', signedChange(grown, format), 'on some paths', '']);
    lines.push(['shrank', signedChange(-shrunk, format), 'on others', '']);
  }
  const [self, baseSelf] = counts
    ? [of(column.selfCount), of(column.baseSelfCount)]
    : [of(column.selfBytes), of(column.baseSelfBytes)];
  if (self > 0 || baseSelf > 0) {
    lines.push(['self', `${format(baseSelf)} → ${format(self)}`, signedChange(self - baseSelf, format), '']);
  }
  const facts = factsWithPlace(label, lines);
  return mark === null
    ? facts
    : { ...facts, place: [facts.place, MARKS[mark]].filter((each) => each !== '').join(' · ') };
}

/** For screen readers. */
export function sentenceOf(facts: FrameFacts): string {
  const lines = facts.lines.map((line) => line.filter((cell) => cell !== '').join(' '));
  return [facts.name, facts.place, ...lines].filter((part) => part !== '').join(', ');
}
