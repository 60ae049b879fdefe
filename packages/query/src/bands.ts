/**
 * Live bytes over time, split among the heaviest of a grouping of sites and the rest, or of all that passes a filter: the
 * answer that `memscope timeline --by`, the page and a report draw; and the same as the page gets it, a column a band.
 */
import {
  canAnswer,
  ALLOCATOR_NAMES,
  applicationOf,
  ARENAS_LABEL,
  bandsOverTime,
  cutBands,
  endOfTick,
  followGroups,
  highestTicks,
  innermostFrame,
  labelApplication,
  labelKey,
  labelModule,
  labelOwnerOf,
  moduleOfFile,
  nameRuns,
  nameThreads,
  ownerOf,
  nameCategory,
  NO_FRAME,
  NO_PYTHON_FRAME,
  quoteName,
  readWindow,
  runOfSite,
  spanOfRecording,
  spreadOverTicks,
  ViewError,
  type BandGrouping,
  type BandsHead,
  type FlameLabel,
  type LiveBands,
  type Selection,
  type TimeWindow,
  type ViewQuery,
} from '@memscope/model';
import type { Columns } from './answer.js';
import { selectionKey, type OpenRun } from './open-run.js';
import type { BandsQuestion } from './question.js';
import { filterOfSites } from './site-filter.js';

export interface BandsRequest {
  /** Null: one band of all that passes the filter. */
  readonly by: BandGrouping | null;
  /** Bands besides the rest. */
  readonly top: number;
  /** Null = the whole recording. */
  readonly window: TimeWindow | null;
}

export interface FoundBands extends LiveBands {
  readonly by: BandGrouping | null;
  /** Of all that ever lived. */
  readonly selection: Selection;
}

/**
 * Measure and window of the view mean nothing here: bands are of all that ever lived, since what was allocated before a
 * window may live within. Throws `ViewError` and `FilterError`.
 */
export function findBands(run: OpenRun, view: ViewQuery, { by, top, window }: BandsRequest): FoundBands {
  if (!canAnswer(run.recording.capture, 'lifetimes')) {
    const lacks = by === null ? 'filter' : 'bands';
    throw new ViewError(
      'cannotAnswer',
      `an aggregated capture does not say when allocations lived: its timeline has no ${lacks}`,
    );
  }
  const whole = { ...view, measure: 'total', window: null } as const;
  const selection = run.select(whole);
  const { curves } = run.keep(
    `curves ${by} ${selectionKey(whole)}`,
    ({ curves: made }) => made?.live.byteLength ?? 0,
    () => ({ curves: followGroups(selection, by) }),
  );
  const part = window ?? { fromTick: 0, toTick: run.recording.ticks().length };
  if (curves !== null) return { by, selection, ...cutBands(curves, part, top) };
  const bands = run.keep(
    `bands ${by} ${top} ${part.fromTick} ${part.toTick} ${selectionKey(whole)}`,
    8 * (top + 1) * (part.toTick - part.fromTick + 1),
    () => bandsOverTime(selection, { by, window: part, most: top }),
  );
  return { by, selection, ...bands };
}

export interface BandsAnswer {
  readonly columns: Columns;
  readonly head: BandsHead;
}

export function answerBands(run: OpenRun, { view, by, top, from, to, width }: BandsQuestion): BandsAnswer {
  const { recording } = run;
  const ticks = recording.ticks();
  const count = ticks.length;
  const window = readWindow(`#${from}..#${Math.min(to ?? count, count)}`, recording);
  const { bands, fromTick, toTick, selection } = findBands(run, view, { by, top, window });
  // Each row is the tick of the greatest heap among those that share its pixel.
  const ends = spreadOverTicks(fromTick, toTick, width);
  const shownTicks = highestTicks(ticks, recording.notes.tailPeakBytes, fromTick, ends);
  const span = spanOfRecording(recording.capture, ticks);
  const columns: Record<string, Float64Array | Uint32Array> = {
    timeMs: Float64Array.from(shownTicks, (tick) => endOfTick(tick, ticks, span)),
    tick: shownTicks,
  };
  for (const [index, { liveBytes }] of bands.entries()) {
    columns[`b${index}`] = Float64Array.from(shownTicks, (tick) => liveBytes[tick - fromTick]!);
  }
  const describe = bandOfSite(selection, by);
  const filterOf = filterOfSites(by, selection);
  return {
    columns,
    head: {
      by,
      bands: bands.map(({ site }) =>
        site < 0
          ? { name: 'the rest', rest: true, category: null, filter: null }
          : { filter: filterOf(site), ...describe(site), rest: false },
      ),
    },
  };
}

type Band = BandsHead['bands'][number];

/** Modules are those of the innermost frames, which have a filter of their own. */
function bandOfSite(
  selection: Selection,
  by: BandsHead['by'],
): (site: number) => Pick<Band, 'name' | 'category'> & Partial<Pick<Band, 'filter'>> {
  const { sites, groups, libraries } = selection;
  switch (by) {
    case 'thread':
      return (site) => ({ name: nameThreads(site, selection), category: null });
    case 'run': {
      const runs = nameRuns(selection.runs);
      return (site) => ({ name: runs[runOfSite(site, selection)]!, category: null });
    }
    case 'allocator':
      return (site) => ({ name: ALLOCATOR_NAMES[sites.allocator[site]!] ?? '', category: null });
    case 'owner':
      return (site) => {
        const label = labelOwnerOf(site, by, selection);
        return { name: nameWithPlace(label), category: categoryOfArenas(label) };
      };
    case 'application':
      return (site) => {
        const { frame, kind } = applicationOf(site, selection);
        const label = frame < 0 ? labelApplication(site, selection) : labelKey(frame, selection);
        return {
          name: nameWithPlace(label) + (kind === 'import' ? ', what it imports' : ''),
          category: categoryOfArenas(label),
        };
      };
    case 'library':
    case 'category': {
      const owners = selection.owners();
      const nameless = sites.nativeStack === null ? NO_PYTHON_FRAME : NO_FRAME;
      return (site) => {
        const owner = ownerOf(site, owners);
        const name = owner === null ? nameless : by === 'category' ? nameCategory(owner.category) : owner.library;
        return { name, category: owner?.category ?? 'unknown' };
      };
    }
    case 'module':
      return (site) => {
        const frame = innermostFrame(site, selection);
        if (frame < 0) return { name: NO_PYTHON_FRAME, category: 'unknown', filter: null };
        const { name, category } = labelModule(groups.moduleOf[frame]!, groups, libraries);
        return { name, category, filter: `module:${quoteName(name)}` };
      };
  }
}

/** Functions and lines are of no category, but for the arenas of Python's allocator, which are of no line. */
function categoryOfArenas({ category }: FlameLabel): string | null {
  return category === ARENAS_LABEL.category ? category : null;
}

/** "handle app.py:31" */
function nameWithPlace({ name, kind, file, line }: FlameLabel): string {
  if (file === null) return name;
  const short = kind === 'native' ? file : moduleOfFile(file).shortFile;
  return `${name} ${short}${line === null ? '' : `:${line}`}`;
}
