/** What CI systems read of a verdict: valid by their own schemas, safe whatever names hold, and at places of the project. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { create } from 'xmlbuilder2';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCapture } from '@memscope/fixtures';
import type { CheckedRow } from '@memscope/model';

import { ProjectPlaces } from '../../src/check/place-in-project.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { HOSTILE, LARGER_SHOP, SHOP } from '../views/view-captures.js';
import { faultsOfJunit } from './junit-schema.js';

const folder = useFolder();
const at = (name: string): string => join(folder, name);

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('files for CI', { timeout: 120_000 }, () => {
  let [shop, next, hostile] = ['', '', ''];
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', LARGER_SHOP);
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const write = async (head: string, ...rules: string[]): Promise<{ code: number; stdout: string }> => {
    const files = ['--junit', at('memory.xml'), '--sarif', at('memory.sarif'), '--gitlab', at('memory.json')];
    const own = rules.flatMap((rule) => ['--rule', rule]);
    return runOnDisk(['check', head, '--baseline', shop, ...own, ...files, '--github'], {
      env: { GITHUB_STEP_SUMMARY: at('summary.md') },
    });
  };
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const readJson = (name: string): unknown => JSON.parse(read(name)) as unknown;

  test('SARIF is valid by its published schema, also where names are hostile', async () => {
    const schema = readFileSync(
      join(createRequire(import.meta.url).resolve('schemastore/package.json'), '../schemas/json/sarif-2.1.0.json'),
      'utf8',
    );
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
      JSON.parse(schema) as object,
    );
    for (const head of [next, hostile]) {
      await write(head, 'each function: peak +1 B', 'peak +1 B');
      expect(validate(readJson('memory.sarif'))).toBe(true);
    }
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  test("JUnit's XML has a test a rule, and the stack of each that failed", async () => {
    expect((await write(next, 'each function: peak +1 B', 'count +1')).code).toBe(1);
    const { testsuites } = create(read('memory.xml')).end({ format: 'object' }) as unknown as {
      testsuites: { testsuite: { '@tests': string; '@failures': string; testcase: object[] } };
    };
    expect(testsuites.testsuite).toMatchObject({ '@tests': '2', '@failures': '1' });
    expect(testsuites.testsuite.testcase[0]).toMatchObject({
      '@name': 'each function: peak +1 B',
      failure: { '@type': 'memory' },
    });
    expect(read('memory.xml')).toContain('load /srv/shop/app/orders.py:8');
    await write(hostile, 'each function: peak +1 B');
    expect(() => create(read('memory.xml'))).not.toThrow();
  });

  test("JUnit's XML is valid by its published schema, also where names are hostile", async () => {
    for (const head of [next, hostile, shop]) {
      await write(head, 'each function: peak +1 B', 'peak +1 B', 'each library: leaked +1 B');
      expect(await faultsOfJunit(read('memory.xml'))).toEqual([]);
    }
    const nameless =
      '<testsuites><testsuite name="a" tests="1" failures="0" errors="0"><testcase/></testsuite></testsuites>';
    expect(await faultsOfJunit(nameless)).toEqual([expect.stringContaining("'name' is required")]);
  });

  test("GitLab's report has a place and a fingerprint of each problem, which stays when the numbers change", async () => {
    await write(next, 'each function: peak +1 B');
    const first = readJson('memory.json') as { fingerprint: string; location: { path: string } }[];
    expect(first).not.toEqual([]);
    for (const issue of first) expect(issue).toMatchObject({ severity: 'major', location: { lines: {} } });
    await write(
      writeCapture(folder, 'later', SHOP.replace('malloc 0x2000 2000000', 'malloc 0x2000 2700000')),
      'each function: peak +1 B',
    );
    const second = readJson('memory.json') as typeof first;
    expect(second.map(({ fingerprint }) => fingerprint)).toEqual(first.map(({ fingerprint }) => fingerprint));
  });

  test('annotations are one line each, whatever names hold; Markdown is added to the summary of the step', async () => {
    writeFileSync(at('summary.md'), 'before\n');
    const { stdout } = await write(hostile, 'each function: peak +1 B');
    const [, token, told] = /^::stop-commands::([0-9a-f-]{36})\n[\s\S]*\n::\1::\n([\s\S]*)$/.exec(stdout) ?? [];
    expect(token).toBeDefined();
    const commands = told!.split('\n').filter((line) => line !== '');
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) expect(line).toMatch(/^::error (file=[^:]+,line=\d+,)?title=memscope::/);
    expect(read('summary.md')).toMatch(/^before\n\*\*memscope: FAIL\*\*/);
  });

  test('ids of tests and reasons of suppressions do nothing in any of them', async () => {
    const evil = '\u001b[31m\u202e</summary><img src=x>`|*_[x](y)\n::error::pwn\r\n%0A::set-output name=a::b';
    const write = (name: string, digit: string, text: string): string => {
      const stem = `${digit.repeat(32)}-n`;
      mkdirSync(at(`${name}/metadata`), { recursive: true });
      writeFileSync(at(`${name}/${stem}.bin`), buildCapture(text));
      writeFileSync(at(`${name}/metadata/${stem}.metadata`), JSON.stringify({ test_id: evil }));
      return at(name);
    };
    const [base, head] = [write('tests-base', 'a', SHOP), write('tests-head', 'b', LARGER_SHOP)];
    const config = at('evil.json');
    const suppressions = [{ function: evil, reason: evil, expires: '2020-01-01' }];
    writeFileSync(config, JSON.stringify({ rules: ['peak +1 B', 'each function: peak +1 B'], suppressions }));
    writeFileSync(at('summary.md'), '');
    const files = ['--junit', at('memory.xml'), '--sarif', at('memory.sarif'), '--gitlab', at('memory.json')];
    for (const sides of [
      [head, '--baseline', base],
      [next, '--baseline', shop],
    ]) {
      const env = { GITHUB_STEP_SUMMARY: at('summary.md') };
      const { code, stdout } = await runOnDisk(['check', ...sides, '--config', config, ...files, '--github'], { env });
      expect(code).toBe(1);
      const told = stdout.slice(stdout.lastIndexOf('::\n') + 3);
      for (const line of told.trimEnd().split('\n'))
        expect(line).toMatch(/^::error (file=[^:]+,line=\d+,)?title=memscope::/);
      expect(await faultsOfJunit(read('memory.xml'))).toEqual([]);
      for (const text of [stdout, ...['memory.xml', 'memory.sarif', 'memory.json', 'summary.md'].map(read)]) {
        // eslint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
      }
      // What stands in code is shown as it is.
      const outside = read('summary.md').replaceAll(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
      expect(outside).not.toMatch(/^::|(?<!\\)<(?!\/?(?:details|summary)>)/m);
    }
  });

  test('are no pass where nothing could be judged', async () => {
    const traced = writeCapture(
      folder,
      'traced-next',
      SHOP.replace('capture v13', 'capture v13 trace_python_allocators=yes'),
    );
    for (const head of [traced, at('nothing.bin')]) {
      const files = ['--junit', at('u.xml'), '--sarif', at('u.sarif'), '--gitlab', at('u.json')];
      const { code, stdout } = await runOnDisk(['check', head, '--baseline', shop, '--github', ...files]);
      expect(code).toBe(3);
      expect(stdout).toMatch(/^::error title=memscope::not judged: (?:The two sides cannot|.*nothing\.bin: )/m);
      expect(read('u.xml')).toMatch(/failures="0" errors="1"[\s\S]*<error type="memory" message="/);
      expect(await faultsOfJunit(read('u.xml'))).toEqual([]);
      const [run] = (JSON.parse(read('u.sarif')) as { runs: { invocations: { executionSuccessful: boolean }[] }[] })
        .runs;
      expect(run!.invocations.map(({ executionSuccessful }) => executionSuccessful)).toEqual([false]);
      expect(JSON.parse(read('u.json'))).toMatchObject([{ check_name: 'memscope', severity: 'critical' }]);
    }
  });

  test('are no pass of the last time where a rule cannot be read', async () => {
    const rule = ['--rule', 'peek <= 1 GiB'];
    const files = ['--junit', at('w.xml'), '--gitlab', at('w.json')];
    expect((await runOnDisk(['check', shop, '--baseline', shop, ...files])).code).toBe(0);
    const { code, stdout } = await runOnDisk(['check', shop, '--baseline', shop, '--github', ...rule, ...files]);
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^::error title=memscope::not judged: .*peek/m)]);
    expect(read('w.xml')).toMatch(/failures="0" errors="1"/);
    expect(JSON.parse(read('w.json'))).toMatchObject([{ check_name: 'memscope', severity: 'critical' }]);
  });

  test('a place that turns out to be full ends with 2, after everything was printed', async () => {
    const { code, stdout, stderr } = await runOnDisk(['check', next, '--baseline', shop, '--junit', '/dev/full']);
    expect(code).toBe(2);
    expect(stdout).toContain('FAIL: ');
    expect(stderr).toContain('could not be written');
  });
});

