/** A history keeps every run that was added, whole: by many jobs at once, beside one that is killed, and after pruning. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { MeasuredRuns } from '@memscope/model';
import { afterAll, describe, expect, test } from 'vitest';

import { addRun, isHistory, pruneRuns, readRuns, StoreError, type NewRun, type RunChoice } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = (): string => join(folder, `${++files}.sqlite`);
const ALL: RunChoice = { branch: null, labels: {}, last: null };

const MEASURED: MeasuredRuns = {
  runs: 2,
  together: false,
  pythonVersion: '3.13',
  tracePythonAllocators: null,
  nativeTraces: false,
  totals: {
    peak: [100, 110],
    ownPeak: [120, 130],
    leaked: [1, 2],
    total: [1000, 1001],
    temporary: [3, 4],
    count: [10, 11],
    rss: [5000, 5001],
    durationMs: [7, 8],
  },
  least: { held: 4, total: 8, count: 2 },
  owners: [
    {
      kind: 'function',
      function: 'load',
      file: 'app.py',
      threads: 2,
      peak: [60, 70],
      ownPeak: [60, 70],
      leaked: [0, 1],
      total: [600, 601],
      temporary: [0, 0],
      count: [5, 6],
    },
    {
      kind: 'objects',
      function: null,
      file: null,
      threads: 1,
      peak: [30, 30],
      ownPeak: [30, 30],
      leaked: [0, 0],
      total: [300, 300],
      temporary: [0, 0],
      count: [3, 3],
    },
  ],
  rest: { peak: [10, 10], ownPeak: [12, 12], leaked: [1, 1], total: [100, 100], temporary: [3, 4], count: [2, 2] },
};

function newRun(changes: Partial<NewRun> = {}): NewRun {
  const captures = [1, 2].map((at) => ({ path: `/runs/${at}.bin`, startMs: 1000 + at }));
  return {
    commit: 'abc',
    branch: 'main',
    timeMs: 5,
    labels: { os: 'linux' },
    captures,
    measured: MEASURED,
    ...changes,
  };
}

describe('a history', () => {
  test('gives back what was added, in the order of time', () => {
    const path = fresh();
    expect(addRun(path, newRun({ timeMs: 9, commit: 'later' }))).toEqual({ run: 1, isNew: true });
    expect(addRun(path, newRun())).toEqual({ run: 2, isNew: true });
    const [first, second] = readRuns(path, ALL);
    expect([first!.commit, second!.commit]).toEqual(['abc', 'later']);
    expect(first).toMatchObject({ run: 2, branch: 'main', timeMs: 5, labels: { os: 'linux' }, repetitions: 2 });
    expect(first!.capturePath).toBe('/runs/1.bin');
    const byKind = ({ owners, ...rest }: MeasuredRuns): unknown => ({
      ...rest,
      owners: owners.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
    });
    expect(byKind(first!.measured)).toEqual(byKind(MEASURED));
  });

  test('takes the same recordings once', () => {
    const path = fresh();
    expect(addRun(path, newRun())).toEqual({ run: 1, isNew: true });
    expect(addRun(path, newRun())).toEqual({ run: 1, isNew: false });
    expect(addRun(path, newRun({ branch: 'topic' })).isNew).toBe(true);
  });

  test('tells runs by branch, labels and the last of them', () => {
    const path = fresh();
    for (let at = 0; at < 6; at++) {
      const branch = at % 2 === 0 ? 'main' : 'topic';
      addRun(path, newRun({ commit: `c${at}`, timeMs: at, branch, labels: at < 4 ? { os: 'linux' } : {} }));
    }
    const commits = (choice: Partial<RunChoice>): (string | null)[] =>
      readRuns(path, { ...ALL, ...choice }).map(({ commit }) => commit);
    expect(commits({ branch: 'main' })).toEqual(['c0', 'c2', 'c4']);
    expect(commits({ labels: { os: 'linux' } })).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(readRuns(path, { ...ALL, last: 2 }).map(({ commit }) => commit)).toEqual(['c4', 'c5']);
  });

  test('loses nothing where eight jobs add at once and one is killed midway', async () => {
    const path = fresh();
    addRun(path, newRun());
    const children: ChildProcess[] = [];
    const start = (...args: string[]): ChildProcess => {
      const script = new URL('add-to-history.mjs', import.meta.url).pathname;
      const child = spawn(process.execPath, [script, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.resume();
      children.push(child);
      return child;
    };
    try {
      const killed = start('killed', 'hang');
      await once(killed.stdout!, 'data');
      expect(existsSync(`${path}-journal`)).toBe(true);
      expect(isHistory(path)).toBe(true);
      // They wait for the one that is inside.
      const ends = Array.from({ length: 8 }, (_, job) => once(start(`job${job}`, '3'), 'exit'));
      killed.kill('SIGKILL');
      for (const [code] of await Promise.all(ends)) expect(code).toBe(0);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
    const runs = readRuns(path, ALL);
    expect(runs).toHaveLength(1 + 8 * 3);
    for (let job = 0; job < 8; job++) {
      const own = runs.filter(({ labels }) => labels['job'] === `job${job}`);
      expect(own.map(({ measured }) => measured.owners[0]!.function)).toEqual(['f0', 'f1', 'f2']);
    }
    const database = new Database(path, { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
    // Nine processes on a busy machine take their time to start.
  }, 300_000);

  test('is pruned to the last runs of each branch, or to those since a day', () => {
    const path = fresh();
    for (let at = 0; at < 10; at++) {
      addRun(path, newRun({ commit: `c${at}`, timeMs: at * 100, branch: at < 7 ? 'main' : 'topic' }));
    }
    const request = { keep: 2, beforeMs: null, branch: null, isDry: true };
    expect(pruneRuns(path, request)).toEqual({ removed: 6, left: 4 });
    expect(readRuns(path, ALL)).toHaveLength(10);
    expect(pruneRuns(path, { ...request, isDry: false })).toEqual({ removed: 6, left: 4 });
    expect(readRuns(path, ALL).map(({ commit }) => commit)).toEqual(['c5', 'c6', 'c8', 'c9']);
    expect(pruneRuns(path, { keep: null, beforeMs: 600, branch: 'main', isDry: false })).toEqual({
      removed: 1,
      left: 3,
    });
    expect(readRuns(path, ALL)[0]!.measured.owners).toHaveLength(2);
  });

  test('that is none, or is damaged, is refused by its name', () => {
    const codeOf = (question: () => unknown): string => {
      try {
        question();
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        return (error as StoreError).code;
      }
      return 'taken';
    };
    expect(codeOf(() => readRuns(join(folder, 'nowhere.sqlite'), ALL))).toBe('cannotRead');
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'not a database, but long enough to be looked at '.repeat(100));
    expect(codeOf(() => readRuns(text, ALL))).toBe('notProfile');
    expect(codeOf(() => addRun(text, newRun()))).toBe('notProfile');
    const other = fresh();
    const database = new Database(other);
    database.exec('CREATE TABLE mine (x)');
    database.close();
    expect(codeOf(() => readRuns(other, ALL))).toBe('notProfile');
    expect(codeOf(() => addRun(other, newRun()))).toBe('notProfile');
    expect([isHistory(other), isHistory(text), isHistory(folder)]).toEqual([false, false, false]);
    const wrong = fresh();
    addRun(wrong, newRun());
    expect(isHistory(wrong)).toBe(true);
    for (const damage of [
      "UPDATE usage SET peak = 'much'",
      'UPDATE usage SET peak = 9e999',
      'UPDATE repetition SET peak = 9007199254740993',
      'DELETE FROM repetition',
      'DELETE FROM function',
      "UPDATE run SET labels = '[1]'",
      "UPDATE run SET labels = '{'",
      "UPDATE run SET time_ms = 'x'",
      "UPDATE run SET commit_id = x'00ff'",
      "UPDATE function SET name = x'00ff'",
      'DROP TABLE usage; CREATE VIEW usage AS SELECT 1 AS repetition_id, 1 AS function_id',
    ]) {
      const copy = fresh();
      copyFileSync(wrong, copy);
      const damaged = new Database(copy);
      damaged.exec(damage);
      damaged.close();
      expect([damage, codeOf(() => readRuns(copy, ALL))]).toEqual([damage, 'corrupt']);
      expect(() => readRuns(copy, ALL)).toThrow('; take a copy from before');
    }
  });
});
