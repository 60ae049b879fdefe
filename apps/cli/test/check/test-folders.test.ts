/** `memscope check` of folders that pytest-memray filled: each test against itself, and what cannot be compared said. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildCapture, SHARED_CAPTURES_FOLDER } from '@memscope/fixtures';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CheckTestsDocument } from '@memscope/model';

import { writeTestsMarkdown } from '../../src/check/check-markdown.js';
import { writeJunit } from '../../src/check/ci-files.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { LARGER_SHOP, SHOP } from '../views/view-captures.js';
import { faultsOfJunit } from './junit-schema.js';

const SAMPLES = join(SHARED_CAPTURES_FOLDER, '../pytest-memray/samples.tar.gz');

const folder = useFolder();

/** `tests`: the id of each, and its capture; null metadata = it raised. */
function write(name: string, prefix: string, tests: readonly [id: string, text: string, raised?: 'raised'][]): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'metadata'), { recursive: true });
  for (const [id, text, raised] of tests) {
    const stem = `${prefix}-${id.replaceAll('::', '-').replaceAll('/', '-')}`;
    writeFileSync(join(path, `${stem}.bin`), buildCapture(text));
    if (raised === undefined)
      writeFileSync(join(path, 'metadata', `${stem}.metadata`), JSON.stringify({ test_id: id }));
  }
  return path;
}

async function check(...args: string[]): Promise<CheckTestsDocument & { readonly code: number }> {
  const { code, stdout, stderr } = await runOnDisk(['check', ...args, '--json']);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as CheckTestsDocument;
  expectValid('check-tests-1', document);
  return { ...document, code };
}

