/**
 * A run set → the answers that a report holds: each question is put to what answers the page. What the capture
 * cannot answer is held as that error, in its words.
 */
import {
  BAND_GROUPINGS,
  COMPARED_MEASURES,
  GROUPINGS,
  reportKey,
  sayHeldSource,
  canAnswer,
  SITE_MEASURES,
  tellsThreads,
  type ApiError,
  type EmbeddedAnswer,
  type EmbeddedReport,
  type Grouping,
  type ReportLimits,
  type ReportSide,
  type Run,
  type SiteMeasure,
  type TableBy,
  type TablePage,
  type ViewQuery,
} from '@memscope/model';
import {
  answerBands,
  answerDiff,
  answerFlame,
  answerLeaks,
  answerOverview,
  answerSandwich,
  answerSource,
  answerTable,
  answerTimeline,
  faultOf,
  OpenRun,
  type RunSummary,
} from '@memscope/query';

import { embedBands, embedFlame, embedLeaks, embedSandwich, embedTable, embedTimeline } from './embed-answers.js';
import { LabelTable } from './label-table.js';
import { pickRows } from './pick-rows.js';

/** As the page asks. */
const TOP_BANDS = 6;
/** Only several runs are told apart. */
const groupingsOf = <By extends Grouping>(all: readonly By[], { set }: OpenRun): By[] =>
  all.filter((by) => by !== 'run' || set.head.length > 1);
const waysOfAll = (question: 'bands' | 'table', groupings: readonly Grouping[]): number =>
  groupings.reduce((sum, by) => sum + waysOf(question, by).length, 0);
/** Timeline and bands of each side, leaks, and what changed; of each measure an overview, flame graphs and tables. */
const alwaysAsked = (sides: number, bands: readonly Grouping[], measures: number, ofMeasure: number): number =>
  sides * (1 + waysOfAll('bands', bands)) + 1 + (sides - 1) * COMPARED_MEASURES.length + measures * ofMeasure;
/** Nodes of a sandwich below a part in so many are folded. */
const SANDWICH_SHARE = 400;

/** What is asked by measure in advance. */
interface Asked {
  readonly measures: readonly SiteMeasure[];
  readonly flames: readonly { readonly splitThreads: boolean; readonly inverted: boolean }[];
  readonly tables: readonly Grouping[];
  readonly splitsTables: boolean;
  readonly functions: boolean;
}

const EVERYTHING: Asked = {
  measures: SITE_MEASURES,
  flames: [false, true].flatMap((inverted) => [false, true].map((splitThreads) => ({ splitThreads, inverted }))),
  tables: GROUPINGS,
  splitsTables: true,
  functions: true,
};
/** Beside profiles that are too large to be held whole, and to be asked everything. */
const SHOWN_FIRST: Asked = {
  measures: ['peak', 'leaked'],
  flames: [{ splitThreads: false, inverted: false }],
  tables: ['function', 'library'],
  splitsTables: false,
  functions: false,
};

/**
 * All answers; or, of a `large` profile, what is shown first of the peak and of what was never freed, since each question
 * takes seconds there. `pace` is called before each question with how many are answered, of about how many; it may throw
 * to end it.
 */
