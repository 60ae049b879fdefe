/** Small parts of printing: safe characters, display widths, cutting, wrapping, tables, times, the chart. */
import stringWidth from 'string-width';
import { describe, expect, test, vi } from 'vitest';
import { formatIsoTime, formatLocalTime } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { displayWidth, padEnd, shortenEnd, shortenMiddle, widthUpTo } from '../../src/terminal/display-width.js';
import { createPalette } from '../../src/terminal/palette.js';
import { describeProgress, startSteps } from '../../src/terminal/progress.js';
import { fakeHost } from '../fake-host.js';
import { layOutTable } from '../../src/terminal/text-table.js';
import { drawTimeline } from '../../src/terminal/timeline-chart.js';
import { wrapText } from '../../src/terminal/wrap-text.js';
import { HOSTILE_NAMES } from '../hostile-profile.js';

describe('printable text', () => {
  test.each([
    ['plain', 'plain'],
    ['naïve 関数 😀', 'naïve 関数 😀'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\rc\td\0e', 'a\\nb\\rc\\td\\0e'],
    ['\u009b2J', '\\x9b2J'],
    ['\u007f', '\\x7f'],
    ['user\u202enimda', 'user\\u{202e}nimda'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['line\u2028paragraph\u2029', 'line\\u{2028}paragraph\\u{2029}'],
    ['lone\ud800', 'lone\\u{d800}'],
    ['\udc00lone', '\\u{dc00}lone'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['no\u00a0break', 'no\\xa0break'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('stacks no tower of combining marks', () => {
    expect(printable(`e${'\u0301'.repeat(6)}`)).toBe(`e${'\u0301'.repeat(4)}\\u{301}\\u{301}`);
  });

  test('of 100,000 characters is made at once', () => {
    const start = performance.now();
    for (const name of HOSTILE_NAMES) printable(name.repeat(Math.ceil(100_000 / name.length)));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('display width', () => {
  test.each([
    ['abc', 3],
    ['関数', 4],
    ['e\u0301', 1],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['😀', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['a\u0301'.repeat(300), 300],
    [`${'x'.repeat(255)}e\u0301\u0302`, 256],
    ['█⠒…', 3],
  ])('of %s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('is string-width’s for every character, alone and before what joins it', () => {
    for (let code = 0xa1; code < 0xd800; code++) {
      const character = String.fromCharCode(code);
      if (printable(character) !== character) continue;
      expect([code, displayWidth(character)]).toEqual([code, stringWidth(character)]);
    }
    for (const text of ['e\u0301', '↔\ufe0f', '©\ufe0f', '─\u0301', '⠤\u200d']) {
      expect([text, displayWidth(text)]).toEqual([text, stringWidth(text)]);
    }
  });

  test('beyond what a line holds is only said to be beyond', () => {
    expect(widthUpTo('x'.repeat(81), 80)).toBe(81);
    expect(widthUpTo('関'.repeat(1000), 9)).toBe(10);
    expect(widthUpTo('関数', 4)).toBe(4);
  });

  test('of names of megabytes costs no more than what is printed of them', () => {
    const name = `${'m関'.repeat(5 << 20)}end`;
    const start = performance.now();
    const rows = Array.from({ length: 200 }, () => [name, '1 B']);
    const lines = layOutTable([{ title: 'Function', shorten: 'middle' }, { title: 'Bytes' }], rows, { width: 80 });
    expect(lines[1]).toMatch(/^ {2}m関.*…(?:関|m).*end {2}1 B$/);
    for (let i = 0; i < 200; i++) shortenEnd(name, 80);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('is what padding fills up', () => {
    expect(padEnd('関', 4)).toBe('関  ');
  });
});

describe('shortening', () => {
  test('leaves alone what fits', () => {
    expect(shortenMiddle('a/b.py:1', 8)).toBe('a/b.py:1');
  });

  test('in the middle keeps both ends, more of the last', () => {
    expect(shortenMiddle('/srv/application/service/inference.py:214', 24)).toBe('/srv/…e/inference.py:214');
  });

  test('never splits a wide character or leaves a mark without its letter', () => {
    for (let width = 1; width < 20; width++) {
      const text = shortenMiddle('関数e\u0301関数e\u0301関数e\u0301関数e\u0301関数e\u0301関数', width);
      expect(displayWidth(text)).toBeLessThanOrEqual(width);
      expect(text).not.toContain('…\u0301');
      expect(displayWidth(shortenEnd('関数関数関数', width))).toBeLessThanOrEqual(width);
      expect(shortenEnd('👩‍👩‍👧‍👦'.repeat(20), width)).toMatch(/^(?:👩‍👩‍👧‍👦)*…$/u);
    }
  });
});

test('wrapped text breaks at spaces and cuts words that are too long', () => {
  expect(wrapText('one two three abcdefghijkl', 8)).toEqual(['one two', 'three', 'abcdefgh', 'ijkl']);
  expect(wrapText('', 8)).toEqual(['']);
});

describe('tables', () => {
  test('align by display width and end no line in a blank', () => {
    const lines = layOutTable(
      [{ title: 'Name' }, { title: 'Size', align: 'right' }, { title: 'Note' }],
      [
        ['関数', '1', ''],
        ['plain', '1234', 'x'],
      ],
      { width: 40 },
    );
    expect(lines).toEqual(['  Name   Size  Note', '  関数      1', '  plain  1234  x']);
  });

  test('narrow the widest flexible column first, down to its least', () => {
    const rows = [['f'.repeat(30), '/a/very/long/path/to/some/file.py:1234', '99']];
    const lines = layOutTable(
      [
        { title: 'F', shorten: 'end', least: 10 },
        { title: 'P', shorten: 'middle', least: 16 },
        { title: 'N', align: 'right' },
      ],
      rows,
      { width: 40 },
    );
    expect(lines.map(displayWidth)).toEqual([40, 40]);
    expect(lines[1]).toMatch(/^ {2}f+… {2}\/a\/.*…le\.py:1234 {2}99$|^ {2}f+… {2}.*…\S*\.py:1234 {2}99$/);
  });
});

describe('times', () => {
  test('for people are local with the offset', () => {
    process.env['TZ'] = 'Asia/Kolkata';
    expect(formatLocalTime(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 08:34:05 +05:30');
    process.env['TZ'] = 'America/New_York';
    expect(formatLocalTime(Date.UTC(2026, 6, 2, 3, 4, 5))).toBe('2026-07-01 23:04:05 -04:00');
  });

  test('that are no dates are null, not an exception', () => {
    for (const time of [Number.NaN, 9e18, -9e18, Number.POSITIVE_INFINITY]) {
      expect([formatLocalTime(time), formatIsoTime(time)]).toEqual([null, null]);
    }
  });
});

describe('the chart', () => {
  const palette = createPalette(false);

  test('draws the heap up to its own greatest, the peak on its edge, and RSS below it up to its own', () => {
    const wide = 24;
    const columns = Array.from({ length: wide }, (_, column) => column);
    const lines = drawTimeline(
      {
        startMs: 0,
        endMs: 2_400,
        heapBytes: columns.map((column) => (column < 16 ? column : column === 20 ? 24 : 0)),
        rssBytes: columns.map((column) => (column === 0 ? null : column < 20 ? 2_000 : 6_000)),
      },
      { rows: 3, rssRows: 1, palette, peak: { name: 'peak', bytes: 24, timeMs: 2_050 } },
    );
    expect(lines).toEqual([
      '    Heap 24 B ┤                    █',
      '              │         ▁▂▃▄▅▆▇    █',
      '          8 B ┤ ▁▂▃▄▅▆▇████████    █',
      '          0 B └───────── peak 24 B ▲───',
      ' RSS 5.86 KiB ┤ ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃████',
      '               0 s      1.20 s   2.40 s',
    ]);
  });

  test('draws another heap as dots on the same scale', () => {
    const lines = drawTimeline(
      { startMs: 0, endMs: 10, heapBytes: [0, 4, 8], otherBytes: [null, 8, 2] },
      { rows: 2, rssRows: 0, palette, peak: { name: 'peak', bytes: 8, timeMs: null } },
    );
    expect(lines.slice(0, 2)).toEqual(['          8 B ┤ ⠉█', '          4 B ┤ █⠒']);
  });

  test('shows a heap of one byte in a thousand', () => {
    const lines = drawTimeline(
      { startMs: 0, endMs: 10, heapBytes: [1, 0, 1000], rssBytes: [null, null, null] },
      { rows: 3, rssRows: 1, palette, peak: { name: 'peak', bytes: 1000, timeMs: null } },
    );
    expect(lines[2]).toMatch(/▁ █$/);
  });
});

test('progress tells bytes, rate and time left, and only what is known', () => {
  const path = 'a.bin';
  expect(describeProgress({ path, readBytes: 0, totalBytes: 2048, state: 'reading' }, 10)).toBe('0 B of 2.00 KiB');
  expect(describeProgress({ path, readBytes: 1024, totalBytes: 3072, state: 'reading' }, 500)).toBe(
    '1.00 KiB of 3.00 KiB, 2.00 KiB/s, 1.00 s left',
  );
  expect(describeProgress({ path, readBytes: 1024, totalBytes: null, state: 'reading' }, 1000)).toBe(
    '1.00 KiB, 1.00 KiB/s',
  );
  expect(describeProgress({ path, readBytes: 1, totalBytes: 1, state: 'writing' }, 1)).toBe('writing the profile');
});

test('steps of other work show on a terminal only, and the bar leaves when they are done', () => {
  vi.useFakeTimers();
  const { host, soFar } = fakeHost({ terminal: 120 });
  const steps = startSteps(host, 'answers for the report')!;
  steps.show(3, 1200);
  vi.advanceTimersByTime(1000);
  steps.show(1, 1, 'packing the profile');
  vi.advanceTimersByTime(1000);
  steps.stop();
  vi.useRealTimers();
  const { stdout, stderr } = soFar();
  expect(stdout).toBe('');
  expect(stderr).toContain('answers for the report');
  expect(stderr).toContain('3 of 1,200');
  expect(stderr).toContain('packing the profile');
  expect(startSteps(fakeHost().host, 'answers')).toBeNull();
  expect(startSteps(fakeHost({ terminal: 120, env: { TERM: 'dumb' } }).host, 'answers')).toBeNull();
});
