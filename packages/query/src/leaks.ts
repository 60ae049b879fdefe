/**
 * What grows, and what is live at the end by line of the application: the answer that `memscope leaks`, the page and a
 * report draw; and the same as the page gets it.
 */
import {
  arrangeLeaks,
  attachedSentence,
  describePlace,
  endOfTick,
  endOfWarmUp,
  filterOfApplication,
  findGrowth,
  formatFilter,
  framesOfSite,
  innermostFrame,
  labelApplication,
  labelKey,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  listLeaks,
  recordingOf,
  sayHiddenLeaks,
  sayReserved,
  spanOfRecording,
  type Growth,
  type GrowthFinding,
  type FlameLabel,
  type FrameRow,
  type LeakRowKind,
  type LeakRowReader,
  type LeaksOfBase,
  type LeaksPage,
  type LeakTable,
  type LeakTotal,
  type LeakVerdict,
  type Selection,
  type SiteRow,
  type SourceLookup,
  type ViewQuery,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { LeaksQuestion } from './question.js';
import { TextBudget } from './label-list.js';
import { sourceLineOf } from './source-labels.js';
import { growthBesideRows, toldGrowth } from './told-growth.js';

export interface FoundLeaks {
  readonly selection: Selection;
  readonly leaks: LeakTable;
  /** In the words of `analyze`, of what passes the filter after the warm-up; none by lifetime, or where a window ends before the recording. */
  readonly growth: readonly GrowthFinding[];
  /** Says that the recording began while the program ran; null where nothing shows it. */
  readonly attached: string | null;
  /** Says that Python objects are hidden in arenas; null where they hold little, or `growth` tells of them. */
  readonly arenas: string | null;
  /** Says what is reserved and not used, which is in no row; null where there is none. */
  readonly reserved: string | null;
  /** The first tick that counts, and when it starts, in milliseconds since the recording began; null without a warm-up. */
  readonly warmUp: { readonly fromTick: number; readonly ms: number } | null;
  /** Milliseconds since the epoch: when the recording began, and when each tick ends; the last one ends with it. */
  readonly startMs: number;
  readonly tickEndMs: Float64Array;
}

/** About what findings take. */
const GROWTH_BYTES = 1 << 14;

/** The measure of the view means nothing here: leaks have their own. Throws `ViewError` and `FilterError`. */
export function findLeaks(run: OpenRun, view: ViewQuery, warmUp: string | null): FoundLeaks {
  const { recording } = run;
  const whole = { ...view, measure: 'leaked' } as const;
  const selection = run.select(whole);
  const leaks = run.keep(
    `leaks ${warmUp} ${selectionKey(whole)}`,
    ({ length }) => 250 * length,
    () => {
      const firstTick = (of: typeof recording): number => (warmUp === null ? 0 : endOfWarmUp(warmUp, of));
      const { base } = run.set;
      return listLeaks(selection, firstTick(recording), base.length === 0 ? 0 : firstTick(recordingOf(base)));
    },
  );
  const ticks = recording.ticks();
  const span = spanOfRecording(recording.capture, ticks);
  const { fromTick } = leaks;
  return {
    selection,
    leaks,
    warmUp:
      warmUp === null
        ? null
        : { fromTick, ms: fromTick === 0 ? 0 : endOfTick(fromTick - 1, ticks, span) - span.startMs },
    growth: run.keep(`growth ${warmUp} ${selectionKey(whole)}`, GROWTH_BYTES, () => {
      const { filter } = run.requestOf(whole);
      return growthBesideRows(toldGrowth(selection, fromTick, filter), filter);
    }),
    attached: attachedSentence(recording.capture),
    arenas: sayArenas(selection, leaks),
    reserved: sayReserved(leaks, selection),
    startMs: span.startMs,
    tickEndMs: Float64Array.from({ length: ticks.length + 1 }, (_, tick) => endOfTick(tick, ticks, span)),
  };
}

function sayArenas({ isWhole, runs }: Selection, leaks: LeakTable): string | null {
  const bytes = leaks.order.reduce(
    (sum, row) => sum + (LEAK_ROW_KINDS[leaks.kind[row]!] === 'objects' ? leaks.bytes[row]! : 0),
    0,
  );
  const growths = (): Growth[] =>
    isWhole ? runs.flatMap(({ side, profile }) => (side === 'head' ? findGrowth(profile).growths : [])) : [];
  return sayHiddenLeaks({ bytes, wholeBytes: leaks.totalBytes }, growths);
}

/** A row of leaks, without names. */
export interface LeakRow {
  /** What the base keeps there; null without one. */
  readonly base: { readonly bytes: number; readonly count: number } | null;
  readonly kind: LeakRowKind;
  /** Rows of `FrameTable`, the first that look the same: the line, and where most of it was allocated; -1 = none. */
  readonly line: FrameRow;
  readonly innermost: FrameRow;
  /** The site that keeps most, and how many there are. */
  readonly site: SiteRow;
  readonly sites: number;
  readonly bytes: number;
  readonly count: number;
  readonly firstBornTick: number;
  readonly lastBornTick: number;
  /** When these end, in milliseconds since the epoch. */
  readonly firstBornMs: number;
  readonly lastBornMs: number;
  /** Live bytes at the end of each step; borrowed. */
  readonly liveBytes: Float64Array;
  readonly verdict: LeakVerdict;
}

/** `row` is one of `leaks.order`. */
export function readLeak(row: number, { leaks, selection, tickEndMs }: FoundLeaks): LeakRow {
  const steps = leaks.stepTicks.length;
  const line = leaks.frame[row]!;
  return {
    kind: LEAK_ROW_KINDS[leaks.kind[row]!]!,
    base: leaks.base === null ? null : { bytes: leaks.base.bytes[row]!, count: leaks.base.count[row]! },
    // With a base the line at which the head keeps most: of what looks the same others may come first.
    line: line < 0 || leaks.base !== null ? line : selection.groups.canonical[line]!,
    innermost: innermostFrame(leaks.site[row]!, selection),
    site: leaks.site[row]!,
    sites: leaks.sites[row]!,
    bytes: leaks.bytes[row]!,
    count: leaks.count[row]!,
    firstBornTick: leaks.firstBornTick[row]!,
    lastBornTick: leaks.lastBornTick[row]!,
    firstBornMs: tickEndMs[leaks.firstBornTick[row]!]!,
    lastBornMs: tickEndMs[leaks.lastBornTick[row]!]!,
    liveBytes: leaks.liveBytes.subarray(row * steps, (row + 1) * steps),
    verdict: LEAK_RULES[leaks.rule[row]!]!,
  };
}

/** Every verdict with what its rows hold, as rows are listed: what still grows, then the heaviest. */
export function sumVerdicts({ byRule }: LeakTable): (LeakVerdict & LeakTotal)[] {
  const grows = ({ name }: LeakVerdict): number => (name === 'growing' ? 1 : 0);
  return LEAK_RULES.map(({ name, title, rule }, at) => ({ name, title, rule, ...byRule[at]! })).sort(
    (a, b) => grows(b) - grows(a) || b.bytes - a.bytes,
  );
}

function sumOfBase({ bytes, count, gone }: LeaksOfBase): NonNullable<LeaksPage['base']> {
  const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0);
  return { bytes: sum(bytes), count: sum(count), gone: { lines: gone.rows, bytes: gone.bytes, count: gone.count } };
}

