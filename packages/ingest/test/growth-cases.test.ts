/**
 * What `analyze` says first of recorded programs that grow, that grew, and that do not. A few stand in `fixtures/growth`;
 * the larger collection, with leaks of released packages and of inference frameworks, beside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GROWTH_FOLDER, SHARED_CASES_FOLDER } from '@memscope/fixtures';
import { analyze, type Finding, type StackTables } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingest } from '../src/index.js';
import { scratchFolder } from './scratch-folder.js';

async function findingsOf(path: string, look?: (tables: StackTables) => void): Promise<readonly Finding[]> {
  const profilePath = join(scratchFolder(), 'case.memscope');
  const [outcome] = await ingest({ paths: [path], output: profilePath });
  expect(outcome).toMatchObject({ profilePath });
  const profile = openProfile(profilePath);
  try {
    look?.(profile.stackTables());
    return analyze(profile).findings;
  } finally {
    profile.close();
  }
}

function textOf(finding: Finding | undefined): string {
  return finding === undefined ? 'nothing stands out' : `${finding.title}. ${finding.text}`;
}

function capturesIn(folder: string): string[] {
  if (existsSync(folder)) return readdirSync(folder).filter((name) => /\.bin(\.\d+)?$/.test(name));
  process.stderr.write(`${folder} is absent, so its recordings are not checked\n`);
  return [];
}

describe.each([GROWTH_FOLDER, join(SHARED_CASES_FOLDER, 'growth')])('programs of %s', (folder) => {
  const names = capturesIn(folder);
  /** A list read to the program's end, and a parent that only waits: memory alone cannot tell these from the others. */
  const undecidable = new Set(['c_parse_to_end.bin', 'l_fork.bin']);
  const grows = names.filter((name) => name.startsWith('l_') && !undecidable.has(name));
  const stays = names.filter((name) => name.startsWith('c_') && !undecidable.has(name));

  test.skipIf(grows.length === 0).each(grows)('%s: what grows comes first, with its program', async (name) => {
    const [first] = await findingsOf(join(folder, name));
    expect(textOf(first)).toMatch(/ grows: /);
    expect(first?.rule).toBe('grows');
    expect(first?.bytes).toBeGreaterThan(0);
    expect(first?.way.length).toBeGreaterThan(0);
    expect(first?.location?.file).toMatch(/\.py$/);
  });

  test.skipIf(stays.length === 0).each(stays)('%s: nothing is said to grow', async (name) => {
    const findings = await findingsOf(join(folder, name));
    expect(findings.filter(({ rule }) => rule === 'grows').map(textOf)).toEqual([]);
  });
});

/** Of what a batch loads until it ends it is said what would tell it from a leak; a leak beside other work is told as that. */
test.each([
  [
    'b_load_to_end.bin',
    'note',
    /^chunk .* until the program ends\. .* Nothing else was seen at work, and data that a program loads looks the same: /,
  ],
  ['l_teardown.bin', 'warning', /^handle .* rising with the work\. (?!.*looks the same).* gave it back\./],
  ['l_closure.bin', 'warning', /^(?!.*looks the same).* gave it back\./],
  ['l_cache.bin', 'warning', /^(?!.*looks the same).*live at the end/],
])('%s: how sure it is that it grows for good', async (name, severity, text) => {
  const [first] = await findingsOf(join(GROWTH_FOLDER, name));
  expect([first?.rule, first?.severity]).toEqual(['grows', severity]);
  expect(textOf(first)).toMatch(text);
});

/** The line, and what the program's own count says is kept. */
test.each([
  ['l_cache.bin', 'render', 10, 53_224_890],
  ['l_closure.bin', 'run_job', 18, 40_002_500],
  ['l_sessions.bin', '__init__', 10, 19_395_000],
  ['l_workers.bin', 'compress', 11, 12_387_893],
  ['l_late.bin', 'handle', 8, 240 * 30_033],
  ['l_late_preload.bin', 'lookup', 7, 470 * 16_001],
  ['l_beside_temporary.bin', 'parse', 5, 7_900_000],
  ['l_killed.bin', 'fetch', 5, 90 * 200_033],
  // As memray tells that is live: a table with its values, a cache with its table and keys, a vector.
  ['l_table.bin', 'request', 8, 36 * 1_048_576],
  ['l_lru_table.bin', 'f', 6, 15_182_000],
  ['l_vector.bin', 'keep_leak', 7, 32 * 1_048_576],
])(
  '%s: the first finding names the line, with its number within a twentieth',
  async (name, functionName, line, bytes) => {
    const [first] = await findingsOf(join(GROWTH_FOLDER, name));
    expect(first).toMatchObject({ rule: 'grows', location: { functionName, line } });
    // Arenas are a sample: of four, one more or less is chance.
    const { arenas = 0 } = first!.evidence;
    expect(Math.abs(first!.bytes - bytes)).toBeLessThan(0.05 * bytes + Math.sqrt(arenas) * 2 ** 20);
  },
);

