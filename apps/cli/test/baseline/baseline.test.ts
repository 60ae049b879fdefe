/** `memscope baseline`, and `memscope check --baseline FILE`: what is kept, how it is judged, and what is refused. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCapture } from '@memscope/fixtures';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BaselineDocument, BaselineTestsDocument, CheckDocument, CheckTestsDocument } from '@memscope/model';

import { parseBaseline } from '../../src/baseline/read-baseline.js';
import { UsageError } from '../../src/exit-code.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { HOSTILE, LARGER_SHOP, SHOP } from '../views/view-captures.js';

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('a baseline file', { timeout: 120_000 }, () => {
  const folder = useFolder();
  let [shop, next] = ['', ''];
  const file = (name: string): string => join(folder, name);
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', LARGER_SHOP);
  });

  async function update(name: string, ...captures: string[]): Promise<BaselineDocument> {
    const { code, stderr } = await runOnDisk(['baseline', 'update', ...captures, '-o', file(name)]);
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(readFileSync(file(name), 'utf8')) as BaselineDocument;
    expectValid('baseline-1', document);
    return document;
  }
  async function check(...args: string[]): Promise<CheckDocument & { readonly code: number }> {
    const { code, stdout } = await runOnDisk(['check', ...args, '--json']);
    const document = JSON.parse(stdout) as CheckDocument;
    expectValid('check-1', document);
    return { ...document, code };
  }

  test('keeps each run by function, sorted, and nothing that differs from machine to machine', async () => {
    const document = await update('two.json', shop, next);
    expect(document.runs).toBe(2);
    expect(document.totals.peak[1]! - document.totals.peak[0]!).toBe(600_000);
    const places = document.owners.map(({ file: path, function: name }) => `${path ?? ''}\0${name ?? ''}`);
    expect(places).toEqual(places.toSorted());
    expect(readFileSync(file('two.json'), 'utf8')).not.toContain(folder);
  });

  test('is written through a link, and over nothing but files', async () => {
    await update('linked.json', shop);
    symlinkSync('linked.json', file('link.json'));
    await update('link.json', next);
    expect(readFileSync(file('linked.json'), 'utf8')).toContain('"load"');
    expect(lstatSync(file('link.json')).isSymbolicLink()).toBe(true);
    execFileSync('mkfifo', [file('pipe')]);
    symlinkSync('gone.json', file('nowhere.json'));
    for (const [name, message] of [
      ['pipe', 'is no regular file'],
      ['', 'is no regular file'],
      ['nowhere.json', 'is a link that leads nowhere'],
    ] as const) {
      const { code, stderr } = await runOnDisk(['baseline', 'update', shop, '-o', file(name), '--force']);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  test('differs in the lines of what changed, and in the totals', async () => {
    await update('one.json', shop);
    await update('other.json', next);
    const [one, other] = ['one.json', 'other.json'].map((name) => readFileSync(file(name), 'utf8').split('\n'));
    expect(other).toHaveLength(one!.length);
    const changed = other!.filter((line, at) => line !== one![at]);
    const totals = changed.filter((line) => /^ {4}"\w+": \[/.test(line));
    expect(totals[0]).toMatch(/"peak"/);
    expect(changed.filter((line) => !totals.includes(line))).toEqual([expect.stringContaining('"function":"load"')]);
  });

  test('is as it was after unchanged runs, and has RSS and duration only where that is asked for', async () => {
    const quiet = writeCapture(folder, 'quiet', SHOP.replace('malloc 0x2000 2000000', 'malloc 0x2000 1996000'));
    const first = await update('kept.json', shop);
    expect([first.totals.rss, first.totals.durationMs]).toEqual([null, null]);
    const again = await runOnDisk(['baseline', 'update', quiet, '-o', file('kept.json')]);
    expect(again.stdout).toContain('kept.json: as it was, ');
    expect(JSON.parse(readFileSync(file('kept.json'), 'utf8'))).toEqual(first);
    const unknown = await check(shop, '--baseline', file('kept.json'), '--rule', 'duration +1%');
    expect([unknown.code, unknown.summary]).toEqual([3, expect.stringContaining('update --process')]);
    await runOnDisk(['baseline', 'update', shop, '-o', file('kept.json'), '--process']);
    const { totals } = await update('kept.json', shop);
    expect(totals.durationMs).toHaveLength(1);
    for (const rule of ['duration +1%', 'rss +1%']) {
      expect((await check(shop, '--baseline', file('kept.json'), '--rule', rule)).code).toBe(0);
    }
  });

  test('is judged by as the capture that it was made of', async () => {
    await update('base.json', shop);
    for (const head of [shop, next]) {
      const [kept, read] = [await check(head, '--baseline', file('base.json')), await check(head, '--baseline', shop)];
      const found = ({ verdict, rules, summary }: CheckDocument): unknown[] => [
        verdict,
        summary,
        rules.map((each) => [each.rule, each.verdict, each.functions.map(({ name, change }) => [name, change])]),
      ];
      expect(found(kept)).toEqual(found(read));
      expect(kept.code).toBe(read.code);
    }
    expect((await check(next, '--baseline', file('base.json'))).code).toBe(1);
  });

  test('does not pass what it cannot answer; budgets are of the new run alone', async () => {
    await update('base.json', shop);
    for (const rule of ['each library: peak +1%', 'file:app: peak +1%', 'each thread: peak +1 B', 'growing +1 B']) {
      const { code, verdict, summary } = await check(shop, '--baseline', file('base.json'), '--rule', rule);
      expect([code, verdict]).toEqual([3, 'notComparable']);
      expect(summary).toContain('the baseline keeps totals and functions');
    }
    for (const rule of ['each library: peak <= 1 GiB', 'file:app: peak <= 1 GiB', 'growing <= 1 GiB']) {
      expect((await check(shop, '--baseline', file('base.json'), '--rule', rule)).code).toBe(0);
    }
    const { code, stderr } = await runOnDisk(['check', shop, '--baseline', file('base.json'), '--window', '1s..2s']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('leave out the window and the filter')]);
  });

  test('of processes that were added up is compared with such', async () => {
    const { code } = await runOnDisk(['baseline', 'update', shop, next, '--together', '-o', file('sum.json')]);
    expect(code).toBe(0);
    expect((await check(shop, next, '--together', '--baseline', file('sum.json'))).verdict).toBe('pass');
    const refused = await runOnDisk(['check', shop, '--baseline', file('sum.json')]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--together')]);
  });

  test('is shown in 80 columns, and says what an update changed', async () => {
    await update('shown.json', shop);
    const shown = await runOnDisk(['baseline', 'show', file('shown.json')]);
    expect(shown.stdout).toMatch(/1 run,[^]*\n\nTotals[^]*peak[^]*\n\nFunctions[^]*load/);
    for (const line of shown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const again = await runOnDisk(['baseline', 'update', next, '-o', file('shown.json')]);
    expect(again.stdout).toMatch(/: updated, [^]*peak .* → .* \(\+586 KiB, \+/);
    const json = await runOnDisk(['baseline', 'show', file('shown.json'), '--json']);
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(file('shown.json'), 'utf8')));
  });

  test('is written over no other file, unless that is asked for', async () => {
    writeFileSync(file('notes.json'), '{ "mine": 1 }');
    const refused = await runOnDisk(['baseline', 'update', shop, '-o', file('notes.json')]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--force')]);
    expect((await runOnDisk(['baseline', 'update', shop, '-o', file('notes.json'), '--force'])).code).toBe(0);
  });

  test('is not made of captures that were recorded in different ways, nor of one that was cut', async () => {
    const traced = writeCapture(
      folder,
      'traced',
      SHOP.replace('capture v13', 'capture v13 trace_python_allocators=yes'),
    );
    const mixed = await runOnDisk(['baseline', 'update', shop, traced, '-o', file('mixed.json')]);
    expect([mixed.code, mixed.stderr]).toEqual([3, expect.stringContaining('not recorded alike')]);
    const cut = file('cut.bin');
    writeFileSync(cut, buildCapture(SHOP).subarray(0, -40));
    const short = await runOnDisk(['baseline', 'update', cut, '-o', file('cut.json')]);
    expect([short.code, short.stderr]).toEqual([3, expect.stringContaining('incomplete')]);
  });

  test('of a folder of tests has each by its id, and each is judged by its own', async () => {
    const write = (name: string, prefix: string, tests: Record<string, string>): string => {
      const path = file(name);
      mkdirSync(join(path, 'metadata'), { recursive: true });
      for (const [id, text] of Object.entries(tests)) {
        const stem = `${prefix.repeat(32)}-${id.replaceAll('::', '-')}`;
        writeFileSync(join(path, `${stem}.bin`), buildCapture(text));
        writeFileSync(join(path, 'metadata', `${stem}.metadata`), JSON.stringify({ test_id: id }));
      }
      return path;
    };
    const base = write('base', 'a', { 'test_a.py::same': SHOP, 'test_a.py::grew': SHOP, 'test_a.py::gone': SHOP });
    const head = write('head', 'b', {
      'test_a.py::same': SHOP,
      'test_a.py::grew': LARGER_SHOP,
      'test_a.py::new': SHOP,
    });
    expect((await runOnDisk(['baseline', 'update', base, '-o', file('tests.json')])).code).toBe(0);
    const document = JSON.parse(readFileSync(file('tests.json'), 'utf8')) as BaselineTestsDocument;
    expectValid('baseline-tests-1', document);
    const { code, stdout } = await runOnDisk(['check', head, '--baseline', file('tests.json'), '--json']);
    const { tests } = JSON.parse(stdout) as CheckTestsDocument;
    expect(code).toBe(1);
    expect(tests.map(({ test: id, verdict, status }) => `${id} ${verdict ?? status}`)).toEqual([
      'test_a.py::grew fail',
      'test_a.py::same pass',
      'test_a.py::gone vanished',
      'test_a.py::new new',
    ]);
    for (const args of [
      ['baseline', 'update', base, head, '-o', file('two.json'), '--force'],
      ['history', 'add', base, '--history', file('h.sqlite')],
    ]) {
      expect((await runOnDisk(args)).code).toBe(2);
    }
    const single = await runOnDisk(['check', shop, '--baseline', file('tests.json')]);
    expect([single.code, single.stderr]).toEqual([2, expect.stringContaining('name one folder')]);
  });

  test('names of a capture do nothing to a terminal', async () => {
    const hostile = writeCapture(folder, 'hostile', HOSTILE);
    await update('hostile.json', hostile);
    for (const args of [
      ['baseline', 'show', file('hostile.json')],
      ['check', shop, '--baseline', file('hostile.json')],
    ]) {
      // eslint-disable-next-line no-control-regex
      expect((await runOnDisk(args)).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });
});

const GOOD = {
  schema: 'memscope.baseline/1',
  runs: 1,
  together: false,
  pythonVersion: '3.13',
  tracePythonAllocators: null,
  nativeTraces: false,
  totals: {
    peak: [10],
    ownPeak: [12],
    leaked: [0],
    total: [20],
    temporary: [0],
    count: [3],
    rss: null,
    durationMs: [5],
  },
  least: null,
  owners: [
    {
      file: 'app.py',
      function: 'f',
      kind: 'function',
      threads: 1,
      peak: [10],
      ownPeak: [12],
      leaked: [0],
      total: [20],
      temporary: [0],
      count: [3],
    },
  ],
  rest: null,
};

describe('the text of a baseline file', () => {
  const refusal = (text: string): string => {
    try {
      parseBaseline(text, 'b.json');
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as UsageError).message;
    }
    throw new Error('it was taken');
  };
  const written = (changes: object): string => JSON.stringify({ ...GOOD, ...changes }, null, 1);

  test('is taken where it is as it was written', () => {
    expect(parseBaseline(written({}), 'b.json')).toEqual(GOOD);
  });

  test.each([
    ['', /^b\.json:1:1: /],
    ['{ "schema": ', /^b\.json:1:\d+: no JSON: /],
    ['[]', /^b\.json:1:1: it /],
    [`<<<<<<< ours\n${written({})}`, /^b\.json:1:1: has conflicts of version control in it/],
    [written({ runs: 0 }), /^b\.json:3:\d+: /],
    [written({ runs: 1e9 }), /^b\.json:3:\d+: runs are 1 to 1000$/],
    [written({ runs: 2 }), /^b\.json:\d+:\d+: peak has 1 numbers of 2 runs$/],
    [written({ totals: { ...GOOD.totals, peak: [-1] } }), /^b\.json:\d+:\d+: totals\.peak\[0\] /],
    [written({ totals: { ...GOOD.totals, peak: [1e300] } }), /^b\.json:\d+:\d+: /],
    [written({ totals: { ...GOOD.totals, total: null } }), /total is known, and that of the totals is not$/],
    [written({ owners: [{ ...GOOD.owners[0], kind: 'magic' }] }), /^b\.json:\d+:\d+: owners\[0\]\.kind is one of /],
    [written({ owners: [{ ...GOOD.owners[0], more: 1 }] }), /has no "more"$/],
    [written({ owners: [GOOD.owners[0], GOOD.owners[0]] }), /^b\.json:\d+:\d+: this function is there twice: /],
    [
      written({ owners: ['f', 'g'].map((name) => ({ ...GOOD.owners[0], function: name, peak: [2 ** 53 - 1] })) }),
      /above 2\^53$/,
    ],
    [written({}).replace('"peak": [', '"peak": [NaN,'), /no JSON: this is no value/],
    [written({}).replace('"peak": [\n', '"peak": [1e999,\n'), /totals\.peak\[0\] must be a whole number$/],
    [written({}).replace('{', '{"__proto__": {"runs": 1},'), /^b\.json:1:2: it has no "__proto__"$/],
    [written({}).replace('{', '{"runs": 1,'), /"runs" is there twice$/],
    [written({ schema: 'memscope.baseline/9' }), /schema is "memscope\.baseline\/1"$/],
    [written({ owners: '\u001b[31m' }), /owners must be a list: \[ … \]$/],
    [`{"owners":[${'1,'.repeat(4_000_001)}1]}`, /^b\.json:1:1: it has more than 4000000 values$/],
    [`{${'\n'.repeat(1_000_000)}`, /^b\.json:1000001:1: no JSON: /],
    ['['.repeat(100_000), /^b\.json:1:1: brackets are more than 100 deep$/],
  ])('points at what is wrong with it: %#', (text, message) => {
    expect(refusal(text)).toMatch(message);
  });
});