describe('a place in the project', () => {
  const row = (file: string, way: CheckedRow['way'] = null): CheckedRow => ({ way, file, line: 7 }) as CheckedRow;

  test('is found below the folder, or by the longest end of a path that was recorded elsewhere, and never outside', () => {
    mkdirSync(at('project/app'), { recursive: true });
    writeFileSync(at('project/app/service.py'), '');
    writeFileSync(at('project/service.py'), '');
    writeFileSync(at('outside.py'), '');
    const places = new ProjectPlaces(at('project'));
    expect(places.of(row(at('project/app/service.py')))).toEqual({ file: 'app/service.py', line: 7 });
    expect(places.of(row('/srv/build-1/app/service.py'))).toEqual({ file: 'app/service.py', line: 7 });
    expect(places.of(row('C:\\work\\app\\service.py'))).toEqual({ file: 'app/service.py', line: 7 });
    expect(places.of(row('/usr/lib/python3/json.py'))).toBeNull();
    expect(places.of(row('../outside.py'))).toBeNull();
    expect(places.of(row(at('outside.py')))).toBeNull();
  });

  test('is the line of the application that leads to a library', () => {
    const way = { function: 'main', file: '/srv/app/service.py', line: 3 };
    expect(new ProjectPlaces(at('project')).of(row('/usr/lib/json.py', way))).toEqual({
      file: 'app/service.py',
      line: 3,
    });
  });
});
