/** Rows of allocations over 200 ticks, as profiles of text have them, and what is found to grow there. */
import { findGrowth } from '../src/growth/find-growth.js';
import { profileOf } from './view/profile-text.js';

export const TICKS = 200;

/** A row of `profileOf` for each tick from one on to another. */
export function each(row: (tick: number) => string, from = 0, to = TICKS): string {
  return Array.from({ length: to - from }, (_, at) => row(from + at)).join(', ');
}

/** So many bytes in one block that each tick keeps. */
export function kept(bytes: number, from = 0, to = TICKS): string {
  return each((tick) => `${2 * tick}.. ${bytes}/1`, from, to);
}

/** What comes and goes in every tick. */
export const passing = each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`);

/** `VERDICT FUNCTION:LINE BYTES` of each thing that grows in a profile of text. */
export function told(text: string): string[] {
  return findGrowth(profileOf(text, TICKS)).growths.map(({ verdict, name, bytes }) => {
    return `${verdict} ${name === null ? '-' : `${name.functionName}:${name.line}`} ${bytes}`;
  });
}

/** What is kept, and work beside it, until `busy` ticks, then nothing at all. */
export function thenIdle(busy: number): string {
  return `m malloc main:1>handle:2 ${kept(20_000, 0, busy)}
     m malloc main:1>work:3 ${each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`, 0, busy)}`;
}