/** Frames of a stack at the most. */
const MOST_FRAMES = 60;

export function answerLeaks(
  run: OpenRun,
  { view, warmUp, sort = null, descending = true, search = '', verdict = null, offset, limit }: LeaksQuestion,
  sources: SourceLookup | null = null,
): LeaksPage {
  const answer = findLeaks(run, view, warmUp);
  const { leaks, selection, growth, attached, arenas, reserved, tickEndMs } = answer;
  const budget = new TextBudget();
  const labelOf = (frame: number): FlameLabel | null => (frame < 0 ? null : labelKey(frame, selection));
  const lineOf = sourceLineOf(run.set.head, sources);
  const label = (frame: number): FlameLabel | null => {
    const known = labelOf(frame);
    if (known === null) return null;
    const source = known.file === null || known.line === null ? null : lineOf(known.file, known.line);
    return budget.fit(source === null ? known : { ...known, source });
  };
  const found = arrangeLeaks([...leaks.order], { sort, descending, search, verdict }, readerOf(answer, labelOf));
  const sum = (column: Float64Array): number => found.reduce((all, row) => all + column[row]!, 0);
  return {
    growth: growth.map(({ rule, severity, title, text, bytes, location, view: shown }) => ({
      rule,
      severity,
      title,
      text,
      bytes,
      location: location === null ? null : describePlace(location),
      view: shown,
    })),
    attached,
    arenas,
    reserved,
    suggestion: selection.suggestion(),
    rowCount: found.length,
    foundBytes: sum(leaks.bytes),
    foundCount: sum(leaks.count),
    window: windowOfLeaks(view.window, warmUp, answer),
    endMs: selection.window?.toMs ?? tickEndMs.at(-1)!,
    bytes: leaks.totalBytes,
    count: leaks.totalCount,
    base: leaks.base === null ? null : sumOfBase(leaks.base),
    stepMs: Array.from(leaks.stepTicks, (tick) => tickEndMs[tick]!),
    verdicts: sumVerdicts(leaks).map(({ name, title, rule, bytes, count, rows }) => ({
      name,
      title,
      rule,
      bytes,
      count,
      lines: rows,
    })),
    rows: found.slice(offset, offset + limit).map((row) => {
      const { kind, line, innermost, site, sites, bytes, count, base, firstBornMs, lastBornMs, ...rest } = readLeak(
        row,
        answer,
      );
      return {
        kind,
        label: label(line),
        innermost: label(innermost),
        stack: framesOfSite(site, selection, MOST_FRAMES).flatMap((frame) => label(frame) ?? []),
        filter: formatFilter(filterOfApplication(site, selection)),
        sites,
        bytes,
        count,
        base,
        firstBornMs,
        lastBornMs,
        liveBytes: [...rest.liveBytes],
        verdict: rest.verdict.name,
      };
    }),
  };
}

