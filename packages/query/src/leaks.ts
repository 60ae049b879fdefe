/** What is live at the end by site, as `memscope leaks` lists it: with its curve, and a verdict with the rule behind it. */
import {
  ALLOCATOR_NAMES,
  endOfTick,
  endOfWarmUp,
  innermostFrame,
  labelKey,
  LEAK_RULES,
  listLeaks,
  nameThread,
  spanOfRecording,
  type LeaksPage,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { LeaksQuestion } from './question.js';
import { TextBudget } from './label-list.js';

/** Measure and window of the view mean nothing here: leaks are of the whole recording, after the warm-up. */
export function answerLeaks(run: OpenRun, { view, warmUp, offset, limit }: LeaksQuestion): LeaksPage {
  const { profile } = run;
  const whole = { ...view, measure: 'leaked', window: null } as const;
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
    rowCount: leaks.order.length,
    bytes: leaks.totalBytes,
    count: leaks.totalCount,
    stepMs: Array.from(leaks.stepTicks, timeAt),
    verdicts: LEAK_RULES.map(({ name, title, rule }, at) => ({
      name,
      title,
      rule,
      bytes: leaks.byRule[at]!.bytes,
      sites: leaks.byRule[at]!.rows,
    })),
    rows: Array.from(leaks.order.subarray(offset, offset + limit), (row) => {
      const site = leaks.site[row]!;
      const frame = innermostFrame(site, selection);
      return {
        label: frame < 0 ? null : budget.fit(labelKey(frame, selection)),
        thread: nameThread(selection.threads, selection.sites.thread[site]!),
        allocator: ALLOCATOR_NAMES[selection.sites.allocator[site]!] ?? '',
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
