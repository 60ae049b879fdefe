/** `apps/docs/terms.md` names things as the program does: every name in its tables is there, and none is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VIEW_PARTS } from '@memscope/model';
import { allParameters } from '@memscope/query';
import { PROFILE_TABLES } from '@memscope/store';

import { flagOf } from '../src/options/selection-options.js';
import { createProgram } from '../src/program.js';
import { fakeHost } from './fake-host.js';

const ROOT = new URL('../../../', import.meta.url).pathname;
const PLACES = ['Flag', 'JSON', 'SQL', 'API', 'Page'] as const;
type Place = (typeof PLACES)[number];

interface Term {
  readonly term: string;
  readonly names: Readonly<Record<Place, readonly string[]>>;
}

/** The rows of each table, by its heading. */
function readTerms(): Map<string, Term[]> {
  const sections = readFileSync(join(ROOT, 'apps/docs/terms.md'), 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
      const titles = rows[0]!.map((cell) => cell.trim());
      const terms = rows.slice(2).map((cells): Term => {
        const namesIn = (place: Place): string[] =>
          [...cells[titles.indexOf(place)]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
        return {
          term: cells[0]!.trim(),
          names: {
            Flag: namesIn('Flag'),
            JSON: namesIn('JSON'),
            SQL: namesIn('SQL'),
            API: namesIn('API'),
            Page: namesIn('Page'),
          },
        };
      });
      return [heading.trim(), terms] as const;
    }),
  );
}

const TABLES = readTerms();
const TERMS = [...TABLES.values()].flat();
const OF_VIEWS = TABLES.get('What is asked of a view')!;

const namesIn = (place: Place, terms: readonly Term[] = TERMS): string[] => terms.flatMap(({ names }) => names[place]);

/** Properties of all objects in a JSON Schema. */
function propertiesOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertiesOf);
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: unknown };
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(propertiesOf)];
}

const readSchema = (name: string): unknown =>
  JSON.parse(readFileSync(join(ROOT, 'apps/cli/schema', name), 'utf8')) as unknown;

/** Of commands that ask views; options of output, reading, symbols and the like are not about terms. */
const FLAGS = createProgram(fakeHost().host, () => undefined).commands.flatMap((command) =>
  command.options
    .filter(
      ({ hidden, helpGroupHeading }) =>
        !hidden && /^(Measure|Time|Filters|Frames|Native code|Runs|Table|Tree|Bands):$/.test(helpGroupHeading ?? ''),
    )
    .map(({ long }) => long!),
);
const ALL_FLAGS = new Set(
  createProgram(fakeHost().host, () => undefined).commands.flatMap(({ options }) =>
    options.filter(({ hidden }) => !hidden).map(({ long }) => long),
  ),
);

describe('flags', () => {
  test('are options of some command', () => {
    expect(namesIn('Flag').filter((flag) => !ALL_FLAGS.has(flag))).toEqual([]);
  });

  test('of views are all there', () => {
    const known = new Set(namesIn('Flag'));
    expect([...new Set(FLAGS)].filter((flag) => !known.has(flag))).toEqual([]);
  });
});

describe('names in JSON', () => {
  const schemas = readdirSync(join(ROOT, 'apps/cli/schema')).map(readSchema);

  test('are those of documents', () => {
    const properties = new Set(schemas.flatMap(propertiesOf));
    expect(namesIn('JSON').filter((name) => !properties.has(name))).toEqual([]);
  });

  test('of the heading are all there', () => {
    const { properties } = readSchema('selection-1.schema.json') as { properties: object };
    const known = new Set(namesIn('JSON'));
    expect(Object.keys(properties).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('names in SQL', () => {
  const columns = [...PROFILE_TABLES].flatMap(([table, sql]) =>
    [...sql.slice(sql.indexOf('(') + 1, -1).matchAll(/(?:^|,) ?(\w+)/g)].map(([, column]) => `${table}.${column}`),
  );

  test('are columns of the profile', () => {
    expect(columns).toContain('site.python_stack');
    expect(namesIn('SQL').filter((name) => !columns.includes(name))).toEqual([]);
  });
});

describe('parameters of the API', () => {
  test('are those of its routes, all of them', () => {
    expect(namesIn('API').toSorted()).toEqual(allParameters().toSorted());
  });
});

describe('words of the page', () => {
  test('are in it', () => {
    const folder = join(ROOT, 'apps/web/src');
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(namesIn('Page').filter((word) => !source.includes(`'${word}'`))).toEqual([]);
  });
});

test('a part of a view has one name everywhere', () => {
  expect(new Set(OF_VIEWS.map(({ names }) => names.API[0]))).toEqual(new Set(VIEW_PARTS));
  for (const { term, names } of OF_VIEWS) {
    const part = VIEW_PARTS.find((each) => each === names.API[0])!;
    expect([term, names.JSON, names.Flag[0]]).toEqual([term, [part], flagOf(part)]);
  }
});

test('no term stands there twice, and each is told', () => {
  const terms = TERMS.map(({ term }) => term);
  expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual(['function']);
});
