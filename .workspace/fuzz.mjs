/**
 * `npm run fuzz -- --minutes N [--seed S]`: changes captures further and further where that leads somewhere new, and
 * keeps the shortest that do in the corpus that `npm test` replays; beside it profiles, symbol bundles, ELF files, rules and
 * filters. See packages/kernel/test/fuzz, and fuzz.test.ts of packages/store, packages/symbols and apps/cli.
 */
import './node-version.mjs';

import { parseArgs } from 'node:util';

const { root, runInTerminal, say } = await import('./run.mjs');
const { prepare } = await import('./prepare.mjs');
const { reportFailure } = await import('./report-failure.mjs');

try {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError(`--minutes takes a number above 0, not ${values.minutes}`);
  await prepare();
  say(`memscope: fuzzing for ${minutes} minutes`);
  process.env['MEMSCOPE_FUZZ_MINUTES'] = String(minutes);
  if (values.seed !== undefined) process.env['MEMSCOPE_FUZZ_SEED'] = values.seed;
  process.exitCode = await runInTerminal(process.execPath, [
    `${root}node_modules/vitest/vitest.mjs`,
    'run',
    '--config',
    '.workspace/vitest.config.ts',
    // All kinds at once, in the minutes that were asked for.
    '--maxWorkers=4',
    'packages/kernel/test/fuzz',
    'packages/store/test/fuzz',
    'packages/symbols/test/fuzz',
    'apps/cli/test/fuzz',
  ]);
} catch (failure) {
  reportFailure(failure);
  process.exitCode = 1;
}
