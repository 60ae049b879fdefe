/** What every section of a report needs to draw itself, where that comes from, and how headings look. */
import type { Host } from '../host.js';
import { columnsOf } from './columns.js';
import { displayWidth, shortenEnd } from './display-width.js';
import { createPalette, wantsColor, type Palette } from './palette.js';
import { wrapText } from './wrap-text.js';

export interface ReportStyle {
  /** No line is wider. */
  readonly width: number;
  /** Rows of a table. */
  readonly count: number;
  readonly palette: Palette;
}

const LEAST_WIDTH = 60;

export interface StyleOptions {
  readonly count: number;
  /** False: none, even on a terminal. */
  readonly color: boolean;
  /** Columns beyond which lines stay as they are. */
  readonly greatestWidth: number;
}

export function reportStyle({ stdout, env }: Host, { count, color, greatestWidth }: StyleOptions): ReportStyle {
  const isTerminal = stdout.isTTY === true;
  return {
    width: Math.min(greatestWidth, Math.max(LEAST_WIDTH, columnsOf(stdout, env))),
    count,
    palette: createPalette(wantsColor(color, env, isTerminal)),
  };
}

export const NOT_RECORDED = 'not recorded in an aggregated capture';

/** A title and, faint beside it, a remark cut to what the line can hold. */
export function heading(title: string, remark: string, { palette, width }: ReportStyle): string {
  if (remark === '') return palette.heading(title);
  return `${palette.heading(title)}  ${palette.faint(shortenEnd(remark, width - displayWidth(title) - 2))}`;
}

/** Running text below a heading. */
export function paragraph(text: string, { width }: ReportStyle): string[] {
  return wrapText(text, width - 2).map((line) => `  ${line}`);
}

/** A blank line between those that have any. */
export function joinSections(sections: readonly (readonly string[])[]): string[] {
  const lines: string[] = [];
  for (const section of sections) {
    if (section.length === 0) continue;
    if (lines.length > 0) lines.push('');
    lines.push(...section);
  }
  return lines;
}