function readerOf(
  { leaks, selection, tickEndMs }: FoundLeaks,
  label: (frame: number) => FlameLabel | null,
): LeakRowReader<number> {
  const steps = leaks.stepTicks.length;
  return {
    label: (row) => label(leaks.frame[row]!) ?? labelApplication(leaks.site[row]!, selection),
    innermost: (row) => label(innermostFrame(leaks.site[row]!, selection)),
    verdict: (row) => LEAK_RULES[leaks.rule[row]!]!.name,
    bytes: (row) => leaks.bytes[row]!,
    baseBytes: (row) => leaks.base?.bytes[row] ?? 0,
    count: (row) => leaks.count[row]!,
    firstBorn: (row) => tickEndMs[leaks.firstBornTick[row]!]!,
    sites: (row) => leaks.sites[row]!,
    liveBytes: (row) => leaks.liveBytes.subarray(row * steps, (row + 1) * steps),
  };
}

/** Of what was born before a warm-up nothing counts, as of what was born before a window. */
function windowOfLeaks(window: string | null, warmUp: string | null, { leaks, selection }: FoundLeaks): string | null {
  if (warmUp === null || leaks.fromTick === 0) return window;
  return window === null ? `${warmUp}..` : `#${leaks.fromTick}..#${selection.window!.toTick}`;
}
