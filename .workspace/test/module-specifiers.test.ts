import { expect, test } from 'vitest';

import { findModuleSpecifiers } from '../module-specifiers.ts';

const texts = (source: string): Array<string | undefined> => findModuleSpecifiers(source).map(({ text }) => text);

test.each([
  [`import { a } from './a.js';`, './a.js'],
  [`import type { A } from "./a.js";`, './a.js'],
  [`import { type A, b } from './a.js';`, './a.js'],
  [`import './a.js';`, './a.js'],
  [`import a, * as b from './a.js';`, './a.js'],
  [`export * from './a.js';`, './a.js'],
  [`export { a as b } from './a.js';`, './a.js'],
  [`export type { A } from './a.js';`, './a.js'],
  [`const a = await import('./a.js');`, './a.js'],
  ['const a = await import(`./a.js`);', './a.js'],
  [`import(/* why */ './a.js', { with: { type: 'json' } });`, './a.js'],
  [`type A = import('./a.js').A;`, './a.js'],
  [`type A = typeof import('./a.js');`, './a.js'],
  [`import a = require('./a.js');`, './a.js'],
  [`import.meta.resolve('./a.js');`, './a.js'],
  [`new URL('./a.wasm', import.meta.url);`, './a.wasm'],
  [`/// <reference path="./a.d.ts" />`, './a.d.ts'],
  [`import a from '\\x2e/\\u0061.js';`, './a.js'],
  ['const t = `${`}` + "}"} ${/`/.test("x")}`; import "./a.js";', './a.js'],
  [`const quotient = a / b; import './a.js'; const other = a / b;`, './a.js'],
  ['const quote = /["\'`/]/; import "./a.js";', './a.js'],
  ['`${await import("./a.js")}`', './a.js'],
])('finds the specifier in %s', (source, specifier) => {
  expect(texts(source)).toEqual([specifier]);
});

test.each([
  `// import './a.js'`,
  `/* export * from './a.js' */`,
  `const text = "import './a.js'";`,
  'const text = `import "./a.js" ${b} from "./a.js"`;',
  `Array.from('./a.js');`,
  `const from = './a.js'; const range = { from: './a.js' };`,
  `loader.import('./a.js');`,
  `const pattern = /from '.\\/a.js'/;`,
])('finds none in %s', (source) => {
  expect(texts(source)).toEqual([]);
});

test('marks a computed import() as unknown', () => {
  expect(texts('import(name); require(`./${name}.js`);')).toEqual([undefined, undefined]);
});

test('gives the line of each specifier, counted from 1', () => {
  const source = `import {\n  a,\n} from './a.js';\n/*\n*/\nexport * from './b.js';\n`;
  expect(findModuleSpecifiers(source).map(({ text, line }) => [text, line])).toEqual([
    ['./a.js', 3],
    ['./b.js', 6],
  ]);
});

test('survives text that is no source', () => {
  expect(() => texts('`${ \' " /[ */ \\u{zz} import(')).not.toThrow();
});
