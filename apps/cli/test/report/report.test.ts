/** A report replaces nothing but reports, and keeps to its size by holding less. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  COMPARED_MEASURES,
  isHeldWhole,
  testUnbounded,
  WHOLE_VIEW,
  type EmbeddedReport,
  type TablePage,
} from '@memscope/model';
import { answerDiff, answerOverview, answerTable, OpenRun } from '@memscope/query';
import { describe, expect, onTestFinished, test } from 'vitest';

import { collectAnswers } from '../../src/report/collect-answers.js';
import { embedProfiles } from '../../src/report/embed-profiles.js';
import { makeReport } from '../../src/report/report-command.js';
import { checkPlace, replaceFile } from '../../src/report/report-file.js';
import { MOST_REPORT_BYTES, REPORT_LIMITS } from '../../src/report/report-limits.js';
import { REPORT_MARK } from '../../src/report/write-html.js';
import { useFolder } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { fixtureProfile } from '../views/fixture-profiles.js';

describe('where a report goes', () => {
  const folder = useFolder();
  const place = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const capture = place('run.bin', 'memray');

  test.each<[string, string, RegExp]>([
    ['a file that is no report', place('notes.html', '<!doctype html><p>notes'), /is there and is no report; --force/],
    ['the capture itself', capture, /is what the report is made of/],
    ['a folder', folder, /is a folder; name a file in it/],
    ['a folder that is not there', join(folder, 'none/report.html'), /there is no folder .*none; make it first/],
  ])('is not %s', async (_, output, message) => {
    await expect(checkPlace(output, capture, false)).rejects.toThrow(message);
  });

  test('may be a new file, an empty one, and an older report', async () => {
    const older = place('older.html', `${REPORT_MARK}\n<html>`);
    for (const output of [join(folder, 'new.html'), place('empty.html', ''), older]) {
      await expect(checkPlace(output, capture, false)).resolves.toBeUndefined();
    }
  });

  test('may be any file where that is forced, but never the capture, by whatever name', async () => {
    await expect(checkPlace(place('other.html', 'notes'), capture, true)).resolves.toBeUndefined();
    const link = join(folder, 'link.html');
    symlinkSync(capture, link);
    await expect(checkPlace(link, capture, true)).rejects.toThrow(/is what the report is made of/);
  });

  test('is where a link leads, which stays; one that leads nowhere is refused', async () => {
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    const [link, nowhere, circle] = ['link', 'nowhere', 'circle'].map((name) => join(linked, name)) as [
      string,
      string,
      string,
    ];
    symlinkSync(place('target.html', 'old'), link);
    symlinkSync('gone', nowhere);
    symlinkSync('circle', circle);
    const { signal } = new AbortController();
    await replaceFile(link, 'new', signal);
    expect(readFileSync(join(folder, 'target.html'), 'utf8')).toBe('new');
    for (const path of [nowhere, circle]) {
      await expect(replaceFile(path, 'new', signal)).rejects.toThrow(/is a link that leads nowhere/);
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(linked).toSorted()).toEqual(['circle', 'link', 'nowhere']);
  });

  test('may be a pipe, and waits for whoever reads it no longer than it is let', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const stop = new AbortController();
    const given = replaceFile(pipe, 'nobody', stop.signal);
    stop.abort();
    await given;
    const [text] = await Promise.all([readFile(pipe, 'utf8'), replaceFile(pipe, 'read', new AbortController().signal)]);
    expect(text).toBe('read');
  });

  test('holds the whole report or what was there before', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    const output = join(inside, 'report.html');
    const stop = new AbortController();
    const { signal } = stop;
    await replaceFile(output, 'first', signal);
    await replaceFile(output, 'second', signal);
    expect([readFileSync(output, 'utf8'), readdirSync(inside)]).toEqual(['second', ['report.html']]);
    await expect(replaceFile(join(inside, 'gone/report.html'), 'third', signal)).rejects.toThrow(
      /could not be written/,
    );
    stop.abort();
    await replaceFile(output, 'fourth', signal);
    expect([readFileSync(output, 'utf8'), readdirSync(inside)]).toEqual(['second', ['report.html']]);
  });
});

function heldIn(html: string): EmbeddedReport {
  const packed = /id="memscope-report">([^<]*)</.exec(html)![1]!;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as EmbeddedReport;
}

describe('a report of several runs', () => {
  const FILES = ['fork-v8', 'fork-v8.bin.15416'];

  /** As where profiles find no room. */
  async function reportOf(head: readonly number[], base: readonly number[]): Promise<[EmbeddedReport, OpenRun]> {
    const profiles = await Promise.all(FILES.map(fixtureProfile));
    onTestFinished(() => profiles.forEach((profile) => profile.close()));
    const set = { head: head.map((at) => profiles[at]!), base: base.map((at) => profiles[at]!) };
    const request = { view: WHOLE_VIEW, parts: { script: '', style: '', icon: '' } };
    const whole = heldIn((await makeReport(set, request, new AbortController().signal))!);
    expectValid('report-1', whole);
    expect(whole.held.map(isHeldWhole)).toEqual([...head, ...base].map(() => true));
    const run = new OpenRun(set, { testPattern: testUnbounded, memscopeVersion: whole.memscopeVersion });
    const report = { ...whole, ...(await collectAnswers(run, WHOLE_VIEW, REPORT_LIMITS[0]!, () => Promise.resolve())) };
    expectValid('report-1', report);
    return [plain(report) as EmbeddedReport, run];
  }
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test('as one holds what the page asks of them, told apart by run', async () => {
    const [{ runs, answers }, run] = await reportOf([0, 1], []);
    expect([runs.head.map(({ name }) => name), runs.base]).toEqual([['fork-v8.bin', 'fork-v8.bin.15416'], []]);
    const overview = answerOverview(run, { route: 'overview', view: WHOLE_VIEW });
    expect(overview.together?.runs.length).toBe(2);
    expect(answers['overview peak']).toEqual({ overview: plain(overview) });
    const { bands } = answers['bands run'] as unknown as { bands: { head: { bands: { name: string }[] } } };
    expect(bands.head.bands.map(({ name }) => name).toSorted()).toEqual(['fork-v8.bin', 'fork-v8.bin.15416']);
    expect(answers['table leaked run']).toMatchObject({ table: { rowCount: 2 } });
    expect(Object.keys(answers).filter((key) => /diff|base/.test(key))).toEqual([]);
  });

  test('compared holds what changed, both sides of each view, and the time of each side', async () => {
    const [{ runs, answers }, run] = await reportOf([1], [0]);
    expect([runs.head.length, runs.base.length]).toEqual([1, 1]);
    for (const measure of COMPARED_MEASURES) {
      const diff = answerDiff(run, { route: 'diff', view: WHOLE_VIEW, measure, by: 'function' });
      expect(answers[`diff ${measure}`]).toEqual({ diff: plain(diff) });
    }
    const table = answerTable(run, {
      route: 'table',
      view: WHOLE_VIEW,
      by: 'function',
      sort: 'self',
      descending: true,
      offset: 0,
      limit: 2000,
      search: '',
    });
    const held = (answers['table peak function'] as unknown as { table: TablePage }).table;
    expect([held.bytes, held.baseBytes, held.changes]).toEqual(plain([table.bytes, table.baseBytes, table.changes]));
    expect(answers['flame peak']).toHaveProperty('flame.columns.baseBytes');
    const peaks = ['timeline', 'timeline of the base'].map(
      (key) => (answers[key] as unknown as { timeline: { head: { peakBytes: number } } }).timeline.head.peakBytes,
    );
    expect(peaks).toEqual([runs.head[0]!.peakBytes, runs.base[0]!.peakBytes]);
    expect(Object.keys(answers).filter((key) => / run\b/.test(key))).toEqual([]);
  });
});