function statuses({ tests }: CheckTestsDocument): string[] {
  return tests.map(({ test: id, status, verdict }) => `${id} ${verdict ?? status}`);
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('a check of tests', { timeout: 120_000 }, () => {
  let [base, head] = ['', ''];
  beforeAll(() => {
    base = write('base', 'a'.repeat(32), [
      ['tests/test_a.py::test_same', SHOP],
      ['tests/test_a.py::test_grew', SHOP],
      ['tests/test_a.py::test_gone', SHOP],
      ['tests/test_b.py::test_fails', SHOP, 'raised'],
    ]);
    head = write('head', 'b'.repeat(32), [
      ['tests/test_a.py::test_same', SHOP],
      ['tests/test_a.py::test_grew', LARGER_SHOP],
      ['tests/test_b.py::test_fails', LARGER_SHOP],
      ['tests/test_b.py::test_new', SHOP],
    ]);
  });

  test('compares each test with itself, and says which are new, gone, or raised', async () => {
    const document = await check(head, '--baseline', base);
    expect([document.code, document.verdict, document.compared, document.failed]).toEqual([1, 'fail', 2, 1]);
    expect(statuses(document)).toEqual([
      'tests/test_a.py::test_grew fail',
      'tests/test_a.py::test_same pass',
      'tests/test_a.py::test_gone vanished',
      'tests/test_b.py::test_fails raised',
      'tests/test_b.py::test_new new',
    ]);
    expect(document.summary).toMatch(/^1 of 2 tests failed: tests\/test_a\.py::test_grew: load /);
    expect(document.notes.join(' ')).toMatch(/test_new.*test_gone.*test_fails/);
  });

  test('passes where nothing grew, also against itself; budgets need no baseline', async () => {
    expect((await check(base, '--baseline', base)).code).toBe(0);
    const document = await check(head, '--rule', 'peak <= 11 MB');
    expect(statuses(document).slice(0, 1)).toEqual(['tests/test_a.py::test_grew fail']);
    expect(document.code).toBe(1);
  });

  test('says in which test what grew is suppressed', async () => {
    const config = join(folder, 'suppressed.json');
    const suppressions = [{ function: 'load', reason: 'a cache' }];
    writeFileSync(config, JSON.stringify({ rules: ['each function: peak +1 B'], suppressions }));
    const { code, summary } = await check(head, '--baseline', base, '--config', config);
    expect(code).toBe(0);
    expect(summary).toMatch(
      /^No regression in 2 tests but what is suppressed: tests\/test_a\.py::test_grew: load .* is suppressed \(a cache\); /,
    );
  });

  test('says which rules fit no test, and where arenas hide whose the small objects are', async () => {
    const { summary, notes } = await check(base, '--rule', 'module:shpo: peak <= 1 GiB', '--rule', 'peak <= 1 GiB');
    expect(summary).toMatch(/^No regression in \d tests?, but nothing fits module:shpo: peak <= 1 GiB$/);
    expect(notes[0]).toMatch(/^The rule module:shpo: peak <= 1 GiB is about nothing: /);
    const arenas = Array.from({ length: 5 }, (_, at) => `mmap 0x7f${at}000000000 1048576`).join('\n');
    const more = write('more', 'c'.repeat(32), [
      ['tests/test_a.py::test_same', SHOP.replace('malloc 0x2000', `${arenas}\nmalloc 0x2000`)],
    ]);
    const grew = await check(more, '--baseline', base);
    expect(grew.tests[0]!.rules.find(({ verdict }) => verdict === 'fail')!.functions[0]!.kind).toBe('objects');
    expect(grew.notes.join(' ')).toContain('--trace-python-allocators');
  });

  test('of a damaged capture is no pass for CI, and says why', async () => {
    const cut = write('cut', 'c'.repeat(32), [['tests/test_a.py::test_same', SHOP]]);
    const path = readdirSync(cut).find((name) => name.endsWith('.bin'))!;
    writeFileSync(join(cut, path), readFileSync(join(cut, path)).subarray(0, 20));
    const file = join(folder, 'cut.xml');
    const { code, stdout } = await runOnDisk(['check', cut, '--baseline', base, '--junit', file, '--markdown']);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/❔ `tests\/test_a\.py::test_same`: \S/)]);
    expect(readFileSync(file, 'utf8')).toMatch(/name="test_same" time="0">\s*<error type="memory" message="\S/);
  });

  test("GitLab's report has the file of the test where nothing says a line", async () => {
    const file = join(folder, 'quality.json');
    const here = process.cwd();
    mkdirSync(join(folder, 'tests'));
    writeFileSync(join(folder, 'tests/test_a.py'), '');
    process.chdir(folder);
    await runOnDisk([
      'check',
      head,
      '--baseline',
      base,
      '--rule',
      'rss <= 1 KiB',
      '--rule',
      'peak +1 B',
      '--gitlab',
      file,
    ]);
    process.chdir(here);
    const issues = JSON.parse(readFileSync(file, 'utf8')) as { location: { path: string } }[];
    expect(new Set(issues.map(({ location }) => location.path))).toEqual(new Set(['tests/test_a.py']));
  });

  test("JUnit's XML has the ids of the tests, and is valid by its published schema", async () => {
    const file = join(folder, 'tests.xml');
    await runOnDisk(['check', head, '--baseline', base, '--junit', file]);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('<testcase classname="tests.test_a" name="test_grew" time="0">');
    expect(text).toContain('tests="2" failures="1"');
    expect(await faultsOfJunit(text)).toEqual([]);
  });

  test("JUnit's XML names tests of classes, and of parameters with anything in them, as pytest does", () => {
    const nameOf = (test: string): string | undefined =>
      /<testcase (.*) time/.exec(writeJunit([{ test, rules: [], unjudged: null }]))?.[1];
    expect(nameOf('tests/test_x.py::TestA::test_same')).toBe('classname="tests.test_x.TestA" name="test_same"');
    expect(nameOf('tests/test_x.py::test_p[::a/b::c]')).toBe('classname="tests.test_x" name="test_p[::a/b::c]"');
  });

  test('says what of a folder is missing, as of a capture, and what else stands beside one is wrong usage', async () => {
    const capture = join(folder, 'single.bin');
    writeFileSync(capture, buildCapture(SHOP));
    const empty = join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const file = join(folder, 'missing.xml');
    for (const [sides, why, expected] of [
      [[capture, '--baseline', base], 'single.bin is no folder', 2],
      [[head, base, '--baseline', base], 'several are named', 2],
      [[empty, '--baseline', base], 'empty: holds no capture', 3],
      [[head, '--baseline', empty], 'empty: holds no capture', 3],
      [[head, '--baseline', join(folder, 'nowhere')], 'nowhere: is not there', 3],
      [[join(folder, 'nowhere.bin'), '--baseline', capture], 'nowhere.bin: there is no such file', 3],
    ] as const) {
      rmSync(file, { force: true });
      const { code, stderr } = await runOnDisk(['check', ...sides, '--junit', file]);
      expect([code, stderr]).toEqual([expected, expect.stringContaining(why)]);
      if (expected === 3) expect(readFileSync(file, 'utf8')).toContain(why);
    }
  });

  test('that a filter lets nothing pass of judges nothing; of one that some have the others pass', async () => {
    const file = join(folder, 'nobody.xml');
    const nothing = await check(head, '--baseline', base, '--filter', 'function:laod', '--junit', file);
    expect([nothing.code, nothing.verdict]).toEqual([2, 'notComparable']);
    expect(nothing.summary).toMatch(/^Nothing of any test passes the filter.*did you mean load\?$/);
    expect(readFileSync(file, 'utf8')).toContain('errors="1"');
    expect(writeTestsMarkdown(nothing, 5)).toMatch(/^\*\*memscope: NOT COMPARABLE\*\* Nothing of any test/);
    const some = await check(head, '--baseline', base, '--filter', 'function:load');
    expect([some.code, some.failed]).toEqual([1, 1]);
  });

  test('says in which tests memory is taken for moved, and why', async () => {
    const renamed = write('renamed', 'd'.repeat(32), [
      ['tests/test_a.py::test_same', SHOP.replaceAll('push load ', 'push fetch ')],
    ]);
    const { code, notes } = await check(renamed, '--baseline', base);
    expect(code).toBe(0);
    expect(notes.join(' ')).toMatch(/Memory is taken for moved, .* in: tests\/test_a\.py::test_same\./);
    const { stdout } = await runOnDisk(['check', renamed, '--baseline', base, '--explain']);
    expect(stdout).toMatch(/moved: load .* → fetch /);
  });

  test('names first the test that grew most, and suppressions that no test used', async () => {
    const larger = write('larger', 'c'.repeat(32), [
      ['tests/test_a.py::test_grew', LARGER_SHOP],
      ['tests/test_a.py::test_same', SHOP.replace('malloc 0x2000 2000000', 'malloc 0x2000 9000000')],
    ]);
    const config = join(folder, 'idle.json');
    writeFileSync(config, JSON.stringify({ suppressions: [{ function: 'nobody', reason: 'none' }] }));
    const { summary, notes, tests } = await check(larger, '--baseline', base, '--config', config);
    expect(summary).toMatch(/^2 of 2 tests failed: tests\/test_a\.py::test_same: load /);
    expect(tests[0]!.rules[0]!.functions[0]!.command).toMatch(/^memscope tree .* --filter owner:load$/);
    expect(notes).toContain('The suppression of nobody matched nothing: it can go.');
  });
});

/** Without the samples beside the repository these are skipped, and say so in the report. */
describe.skipIf(!existsSync(SAMPLES) || !isBuilt())(
  'a check of what pytest-memray 1.11 left',
  { timeout: 120_000 },
  () => {
    const at = (name: string): string => join(folder, 'samples', name);
    beforeAll(() => {
      mkdirSync(join(folder, 'samples'));
      execFileSync('tar', ['xzf', SAMPLES, '-C', join(folder, 'samples')]);
    });

    test('finds the one test that grew, and nothing in the same tests under xdist', async () => {
      const grew = await check(at('head'), '--baseline', at('base'));
      expect([grew.compared, grew.failed]).toEqual([32, 1]);
      expect(statuses(grew)[0]).toBe('tests/api/test_items.py::test_changed fail');
      expect(grew.tests.filter(({ status }) => status !== 'compared').map(({ status }) => status)).toEqual([
        'raised',
        'raised',
        'raised',
      ]);
      const same = await check(at('base-xdist'), '--baseline', at('base'));
      expect(same.failed).toBe(0);
    });
  },
);
