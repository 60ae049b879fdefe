/** A report replaces nothing but reports, and keeps to its size by holding less. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { WHOLE_VIEW, type EmbeddedReport } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { makeReport } from '../../src/report/report-command.js';
import { checkPlace, replaceFile } from '../../src/report/report-file.js';
import { MOST_REPORT_BYTES, REPORT_LIMITS } from '../../src/report/report-limits.js';
import { REPORT_MARK } from '../../src/report/write-html.js';
import { useFolder } from '../views/captures-on-disk.js';
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
    ['a folder that is not there', join(folder, 'none/report.html'), /there is no such folder/],
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

describe('a report that would be too large', () => {
  const make = async (script: string): Promise<string> => {
    const profile = await fixtureProfile('pandas-v13');
    try {
      const request = { name: 'pandas.bin', view: WHOLE_VIEW, parts: { script, style: '', icon: '' } };
      return (await makeReport(profile, request, new AbortController().signal))!;
    } finally {
      profile.close();
    }
  };
  const heldIn = (html: string): EmbeddedReport => {
    const packed = /id="memscope-report">([^<]*)</.exec(html)![1]!;
    return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as EmbeddedReport;
  };

  test('is made with less of everything, says so, and keeps the heaviest', async () => {
    const whole = await make('');
    const first = heldIn(whole);
    expect(first.limits).toEqual(REPORT_LIMITS[0]);
    const less = await make('x'.repeat(MOST_REPORT_BYTES - whole.length + 1));
    expect(Buffer.byteLength(less)).toBeLessThanOrEqual(MOST_REPORT_BYTES);
    const second = heldIn(less);
    expect(second.limits).toEqual(REPORT_LIMITS[1]);
    expect(second.answers['overview peak']).toEqual(first.answers['overview peak']);
    expect(Object.keys(second.answers).length).toBeLessThan(Object.keys(first.answers).length);
  });

  test('is refused where even the least does not fit', async () => {
    await expect(make('x'.repeat(MOST_REPORT_BYTES))).rejects.toThrow(/no report of this profile is smaller/);
  });
});
