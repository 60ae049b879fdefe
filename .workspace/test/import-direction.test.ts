import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

import { findViolations } from '../import-direction.ts';
import { importTable, topLevel, type PackageRule } from '../import-table.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

test('every import of the workspace points along the table', () => {
  expect(findViolations(repository)).toEqual([]);
});

test('the check reads the sources it vouches for', () => {
  const index = readFileSync(join(repository, 'packages/model/src/index.ts'), 'utf8');
  const workspace = plant({ 'packages/model/src/index.ts': `${index}\nimport '@memscope/store';\n` });
  expect(findViolations(workspace, table)).toHaveLength(1);
});

const table: Readonly<Record<string, PackageRule>> = {
  'packages/model': { ...importTable['packages/model']!, alsoExports: [] },
  'packages/store': importTable['packages/store']!,
  fixtures: importTable['fixtures']!,
};

const planted: string[] = [];
afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A workspace of model, store and fixtures that keeps the table, with some files changed. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-imports-'));
  planted.push(folder);
  const sound: Record<string, string> = {
    'package.json': '{}',
    'packages/model/package.json': '{ "name": "@memscope/model", "exports": { ".": "./dist/index.js" } }',
    'packages/model/src/index.ts': `export * from './tables.js';`,
    'packages/model/src/tables.ts': 'export const table = 1;',
    'packages/store/package.json':
      '{ "name": "@memscope/store", "dependencies": { "@memscope/model": "workspace:*" }, "devDependencies": { "@memscope/fixtures": "workspace:*", "tsx": "1" } }',
    'packages/store/tsconfig.json': '{ "references": [{ "path": "../model" }] }',
    'packages/store/src/index.ts': `import { readFileSync } from 'node:fs';\nimport { table } from '@memscope/model';`,
    'fixtures/package.json': '{ "name": "@memscope/fixtures" }',
    'fixtures/src/index.ts': `import 'node:fs';`,
  };
  for (const [file, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const report = (files: Readonly<Record<string, string>>): string[] =>
  findViolations(plant(files), table).map(({ file, line, message }) => `${file}:${line}: ${message}`);

test('a workspace that keeps the table has no violation', () => {
  expect(report({})).toEqual([]);
});

const model = 'packages/model/src/tables.ts';
const store = 'packages/store/src/index.ts';

test.each([
  ['an import', `import { open } from '@memscope/store';`],
  ['a type import', `import type { Store } from '@memscope/store';`],
  ['a re-export', `export * from '@memscope/store';`],
  ['a type re-export', `export type { Store } from '@memscope/store';`],
  ['a dynamic import', `const store = await import('@memscope/store');`],
  ['an import type', `type Store = import('@memscope/store').Store;`],
  ['a require', `import store = require('@memscope/store');`],
  ['a side-effect import', `import '@memscope/store';`],
  ['a deep import', `import '@memscope/store/src/open.js';`],
])('%s against the table is a violation', (_kind, source) => {
  expect(report({ [model]: `\n${source}` })).toEqual([`${model}:2: packages/model may not import packages/store`]);
});

test.each([
  ['a relative import', `import '../../store/src/index.js';`, '../../store/src/index.js leaves packages/model'],
  [
    'a relative import of tests',
    `import '../../../fixtures/src/index.js';`,
    '../../../fixtures/src/index.js leaves packages/model',
  ],
  ['a URL', `new URL('../../store/dist/x.wasm', import.meta.url);`, '../../store/dist/x.wasm leaves packages/model'],
  ['a file URL', `import 'file:///srv/a.js';`, 'file:///srv/a.js is an absolute path'],
])('%s that crosses the package border is a violation', (_kind, source, message) => {
  expect(report({ [model]: source })).toEqual([`${model}:1: ${message}`]);
});

test('a URL may point at a file outside every package', () => {
  expect(report({ [model]: `new URL('../../../../shared/captures', import.meta.url);` })).toEqual([]);
});

test('an allowed package is used only through its index', () => {
  expect(report({ [store]: `import '@memscope/model/src/tables.js';` })).toEqual([
    `${store}:1: @memscope/model/src/tables.js reaches past the package's index`,
  ]);
});

test('a file that the table lets a package export beside its index may be used', () => {
  const exports =
    '{ "name": "@memscope/model", "exports": { ".": "./dist/index.js", "./tables": "./dist/tables.js" } }';
  const files = { 'packages/model/package.json': exports, [store]: `import '@memscope/model/tables';` };
  const open = { ...table, 'packages/model': { ...table['packages/model']!, alsoExports: ['tables'] } };
  expect(findViolations(plant(files), open)).toEqual([]);
  expect(findViolations(plant(files), table)).toHaveLength(2);
});

test('a package does not import itself by name', () => {
  expect(report({ [store]: `import '@memscope/store';` })).toEqual([
    `${store}:1: @memscope/store: a package imports its own files by relative paths`,
  ]);
});

test('fixtures are for tests, not for sources', () => {
  expect(report({ [store]: `import '@memscope/fixtures';` })).toEqual([
    `${store}:1: packages/store may not import fixtures`,
  ]);
});

test('a package that must run anywhere imports nothing of Node', () => {
  expect(report({ [model]: `import 'node:fs';` })).toEqual([`${model}:1: node:fs: packages/model must run anywhere`]);
});

test('what a source imports is among its own dependencies', () => {
  expect(report({ [store]: `import 'tsx';` })).toEqual([
    `${store}:1: tsx is not among the dependencies in packages/store/package.json`,
  ]);
});

test('a computed import is a violation, as it cannot be checked', () => {
  expect(report({ [store]: 'await import(name);' })).toEqual([
    `${store}:1: imports a computed path, which cannot be checked`,
  ]);
});

test('an import of an unknown workspace package is a violation', () => {
  expect(report({ [store]: `import '@memscope/other';` })).toEqual([
    `${store}:1: @memscope/other is not in the import table`,
  ]);
});

test('AssemblyScript sources are checked too', () => {
  expect(report({ 'packages/store/assembly/index.ts': `export { table } from '../../model/src/tables';` })).toEqual([
    'packages/store/assembly/index.ts:1: ../../model/src/tables leaves packages/store',
  ]);
});

test('dependencies and project references keep the table', () => {
  expect(
    report({
      'packages/model/package.json':
        '{\n "name": "@memscope/model",\n "exports": { ".": "./a.js", "./deep": "./b.js" },\n "devDependencies": { "@memscope/store": "workspace:*" }\n}',
      'packages/model/tsconfig.json': '{\n  "references": [\n    { "path": "../store" }\n  ]\n}',
    }),
  ).toEqual([
    'packages/model/package.json:3: a package exports only "."',
    'packages/model/package.json:4: packages/model may not depend on packages/store',
    'packages/model/tsconfig.json:3: packages/model may not refer to packages/store',
  ]);
});

test('fixtures may be a dependency of tests only', () => {
  const manifest = '{ "name": "@memscope/model", "dependencies": { "@memscope/fixtures": "workspace:*" } }';
  expect(report({ 'packages/model/package.json': manifest })).toEqual([
    'packages/model/package.json:1: packages/model may not depend on fixtures',
  ]);
});

test('a package outside the table is a violation', () => {
  expect(report({ 'packages/other/package.json': '{ "name": "@memscope/other" }' })).toEqual([
    'packages/other/package.json:1: packages/other is not in the import table',
  ]);
});

test('only the agreed entries stand at the top level', () => {
  expect(topLevel).not.toContain('docs');
  expect(report({ 'docs/a.md': '' })).toEqual(['docs:1: docs does not belong at the top level']);
});

test('a package that only tests may use is no dependency of the sources', () => {
  const rules = { ...table, 'packages/model': { ...table['packages/model']!, testsMayUse: ['packages/store'] } };
  const manifest = (kind: string): string =>
    `{\n "name": "@memscope/model",\n "exports": { ".": "./a.js" },\n "${kind}": { "@memscope/store": "workspace:*" }\n}`;
  const found = (kind: string): unknown[] =>
    findViolations(plant({ 'packages/model/package.json': manifest(kind) }), rules);
  expect(found('devDependencies')).toEqual([]);
  expect(found('dependencies')).toHaveLength(1);
});

test('files that import each other are told, also by types alone', () => {
  expect(
    report({
      'packages/model/src/index.ts': `export * from './a.js';`,
      'packages/model/src/a.ts': `import type { B } from './b.js';\nexport type A = B | null;`,
      'packages/model/src/b.ts': `export interface B { readonly next: import('./a.js').A }`,
    }),
  ).toEqual([
    expect.stringMatching(
      /^packages\/model\/src\/b\.ts:1: closes a circle of imports: src\/a\.ts → src\/b\.ts → src\/a\.ts$/,
    ),
  ]);
});