export async function collectAnswers(
  run: OpenRun,
  view: ViewQuery,
  limits: ReportLimits,
  pace: (done: number, total: number) => Promise<void>,
  large = false,
): Promise<Pick<EmbeddedReport, 'labels' | 'answers'>> {
  const table = new LabelTable(limits.labelText, limits.text);
  const answers: Record<string, EmbeddedAnswer> = {};
  let done = 0;
  const { head, base } = run.set;
  const asked = large ? SHOWN_FIRST : EVERYTHING;
  const measures = asked.measures.filter((each) => each !== 'objects' || canAnswer(run.profile.capture, each));
  const tables = groupingsOf(asked.tables, run).flatMap((by) =>
    (asked.splitsTables ? waysOf('table', by) : [false]).map((splitThreads) => ({ by, splitThreads })),
  );
  const alone = new OpenRun({ head, base: [] }, run.host);
  const sides: (readonly [ReportSide, OpenRun])[] = [['head', base.length === 0 ? run : alone]];
  if (base.length > 0) sides.push(['base', new OpenRun({ head: base, base: [] }, run.host)]);
  const ofLines = base.length === 0 ? run : new OpenRun({ ...run.set, lines: true }, run.host);
  // Until they are known, as many functions as there may be.
  let total =
    alwaysAsked(
      sides.length,
      groupingsOf(BAND_GROUPINGS, run),
      measures.length,
      1 + asked.flames.length + tables.length,
    ) + (asked.functions ? 2 * measures.length * limits.functions : 0);
  const put = async (key: string, answer: () => EmbeddedAnswer): Promise<void> => {
    await pace(done++, total);
    answers[key] = orError(answer);
  };
  const ticks = { from: 0, to: null, width: limits.columns };
  for (const [side, own] of sides) {
    await put(reportKey.timeline(side), () => embedTimeline(answerTimeline(own, { route: 'timeline', ...ticks })));
    for (const by of groupingsOf(BAND_GROUPINGS, own)) {
      for (const splitThreads of waysOf('bands', by)) {
        const question = { route: 'bands', view: { ...view, splitThreads }, by, top: TOP_BANDS, ...ticks } as const;
        await put(reportKey.bands(by, splitThreads, side), () => embedBands(answerBands(own, question)));
      }
    }
  }
  for (const measure of base.length === 0 ? [] : COMPARED_MEASURES) {
    await put(reportKey.diff(measure), () => ({
      diff: answerDiff(run, { route: 'diff', view, measure, by: 'function' }),
    }));
  }
  await put(reportKey.leaks(), () =>
    embedLeaks(answerLeaks(run, { route: 'leaks', view, warmUp: null, offset: 0, limit: limits.leaks }), table),
  );
  const measuresOf = new Map<string, SiteMeasure[]>();
  for (const measure of measures) {
    const own = { ...view, measure };
    await put(reportKey.overview(measure), () => ({
      overview: answerOverview(sides[0]![1], { route: 'overview', view: own }),
    }));
    for (const { splitThreads, inverted } of asked.flames) {
      await put(reportKey.flame(measure, splitThreads, inverted), () => {
        const question = { view: { ...own, splitThreads }, inverted, transforms: [], root: 0, width: limits.share };
        return embedFlame(
          answerFlame(run, { route: 'flame', ...question }, { most: limits.nodes, opensImports: true }),
          table,
        );
      });
    }
    for (const { by, splitThreads } of tables) {
      await put(reportKey.table(measure, by, splitThreads), () =>
        embedTable(readTable(run, { ...own, splitThreads }, by, limits.rows), table),
      );
    }
    for (const name of asked.functions ? heaviestFunctions(run, own, limits) : []) {
      measuresOf.set(name, [...(measuresOf.get(name) ?? []), measure]);
    }
  }
  total = done + 2 * [...measuresOf.values()].reduce((sum, { length }) => sum + length, 0);
  // Function by function: what is kept of one serves all its measures.
  for (const [name, measures] of measuresOf) {
    for (const measure of measures) {
      const question = { view: { ...view, measure, splitThreads: false }, function: name, width: SANDWICH_SHARE };
      await put(reportKey.sandwich(measure, name), () =>
        embedSandwich(answerSandwich(run, { route: 'sandwich', ...question }), table),
      );
      await put(reportKey.source(measure, name), () => {
        const source = answerSource(ofLines, { route: 'source', view: question.view, function: name }, null);
        return { source: sayHeldSource(source) };
      });
    }
  }
  return { labels: table.labels, answers };
}

/** With threads merged, and where that is another answer, split. */
function waysOf(question: 'bands' | 'table', by: Grouping): boolean[] {
  return tellsThreads(question, by) ? [false, true] : [false];
}

/** Also says that a run is ready. The id is one of the report's own. */
export function describeRun(id: string, name: string, summary: RunSummary): Run {
  return {
    id,
    name,
    state: 'ready',
    readBytes: 0,
    totalBytes: null,
    message: null,
    parent: null,
    ...summary,
  };
}

function readTable(run: OpenRun, view: ViewQuery, by: TableBy, rows: number): TablePage {
  return pickRows(
    (sort, limit) =>
      answerTable(run, { route: 'table', view, by, sort, descending: true, offset: 0, limit, search: '' }),
    rows,
  );
}

/** By own bytes and by inclusive ones, with a base also by their change. Names that are too long to be kept are none of them. */
function heaviestFunctions(run: OpenRun, view: ViewQuery, { functions, text }: ReportLimits): string[] {
  const names = new Set<string>();
  const changes = run.set.base.length === 0 ? [] : (['selfChange', 'inclusiveChange'] as const);
  for (const sort of ['self', 'inclusive', ...changes] as const) {
    try {
      const limit = Math.ceil(functions / 2);
      const question = { by: 'function', sort, descending: true, offset: 0, limit, search: '' } as const;
      for (const { label } of answerTable(run, { route: 'table', view, ...question }).rows) {
        const name = label?.function ?? null;
        if (name !== null && name.length <= text) names.add(name);
      }
    } catch (error) {
      if (faultOf(error) === null) throw error;
    }
  }
  return [...names];
}

function orError(answer: () => EmbeddedAnswer): EmbeddedAnswer {
  try {
    return answer();
  } catch (error) {
    const fault: { readonly error: ApiError } | null = faultOf(error);
    if (fault === null) throw error;
    return { error: fault.error };
  }
}
