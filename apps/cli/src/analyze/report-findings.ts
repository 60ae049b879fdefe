/** What stands out and what the capture cannot answer, as short paragraphs. */
import type { Analysis } from '@memscope/model';

import { printable } from '../terminal/printable.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { wrapText } from '../terminal/wrap-text.js';

export function describeFindings({ findings, limitations }: Analysis, style: ReportStyle): string[] {
  if (findings.length === 0 && limitations.length === 0) return [];
  const { palette, width } = style;
  const lines = [heading('What stands out', '', style)];
  for (const { severity, title, text } of findings) {
    const mark = severity === 'warning' ? palette.warning('!') : palette.heading('•');
    const paint = severity === 'warning' ? palette.warning : palette.number;
    for (const [index, line] of wrapText(printable(title), width - 4).entries()) {
      lines.push(`  ${index === 0 ? mark : ' '} ${paint(line)}`);
    }
    for (const line of wrapText(printable(text), width - 4)) lines.push(`    ${line}`);
  }
  for (const limitation of limitations) {
    for (const [index, line] of wrapText(printable(limitation), width - 4).entries()) {
      lines.push(palette.faint(`  ${index === 0 ? '·' : ' '} ${line}`));
    }
  }
  return lines;
}
