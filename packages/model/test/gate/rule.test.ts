import { describe, expect, test } from 'vitest';

import { DEFAULT_RULES, parseRule, RuleError, Suppressions, type RuleLimit, type RuleScope } from '../../src/index.js';

const MIB = 1024 ** 2;

describe('a rule of the gate', () => {
  test.each<[string, RuleScope, string, RuleLimit]>([
    ['peak <= 512 MiB', { kind: 'whole' }, 'peak', { kind: 'budget', most: 512 * MIB }],
    ['peak<=1GB', { kind: 'whole' }, 'peak', { kind: 'budget', most: 1e9 }],
    ['peak +5% and +1 MiB', { kind: 'whole' }, 'peak', { kind: 'change', share: 0.05, amount: MIB }],
    ['leaked +1MiB and +0.5 %', { kind: 'whole' }, 'leaked', { kind: 'change', share: 0.005, amount: MIB }],
    ['count +1000', { kind: 'whole' }, 'count', { kind: 'change', share: null, amount: 1000 }],
    ['duration <= 2 min', { kind: 'whole' }, 'duration', { kind: 'budget', most: 120_000 }],
    ['growing <= 0', { kind: 'whole' }, 'growing', { kind: 'budget', most: 0 }],
    [
      'each function: own-peak +256 KiB',
      { kind: 'each', by: 'function' },
      'own-peak',
      { kind: 'change', share: null, amount: 256 * 1024 },
    ],
    ['Python objects: peak +3%', { kind: 'objects' }, 'peak', { kind: 'change', share: 0.03, amount: null }],
    ['import system: peak +3%', { kind: 'imports' }, 'peak', { kind: 'change', share: 0.03, amount: null }],
    [
      'library:torch: peak <= 200 MiB',
      { kind: 'filter', filter: 'library:torch' },
      'peak',
      { kind: 'budget', most: 200 * MIB },
    ],
    [
      '"module:myapp.cache": leaked <= 64 KiB',
      { kind: 'filter', filter: 'module:myapp.cache' },
      'leaked',
      { kind: 'budget', most: 64 * 1024 },
    ],
    [
      'function:"a: b" -file:x: peak <= 1 B',
      { kind: 'filter', filter: 'function:"a: b" -file:x' },
      'peak',
      { kind: 'budget', most: 1 },
    ],
  ])('"%s" is understood', (text, scope, measure, limit) => {
    const rule = parseRule(text);
    expect(rule.scope).toEqual(scope);
    expect(rule.measure).toBe(measure);
    expect(rule.limit.kind).toBe(limit.kind);
    if (rule.limit.kind === 'budget' && limit.kind === 'budget') expect(rule.limit.most).toBe(limit.most);
    if (rule.limit.kind === 'change' && limit.kind === 'change') {
      expect(rule.limit.amount).toBe(limit.amount);
      if (limit.share === null) expect(rule.limit.share).toBeNull();
      else expect(rule.limit.share).toBeCloseTo(limit.share, 12);
    }
    expect(parseRule(rule.text)).toEqual(rule);
  });

  test.each([
    ['', 0, /measures one of/],
    ['pek +5%', 0, /did you mean peak\?/],
    ['peak', 4, /stands a budget or a change/],
    ['peak 5%', 4, /stands a budget or a change/],
    ['peak +5% and +6%', 4, /once in percent and once as an amount/],
    ['peak <= many', 4, /is not a number/],
    ['peak +1 parsec', 4, /has a unit that is none of/],
    ['peak +5', 4, /"5" has no unit: %, B, KiB, MiB or GiB/],
    ['each function: peak +5% and +64', 19, /"64" has no unit/],
    ['rss <= 512', 3, /"512" has no unit: B, KiB/],
    ['count <= 5 MiB', 5, /plain number/],
    ['each thing: peak +5%', 0, /"each" takes one of function/],
    ['each library: own-peak +5%', 14, /own-peak is what functions held/],
    ['library:torch: rss <= 1 GiB', 0, /of the whole program/],
    ['(: peak <= 1', 0, /filter before the colon/],
    [': peak <= 1', 0, /nothing stands before the colon/],
  ])('"%s" is refused at its place %i', (text, position, message) => {
    let error: unknown;
    try {
      parseRule(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RuleError);
    expect((error as RuleError).message).toMatch(message);
    expect((error as RuleError).position).toBe(position);
  });

  test('no text of any length or kind is anything but a rule or a RuleError', () => {
    const parts = ['peak', '+5%', 'and', '<=', ': ', '"', 'each ', 'function', '1 MiB', '(', '-', '\n', '::', '+'];
    let seed = 1;
    for (let round = 0; round < 3000; round++) {
      let text = '';
      for (let part = 0; part < 6; part++) {
        seed = (seed * 48_271) % 2_147_483_647;
        text += parts[seed % parts.length]! + (seed % 3 === 0 ? ' ' : '');
      }
      try {
        parseRule(text);
      } catch (error) {
        expect([text, error instanceof RuleError]).toEqual([text, true]);
      }
    }
    expect(() => parseRule('x'.repeat(1 << 20))).toThrow(RuleError);
  });
});

test('the default rules are those that unchanged runs of real programs do not break', () => {
  expect(DEFAULT_RULES.map(({ rule, severity }) => `${severity} ${rule.text}`)).toEqual([
    'fail each function: peak +0.5% and +64 KiB',
    'fail each function: leaked +0.5% and +64 KiB',
    'fail python objects: peak +3% and +3 MiB',
    'fail python objects: leaked +3% and +3 MiB',
    'fail import system: peak +2% and +2 MiB',
    'fail peak +2% and +2 MiB',
    'note each function: own-peak +0.5% and +64 KiB',
  ]);
});

describe('a suppression', () => {
  const any = { file: null, rule: null, reason: 'known', expires: null, upTo: null };
  const all = [
    { ...any, function: 'body', file: 'app/main.py', expires: '2026-12-31' },
    { ...any, function: 'old', expires: '2020-01-01' },
    { ...any, function: 'gone', rule: 'peak +5%' },
    { ...any, function: 'cache', upTo: 1000 },
  ];
  const covers = (
    there: Suppressions,
    rule: string,
    name: string,
    { file = null, change = 1 }: { readonly file?: string | null; readonly change?: number } = {},
  ): boolean => there.covers(parseRule(rule), { name, file, change });

  test('covers its function, in its file, until its last day', () => {
    const there = new Suppressions(all, '2026-12-31');
    expect(covers(there, 'peak +5%', 'body', { file: '/srv/app/main.py' })).toBe(true);
    expect(covers(there, 'peak +5%', 'body', { file: '/srv/myapp/main.py' })).toBe(false);
    expect(covers(there, 'peak +5%', 'bodys', { file: '/srv/app/main.py' })).toBe(false);
    expect(covers(there, 'peak +5%', 'old')).toBe(false);
    expect(covers(there, 'peak +6%', 'gone')).toBe(false);
    expect(there.report().map(({ status }) => status)).toEqual(['used', 'expired', 'unused', 'unused']);
    const dayAfter = new Suppressions(all, '2027-01-01');
    expect(covers(dayAfter, 'peak +5%', 'body', { file: '/srv/app/main.py' })).toBe(false);
    expect(dayAfter.report()[0]!.status).toBe('expired');
  });

  test('covers bytes up to its size', () => {
    const there = new Suppressions(all, '2026-12-31');
    expect(covers(there, 'peak +5%', 'cache', { change: 1000 })).toBe(true);
    expect(covers(there, 'count +5%', 'cache', { change: 5000 })).toBe(true);
    expect(there.report()[3]!.status).toBe('used');
    expect(covers(there, 'peak +5%', 'cache', { change: 1001 })).toBe(false);
    expect(there.report()[3]!.status).toBe('exceeded');
  });
});
