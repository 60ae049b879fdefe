/**
 * `memscope leaks`: what grows, and what is live at the end by line of the application, with age, curve and verdict; for people, as the
 * document `memscope.leaks/1` (schema/leaks-1.schema.json), or as CSV.
 */
import {
  endOfWarmUp,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  listLeaks,
  type CsvCell,
  type CsvTable,
  type Profile,
} from '@memscope/model';

import { memscopeVersion } from '../../memscope-version.js';
import { selectionDocument } from '../describe-selection.js';
import { describeAnyFrame, describeOwner } from '../frame-label.js';
import type { View } from '../run-view.js';
import { asUsage, selectBy } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { drawLeaks } from './leak-lines.js';
import { attachedNote, curveOf, growthOf, innermostOf, timeTicks, type LeakAnswer } from './leak-rows.js';

export const LEAKS_SCHEMA = 'memscope.leaks/1';

export interface LeaksFlags extends ViewFlags {
  readonly measure: 'leaked';
  /** A share, a time or a tick; null: none. */
  readonly warmUp: string | null;
}

export function leaksView(flags: LeaksFlags): View<LeakAnswer> {
  return {
    defaultCount: 20,
    ask: ({ profile }) => askLeaks(profile, flags),
    lines: (answer, style) => drawLeaks(answer, flags, style),
    document: (answer, count) => leaksDocument(answer, count, flags),
    table: leaksTable,
  };
}

function askLeaks(profile: Profile, flags: LeaksFlags): LeakAnswer {
  const selection = selectBy(profile, flags);
  const leaks = asUsage(() => listLeaks(selection, flags.warmUp === null ? 0 : endOfWarmUp(flags.warmUp, profile)));
  return { capturePath: profile.capture.path, selection, leaks, tickEndMs: timeTicks(profile) };
}

function leaksDocument(answer: LeakAnswer, count: number | null, flags: LeaksFlags): object {
  const { capturePath, selection, leaks, tickEndMs } = answer;
  const { fromTick, stepTicks, order } = leaks;
  return {
    schema: LEAKS_SCHEMA,
    memscopeVersion: memscopeVersion(),
    capture: { path: capturePath },
    selection: selectionDocument(selection, flags),
    warmUp: flags.warmUp === null ? null : { fromTick, ms: fromTick === 0 ? 0 : tickEndMs[fromTick - 1]! },
    attached: attachedNote(selection),
    growth: growthOf(selection).map(({ rule, title, text, bytes, location }) => ({
      rule,
      title,
      text,
      bytes,
      location:
        location === null ? null : { function: location.functionName, file: location.file, line: location.line },
    })),
    bytes: leaks.totalBytes,
    count: leaks.totalCount,
    verdicts: LEAK_RULES.map(({ name, title, rule }, at) => ({ name, title, rule, ...leaks.byRule[at]! })).filter(
      ({ rows }) => rows > 0,
    ),
    stepTicks: [...stepTicks],
    stepMs: Array.from(stepTicks, (tick) => tickEndMs[tick]!),
    rowCount: order.length,
    rows: Array.from(order.subarray(0, count ?? order.length), (row) => ({
      ...describeLeak(row, answer),
      liveBytes: [...curveOf(row, leaks)],
    })),
  };
}

function leaksTable(answer: LeakAnswer, count: number | null): CsvTable {
  const { order } = answer.leaks;
  return {
    columns: [
      'kind',
      'function',
      'file',
      'line',
      'module',
      'library',
      'category',
      'source',
      'application_function',
      'application_file',
      'application_line',
      'of',
      'sites',
      'bytes',
      'count',
      'first_born_tick',
      'last_born_tick',
      'first_born_ms',
      'last_born_ms',
      'verdict',
    ],
    rows: Array.from(order.subarray(0, count ?? order.length), (row): CsvCell[] =>
      Object.values(describeLeak(row, answer)),
    ),
  };
}

/** Keys in the order of the columns of the CSV. */
function describeLeak(row: number, { selection, leaks, tickEndMs }: LeakAnswer): Readonly<Record<string, CsvCell>> {
  const user = describeAnyFrame(leaks.frame[row]!, selection);
  const first = leaks.firstBornTick[row]!;
  const last = leaks.lastBornTick[row]!;
  return {
    ...describeAnyFrame(innermostOf(row, leaks, selection), selection),
    ...describeOwner(leaks.site[row]!, selection),
    applicationFunction: user.function,
    applicationFile: user.file,
    applicationLine: user.line,
    of: LEAK_ROW_KINDS[leaks.kind[row]!]!,
    sites: leaks.sites[row]!,
    bytes: leaks.bytes[row]!,
    count: leaks.count[row]!,
    firstBornTick: first,
    lastBornTick: last,
    firstBornMs: tickEndMs[first]!,
    lastBornMs: tickEndMs[last]!,
    verdict: LEAK_RULES[leaks.rule[row]!]!.name,
  };
}