describe('a report that would be too large', () => {
  const make = async (script: string): Promise<string> => {
    const profile = await fixtureProfile('pandas-v13');
    try {
      const request = { view: WHOLE_VIEW, parts: { script, style: '', icon: '' } };
      return (await makeReport({ head: [profile], base: [] }, request, new AbortController().signal))!;
    } finally {
      profile.close();
    }
  };

  test('holds less of the answers to what is shown first, and says how much', async () => {
    const whole = await make('');
    const first = heldIn(whole);
    expect(first.held.map(isHeldWhole)).toEqual([true]);
    expect(first.answers).toEqual({});
    const less = await make('x'.repeat(MOST_REPORT_BYTES - Math.floor(0.9 * whole.length) - 100_000));
    expect(Buffer.byteLength(less)).toBeLessThanOrEqual(MOST_REPORT_BYTES);
    const second = heldIn(less);
    expectValid('report-1', second);
    expect(second.limits).toEqual(REPORT_LIMITS.at(-1));
    expect(second.held.every(isHeldWhole)).toBe(second.held.length === 0);
    expect(second.answers).toHaveProperty('overview peak');
  });

  test('holds the heaviest sites of a profile that finds no room, and says how many', async () => {
    const profile = await fixtureProfile('pandas-v13');
    const pace = (): Promise<void> => Promise.resolve();
    const whole = (await embedProfiles([profile], Infinity, pace))!;
    expect(whole.held.map(isHeldWhole)).toEqual([true]);
    const folded = (await embedProfiles([profile], Math.floor(whole.text.length / 2), pace))!;
    expect(folded.text.length).toBeLessThanOrEqual(whole.text.length / 2);
    const [held] = folded.held;
    expect(held!.sites).toBeLessThan(held!.ofSites);
    expect(held!.share).toBeGreaterThan(0.5);
    expect(await embedProfiles([profile], 0, pace)).toBeNull();
    profile.close();
  });

  test('is refused where even the least does not fit', async () => {
    await expect(make('x'.repeat(MOST_REPORT_BYTES))).rejects.toThrow(/no report of this profile is smaller/);
  });
});
