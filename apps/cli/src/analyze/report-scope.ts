/** What part of a capture a report is about, where it is not about all of it. */
import { formatFilter, type Analysis } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeWindow } from '../views/describe-selection.js';

export function describeScope({ scope, capture, together }: Analysis, style: ReportStyle): string[] {
  if (scope === null) return [];
  const { window, filter, suggestion } = scope;
  const lines: string[] = [];
  if (window !== null)
    lines.push(...paragraph(describeWindow(window, together?.recording ?? { capture, stepMs: null }), style));
  if (filter !== null) {
    lines.push(
      ...paragraph(`Filter: ${printable(formatFilter(filter))}`, style),
      ...(suggestion === null ? [] : paragraph(printable(suggestion.text), style)),
      ...paragraph('RSS and the timeline are those of the whole process.', style),
    );
  }
  return lines.length === 0 ? [] : [heading('Only a part of the capture', '', style), ...lines];
}
