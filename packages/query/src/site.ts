/**
 * A row of the table by site → that site: its stack, its own line of the application, what it holds by the measure, and
 * what became of it over the whole recording.
 */
import {
  ALLOCATOR_NAMES,
  applicationOf,
  endOfTick,
  filterOfApplication,
  followSites,
  formatFilter,
  framesOfSite,
  groupSites,
  labelKey,
  nameThread,
  spanOfRecording,
  ViewError,
  type FlameLabel,
  type Selection,
  type SiteAnswer,
  type SiteWeights,
  type SourceLookup,
  type ViewQuery,
} from '@memscope/model';
import { TextBudget } from './label-list.js';
import type { OpenRun } from './open-run.js';
import type { SiteQuestion } from './question.js';
import { totalsOf } from './side-totals.js';
import { sourceLineOf } from './source-labels.js';

/** Of a stack at the most. */
const MOST_FRAMES = 500;

/** Throws `ViewError` where the run set has no such site. */
export function answerSite(
  run: OpenRun,
  { view, site }: SiteQuestion,
  sources: SourceLookup | null = null,
): SiteAnswer {
  const selection = run.select(view);
  const { sites, threads, splitThreads } = selection;
  if (site >= sites.length) throw new ViewError('outside', `there is no site ${site}: there are ${sites.length}`);
  const { groupOfSite } = groupSites(selection, 'site', true);
  const isOne = (each: number): boolean => groupOfSite[each] === groupOfSite[site];
  const head = sumOf(run.weightsOf(view, 'head'), isOne);
  const both = run.set.base.length === 0 ? null : sumOf(selection.weights, isOne);
  const withLines = run.set.base.length === 0 || run.set.lines === true;
  const budget = new TextBudget();
  const lineOf = sourceLineOf(run.set.head, sources);
  const label = (frame: number): FlameLabel => {
    const known = labelKey(frame, selection);
    const source = !withLines || known.file === null || known.line === null ? null : lineOf(known.file, known.line);
    const shown = withLines ? known : { ...known, line: null };
    return budget.fit(source === null ? shown : { ...shown, source });
  };
  const { frame, kind } = applicationOf(site, selection);
  const stack = framesOfSite(site, selection, Number.MAX_SAFE_INTEGER);
  const { bytes, count, baseBytes, baseCount } = totalsOf(selection);
  return {
    thread: splitThreads ? nameThread(threads, sites.thread[site]!) : null,
    allocator: ALLOCATOR_NAMES[sites.allocator[site]!] || null,
    kind,
    application: frame < 0 ? null : label(frame),
    filter: formatFilter(filterOfApplication(site, selection)),
    stack: stack.slice(0, MOST_FRAMES).map(label),
    frames: stack.length,
    siteBytes: head.bytes,
    siteCount: head.count,
    baseSiteBytes: both === null ? null : both.bytes - head.bytes,
    baseSiteCount: both === null ? null : both.count - head.count,
    bytes,
    count,
    baseBytes,
    baseCount,
    life: lifeOf(run, view, isOne),
  };
}

function sumOf({ bytes, count }: SiteWeights, isOne: (site: number) => boolean): { bytes: number; count: number } {
  const sum = { bytes: 0, count: 0 };
  for (let site = 0; site < count.length; site++) {
    if (!isOne(site)) continue;
    sum.bytes += bytes[site]!;
    sum.count += count[site]!;
  }
  return sum;
}

function lifeOf(run: OpenRun, view: ViewQuery, isOne: (site: number) => boolean): SiteAnswer['life'] {
  const selection: Selection = run.select({ ...view, measure: 'leaked', window: null });
  const life = followSites(selection, isOne);
  if (life === null) return null;
  const { recording } = run;
  const ticks = recording.ticks();
  const span = spanOfRecording(recording.capture, ticks);
  const { bytes, count, born, liveBytes } = life;
  const endMs = endOfTick(ticks.length, ticks, span);
  return {
    bytes,
    count,
    born:
      born === null
        ? null
        : { firstMs: endOfTick(born.firstTick, ticks, span), lastMs: endOfTick(born.lastTick, ticks, span) },
    endMs,
    liveBytes: [...liveBytes],
  };
}
