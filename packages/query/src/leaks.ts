/** What grows, and what is live at the end by line of the application, as `memscope leaks` lists it. */
import {
  attachedSentence,
  endOfTick,
  endOfWarmUp,
  innermostFrame,
  labelKey,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  listLeaks,
  spanOfRecording,
  tellGrowth,
  type FlameLabel,
  type LeaksPage,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { LeaksQuestion } from './question.js';
import { TextBudget } from './label-list.js';

/** The measure of the view means nothing here: leaks have their own. */
export function answerLeaks(run: OpenRun, { view, warmUp, offset, limit }: LeaksQuestion): LeaksPage {
  const { profile } = run;
  const whole = { ...view, measure: 'leaked' } as const;
  const selection = run.select(whole);
  const leaks = run.keep(
    `leaks ${warmUp} ${selectionKey(whole)}`,
    ({ length }) => 250 * length,
    () => listLeaks(selection, warmUp === null ? 0 : endOfWarmUp(warmUp, profile)),
  );
  const ticks = profile.ticks();
  const span = spanOfRecording(profile.capture, ticks);
  const timeAt = (tick: number): number => endOfTick(tick, ticks, span);
  const steps = leaks.stepTicks.length;
  const budget = new TextBudget();
  return {
    growth:
      selection.window === null && selection.passes === null
        ? tellGrowth(profile).map(({ rule, title, text, bytes }) => ({ rule, title, text, bytes }))
        : [],
    attached: attachedSentence(profile.capture),
    rowCount: leaks.order.length,
    bytes: leaks.totalBytes,
    count: leaks.totalCount,
    stepMs: Array.from(leaks.stepTicks, timeAt),
    verdicts: LEAK_RULES.map(({ name, title, rule }, at) => ({
      name,
      title,
      rule,
      bytes: leaks.byRule[at]!.bytes,
      lines: leaks.byRule[at]!.rows,
    })),
    rows: Array.from(leaks.order.subarray(offset, offset + limit), (row) => {
      const line = leaks.frame[row]!;
      const innermost = innermostFrame(leaks.site[row]!, selection);
      const label = (frame: number): FlameLabel | null =>
        frame < 0 ? null : budget.fit(labelKey(selection.groups.canonical[frame]!, selection));
      return {
        kind: LEAK_ROW_KINDS[leaks.kind[row]!]!,
        label: label(line),
        innermost: label(innermost),
        sites: leaks.sites[row]!,
        bytes: leaks.bytes[row]!,
        count: leaks.count[row]!,
        firstBornMs: timeAt(leaks.firstBornTick[row]!),
        lastBornMs: timeAt(leaks.lastBornTick[row]!),
        liveBytes: [...leaks.liveBytes.subarray(row * steps, (row + 1) * steps)],
        verdict: LEAK_RULES[leaks.rule[row]!]!.name,
      };
    }),
  };
}
