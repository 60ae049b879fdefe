/**
 * Whatever memscope gives out is as its schema says: every document, answer of the API and report, of real captures of
 * several kinds. As a control each is changed in every place, and no change goes unnoticed.
 */
import { gunzipSync } from 'node:zlib';
import {
  BAND_GROUPINGS,
  GROUPINGS,
  SITE_MEASURES,
  tellsThreads,
  WHOLE_VIEW,
  type Profile,
  type TablePage,
} from '@memscope/model';
import { answerBands, answerFlame, answerQuestion, answerTimeline, OpenRun, readQuestion } from '@memscope/query';
import { describe, expect, test } from 'vitest';

import { makeReport } from '../src/report/report-command.js';
import { queryHost } from '../src/views/query-host.js';
import { run } from './fake-host.js';
import { errorsOf, expectValid } from './views/document-schema.js';
import { fixtureProfile } from './views/fixture-profiles.js';

const CAPTURES = ['mixed-v13', 'mixed-native-v13', 'mixed-agg-v13', 'killed-v13', 'mixed-v7'];
const ANY_FUNCTION = '/./';

/** Words of the command line, CAPTURE left out, and where the document is declared. */
const DOCUMENTS: readonly (readonly [string, readonly string[]])[] = [
  ['analysis-1', ['analyze']],
  ['analysis-1', ['analyze', '--sort', 'leaked', '-n', '3']],
  ['tree-1', ['tree']],
  ['tree-1', ['tree', '--inverted', '--split-threads', '--measure', 'leaked', '--max-depth', '4']],
  ['callers-1', ['callers', ANY_FUNCTION]],
  ['callees-1', ['callees', ANY_FUNCTION]],
  ['list-1', ['list', ANY_FUNCTION]],
  ['symbols-1', ['symbols', 'list']],
  ...GROUPINGS.map((by) => ['table-1', ['table', '--by', by, '--counts']] as const),
  ['table-1', ['table', '--by', 'site', '--split-threads']],
  ['timeline-1', ['timeline']],
];

/** These need what an aggregated capture does not have. */
const OF_HISTORY: readonly (readonly [string, readonly string[]])[] = [
  ['analysis-1', ['analyze', '--window', '20%..80%', '--filter', 'allocator:malloc']],
  ['tree-1', ['tree', '--measure', 'total', '--filter', 'size>1k']],
  ['table-1', ['table', '--by', 'owner', '--sort', 'own-peak']],
  ['timeline-1', ['timeline', '--window', '20%..80%', '--filter', 'allocator:malloc', '-n', '5']],
  ...BAND_GROUPINGS.map((by) => ['timeline-1', ['timeline', '--by', by, '--top', '2']] as const),
  ['leaks-1', ['leaks']],
  ['leaks-1', ['leaks', '--warm-up', '20%']],
];

async function documentOf([command, ...rest]: readonly string[], profile: Profile): Promise<unknown> {
  const words = command === 'symbols' ? ['symbols', 'list', 'a.bin'] : [command!, 'a.bin', ...rest];
  const { stdout, stderr, code } = await run([...words, '--json'], { captures: { 'a.bin': profile } });
  expect([words.join(' '), code, stderr.replaceAll(/^memscope: warning: .*\n/gm, '')]).toEqual([
    words.join(' '),
    0,
    '',
  ]);
  return JSON.parse(stdout);
}

/** The parameters of a route, and where its answer is declared. */
function questionsOf(name: string): (readonly [string, string, string])[] {
  const target = encodeURIComponent(name);
  return [
    ...SITE_MEASURES.map((measure) => ['api-1#AnalysisDocument', 'overview', `measure=${measure}`] as const),
    ...GROUPINGS.map(
      (by) => ['api-1#TablePage', 'table', tellsThreads('table', by) ? `by=${by}&splitThreads=1` : `by=${by}`] as const,
    ),
    ['api-1#SandwichAnswer', 'sandwich', `function=${target}`],
    ['api-1#SourceAnswer', 'source', `function=${target}`],
    ['api-1#SiteAnswer', 'site', 'site=0&measure=leaked'],
    ['api-1#SearchAnswer', 'search', 'text=function:main'],
    ['api-1#LeaksPage', 'leaks', ''],
  ];
}

