/** The verdict on folders of tests → lines for people: the verdict, then each test that failed with what broke it. */
import { printable } from '@memscope/model/text/printable';

import { shortenMiddle } from '../../terminal/display-width.js';
import { heading, joinSections, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { wrapText } from '../../terminal/wrap-text.js';
import { drawRule, explainRules, VERDICT_WORDS } from '../check-lines.js';
import { hasMoved, type CheckedTests } from './check-tests.js';

export function drawCheckTests(
  { verdict, summary, tests, notes }: CheckedTests,
  style: ReportStyle,
  explained: boolean,
): string[] {
  const telling = tests.filter(
    (test) => test.verdict === 'fail' || test.verdict === 'notComparable' || (explained && hasMoved(test)),
  );
  return joinSections([
    wrapText(`${VERDICT_WORDS[verdict]}: ${printable(summary)}.`, style.width).map((line) =>
      verdict === 'pass' ? line : style.palette.number(line),
    ),
    ...telling.map((each) => {
      const told = new Set<string>();
      return [
        heading(shortenMiddle(printable(each.test), style.width), '', style),
        ...each.rules.filter((rule) => rule.verdict === 'fail').flatMap((rule) => drawRule(rule, told, style)),
        ...(explained ? explainRules(each.rules, style) : []),
        ...(each.verdict === 'notComparable' ? paragraph(printable(each.summary ?? ''), style) : []),
      ];
    }),
    notes.flatMap((note) => paragraph(printable(note), style)),
  ]);
}
