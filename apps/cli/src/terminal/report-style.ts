/** What every section of the report needs to draw itself, and how headings look. */
import { displayWidth, shortenEnd } from './display-width.js';
import type { Palette } from './palette.js';
import { wrapText } from './wrap-text.js';

export interface ReportStyle {
  /** No line is wider. */
  readonly width: number;
  /** Rows of a table. */
  readonly count: number;
  readonly palette: Palette;
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