async function answersOf(profile: Profile): Promise<(readonly [string, string, unknown])[]> {
  const open = new OpenRun(profile, queryHost());
  const ask = async (route: string, parameters: string): Promise<unknown> => {
    const question = readQuestion(route as 'table', new URLSearchParams(parameters));
    const { body } = await answerQuestion(open, question, null);
    return JSON.parse(new TextDecoder().decode(body));
  };
  const { rows } = (await ask('table', 'by=function&limit=1')) as TablePage;
  const answers: (readonly [string, string, unknown])[] = [];
  for (const [schema, route, parameters] of questionsOf(rows[0]!.label!.function!)) {
    answers.push([schema, `${route}?${parameters}`, await ask(route, parameters)]);
  }
  const ticks = { from: 0, to: null, width: 100 };
  const heads = [
    ['api-1#TimelineHead', answerTimeline(open, { route: 'timeline', ...ticks })],
    ['api-1#BandsHead', answerBands(open, { route: 'bands', view: WHOLE_VIEW, by: 'module', top: 3, ...ticks })],
    [
      'api-1#FlameHead',
      answerFlame(open, {
        route: 'flame',
        view: { ...WHOLE_VIEW, frames: 'all' },
        inverted: false,
        transforms: [],
        root: 1,
        width: 1000,
      }),
    ],
  ] as const;
  return [...answers, ...heads.map(([schema, { head }]) => [schema, schema, asJson(head)] as const)];
}

async function reportOf(profile: Profile): Promise<unknown> {
  const request = { view: WHOLE_VIEW, parts: { script: '', style: '', icon: '' } };
  const html = (await makeReport({ head: [profile], base: [] }, request, new AbortController().signal))!;
  const packed = /id="memscope-report">([^<]*)</.exec(html)![1]!;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe.each(CAPTURES)('of %s', (name) => {
  const isAggregated = name.includes('-agg-');
  test('every document is as its schema says', async () => {
    for (const [schema, words] of isAggregated ? DOCUMENTS : [...DOCUMENTS, ...OF_HISTORY]) {
      if (schema === 'symbols-1' && !name.includes('-native-')) continue;
      expect({ words, errors: errorsOf(schema, await documentOf(words, await fixtureProfile(name))) }).toEqual({
        words,
        errors: null,
      });
    }
  });

  test.skipIf(isAggregated)('every answer of the API is as its schema says', async () => {
    const profile = await fixtureProfile(name);
    for (const [schema, question, answer] of await answersOf(profile)) {
      expect({ question, errors: errorsOf(schema, answer) }).toEqual({ question, errors: null });
    }
    profile.close();
  });

  test('a report is as its schema says', async () => {
    const profile = await fixtureProfile(name);
    expectValid('report-1', await reportOf(profile));
    profile.close();
  });
});

test('a list of analyses and failures is as its schema says', async () => {
  const captures = { 'a.bin': await fixtureProfile('mixed-v13'), 'b.bin': { code: 'empty', message: 'is empty' } };
  const { stdout } = await run(['analyze', 'a.bin', 'b.bin', '--json'], { captures });
  expectValid('analysis-list-1', JSON.parse(stdout));
});

describe('a document that is changed in any place is not as its schema says', () => {
  const CHANGED = [
    ['analysis-1', ['analyze', '-n', '2']],
    ['tree-1', ['tree', '-n', '3', '--split-threads']],
    ['callers-1', ['callers', ANY_FUNCTION, '-n', '3']],
    ['callees-1', ['callees', ANY_FUNCTION, '-n', '3']],
    ['list-1', ['list', ANY_FUNCTION, '-n', '1']],
    ['symbols-1', ['symbols', 'list']],
    ...GROUPINGS.map((by) => ['table-1', ['table', '--by', by, '-n', '1']] as const),
    ['timeline-1', ['timeline', '-n', '2']],
    ['leaks-1', ['leaks', '-n', '1', '--warm-up', '1%']],
  ] as const;

  test.each(CHANGED)('%s of %s', async (schema, words) => {
    const document = await documentOf(words, await fixtureProfile('mixed-native-v13'));
    expectValid(schema, document);
    expect(
      [...changes(document)].filter(([, changed]) => errorsOf(schema, changed) === null).map(([at]) => at),
    ).toEqual([]);
  });

  test('answers of the API', async () => {
    const profile = await fixtureProfile('mixed-native-v13');
    for (const [schema, question, answer] of await answersOf(profile)) {
      const unnoticed = [...changes(answer)].filter(([, changed]) => errorsOf(schema, changed) === null);
      expect({ question, unnoticed: unnoticed.map(([at]) => at) }).toEqual({ question, unnoticed: [] });
    }
    profile.close();
  });
});

/**
 * `value` once with each key left out, once with one too many in each object, and once with each plain value replaced by a
 * list. Of a list only the first row is looked into.
 */
function* changes(value: unknown, at = ''): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) {
    yield [at, [value]];
  } else if (Array.isArray(value)) {
    const [first, ...rest] = value as unknown[];
    for (const [place, changed] of value.length === 0 ? [] : changes(first, `${at}[0]`)) {
      yield [place, [changed, ...rest]];
    }
  } else {
    yield [`${at}.more`, { ...value, more: 1 }];
    for (const [key, held] of Object.entries(value)) {
      const { [key]: _, ...others } = value as Record<string, unknown>;
      yield [`without ${at}.${key}`, others];
      for (const [place, changed] of changes(held, `${at}.${key}`)) yield [place, { ...value, [key]: changed }];
    }
  }
}
