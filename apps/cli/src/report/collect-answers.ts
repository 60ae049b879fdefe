/**
 * A profile → the answers that a report holds: each question is put to what answers the page. What the capture
 * cannot answer is held as that error, in its words.
 */
import {
  BAND_GROUPINGS,
  GROUPINGS,
  reportKey,
  canAnswer,
  SITE_MEASURES,
  tellsThreads,
  type ApiError,
  type EmbeddedAnswer,
  type EmbeddedReport,
  type Grouping,
  type ReportLimits,
  type Run,
  type SiteMeasure,
  type TableBy,
  type TablePage,
  type ViewQuery,
} from '@memscope/model';
import {
  answerBands,
  answerFlame,
  answerLeaks,
  answerOverview,
  answerSandwich,
  answerSource,
  answerTable,
  answerTimeline,
  faultOf,
  type OpenRun,
  type RunSummary,
} from '@memscope/query';

import { embedBands, embedFlame, embedLeaks, embedSandwich, embedTable, embedTimeline } from './embed-answers.js';
import { LabelTable } from './label-table.js';
import { pickRows } from './pick-rows.js';

/** A report is of one run. */
const TABLES = GROUPINGS.filter((by) => by !== 'run');
const BANDS = BAND_GROUPINGS.filter((by) => by !== 'run');
/** As the page asks. */
const TOP_BANDS = 6;
const waysOfAll = (question: 'bands' | 'table', groupings: readonly Grouping[]): number =>
  groupings.reduce((sum, by) => sum + waysOf(question, by).length, 0);
/** Timeline, bands and leaks; of each measure an overview, four flame graphs and the tables. */
const ALWAYS_ASKED = 1 + waysOfAll('bands', BANDS) + 1 + SITE_MEASURES.length * (1 + 4 + waysOfAll('table', TABLES));
/** Nodes of a sandwich below a part in so many are folded. */
const SANDWICH_SHARE = 400;
const NO_SOURCE = 'a report holds no source files; memscope list and memscope serve show them with --source FOLDER';

/** `pace` is called before each question with how many are answered, of about how many; it may throw to end it. */
export async function collectAnswers(
  run: OpenRun,
  view: ViewQuery,
  limits: ReportLimits,
  pace: (done: number, total: number) => Promise<void>,
): Promise<Pick<EmbeddedReport, 'labels' | 'answers'>> {
  const table = new LabelTable(limits.labelText, limits.text);
  const answers: Record<string, EmbeddedAnswer> = {};
  let done = 0;
  // Until they are known, as many functions as there may be.
  let total = ALWAYS_ASKED + 2 * SITE_MEASURES.length * limits.functions;
  const put = async (key: string, answer: () => EmbeddedAnswer): Promise<void> => {
    await pace(done++, total);
    answers[key] = orError(answer);
  };
  const ticks = { from: 0, to: null, width: limits.columns };
  await put(reportKey.timeline(), () => embedTimeline(answerTimeline(run, { route: 'timeline', ...ticks })));
  for (const by of BANDS) {
    for (const splitThreads of waysOf('bands', by)) {
      await put(reportKey.bands(by, splitThreads), () =>
        embedBands(answerBands(run, { route: 'bands', view: { ...view, splitThreads }, by, top: TOP_BANDS, ...ticks })),
      );
    }
  }
  await put(reportKey.leaks(), () =>
    embedLeaks(answerLeaks(run, { route: 'leaks', view, warmUp: null, offset: 0, limit: limits.leaks }), table),
  );
  const measures = SITE_MEASURES.filter((each) => each !== 'objects' || canAnswer(run.profile.capture, each));
  const measuresOf = new Map<string, SiteMeasure[]>();
  for (const measure of measures) {
    const own = { ...view, measure };
    await put(reportKey.overview(measure), () => ({ overview: answerOverview(run, { route: 'overview', view: own }) }));
    for (const [splitThreads, inverted] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      await put(reportKey.flame(measure, splitThreads, inverted), () => {
        const question = { view: { ...own, splitThreads }, inverted, transforms: [], root: 0, width: limits.share };
        return embedFlame(answerFlame(run, { route: 'flame', ...question }, limits.nodes), table);
      });
    }
    for (const by of TABLES) {
      for (const splitThreads of waysOf('table', by)) {
        await put(reportKey.table(measure, by, splitThreads), () =>
          embedTable(readTable(run, { ...own, splitThreads }, by, limits.rows), table),
        );
      }
    }
    for (const name of heaviestFunctions(run, own, limits)) {
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
        const source = answerSource(run, { route: 'source', view: question.view, function: name }, null);
        return { source: { ...source, message: NO_SOURCE } };
      });
    }
  }
  return { labels: table.labels, answers };
}

/** With threads merged, and where that is another answer, split. */
function waysOf(question: 'bands' | 'table', by: Grouping): boolean[] {
  return tellsThreads(question, by) ? [false, true] : [false];
}

/** Also says that a run is ready. */
export function describeRun(name: string, summary: RunSummary): Run {
  return {
    id: 'report',
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

/** By own bytes and by inclusive ones. Names that are too long to be kept are none of them. */
function heaviestFunctions(run: OpenRun, view: ViewQuery, { functions, text }: ReportLimits): string[] {
  const names = new Set<string>();
  for (const sort of ['self', 'total'] as const) {
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