/** How much each round of the work keeps, or each block that a line makes; of arenas with the error. */
test.each([
  ['l_cache.bin', /^8\.83 KiB in each of 6,000 rounds; /],
  ['l_late.bin', /^29\.3 KiB for each of 240 blocks; /],
  ['l_sessions.bin', /^10\.0 KiB in each of 2,000 rounds; /],
  ['l_events.bin', /^About 3\.57 KiB, give or take 334 B, for each of about 8,900 entries of a list; /],
  ['l_beside_temporary.bin', /^About 328 KiB, give or take 41\.0 KiB, in each of 25 rounds; /],
])('%s: what is kept by round', async (name, text) => {
  const [first] = await findingsOf(join(GROWTH_FOLDER, name));
  expect(first?.text).toMatch(text);
});

/** Where arenas grow, the line that the table beside them was filled from; else the only one that needed any. */
test.each([
  ['l_events.bin', 10],
  ['l_small.bin', 8],
  ['l_beside_temporary.bin', 5],
])('%s: the line is told though objects are not traced', async (name, line) => {
  const [first] = await findingsOf(join(GROWTH_FOLDER, name));
  expect(first?.title).toMatch(new RegExp(`\\.py:${line}\\) grows: `));
});

/** What the cause is known to be, of recordings in the larger collection. */
test.skipIf(!existsSync(SHARED_CASES_FOLDER)).each([
  ['inference/xgb_predict/cap.bin', /^481 KiB in each of 150 rounds; /],
  ['growth/l_executor.bin', /2,500 futures are kept beside it, made by submit \(l_executor\.py:5\)/],
  ['growth/l_reload.bin', /plugin\.py is imported anew in each round/],
  ['real/sqlalchemy/plain.bin', /each of 1,500 rounds made an entry, and the last 747 are kept/],
  ['real/dateparser/plain.bin', /^About 4\.78 KiB, give or take 699 B, in each of 1,500 rounds; /],
  ['real/selectolax/plain.bin', /^109 KiB in each of 800 rounds; .* 29 blocks a round at one line are native code/],
])('%s: the cause is told', async (path, text) => {
  const [first] = await findingsOf(join(SHARED_CASES_FOLDER, path));
  expect(first?.text).toMatch(text);
});

/** The same where it shows in the names of native functions, which are read from the libraries it was recorded with. */
test.skipIf(!existsSync(SHARED_CASES_FOLDER)).for([
  ['torch_graph_kept', /296 KiB in each of 250 rounds; .*autograd graph/],
  ['torch_conv_shapes', /while the work went on: a full cache of compiled primitives, one for each shape/],
] as const)('%s: the cause is told by native functions', async ([name, text], { skip }) => {
  const path = join(SHARED_CASES_FOLDER, 'inference', name, 'cap.bin');
  const [first] = await findingsOf(path, ({ modules, frames }) => {
    const torch = modules.path.findIndex((each) => each.endsWith('libtorch_cpu.so'));
    const isNamed = frames.functionName.some((each, row) => frames.module[row] === torch && each !== null);
    if (!isNamed) skip('the PyTorch that it was recorded with is not installed here');
  });
  expect(first?.text).toMatch(text);
});

interface Case {
  readonly case: string;
  readonly capture: string;
  /** Regular expressions that the first finding matches, and that no finding does. */
  readonly must: readonly string[];
  readonly mustNot: readonly string[];
}

/** Who owns memory within a framework is told by names of native functions, which only the framework's files give. */
const NEEDS_SYMBOLS = new Set(['oneDNN']);

describe.each(['real', 'inference'])('the first finding of recordings in %s', (collection) => {
  const folder = join(SHARED_CASES_FOLDER, collection);
  const list = join(folder, 'cases.json');
  const cases = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Case[]) : [];
  if (cases.length === 0) process.stderr.write(`${list} is absent, so its recordings are not checked\n`);

  test.skipIf(cases.length === 0).each(cases)('$case', async ({ capture, must, mustNot }) => {
    const findings = await findingsOf(join(folder, capture));
    const first = textOf(findings[0]);
    for (const pattern of must) if (!NEEDS_SYMBOLS.has(pattern)) expect(first).toMatch(new RegExp(pattern));
    for (const pattern of mustNot) {
      for (const finding of findings) expect(textOf(finding)).not.toMatch(new RegExp(pattern));
    }
  });
});
