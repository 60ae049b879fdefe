/**
 * `npm test`: sets up and builds if need be, type-checks everything, checks lint and format, and runs every test. All
 * of it runs even if a part fails; any failure makes the exit code 1. With parameters it only runs the tests that
 * they select (`npm test -- packages/store`).
 */
import './node-version.mjs';

import { join } from 'node:path';

const { root, runInTerminal, say } = await import('./run.mjs');
const { prepare } = await import('./prepare.mjs');
const { compile } = await import('./build.mjs');
const { reportFailure } = await import('./report-failure.mjs');

const parameters = process.argv.slice(2);

/** @type {Array<[string, () => Promise<number>]>} */
const checks = [
  ['types', () => compile('tsconfig.all.json').then(() => 0)],
  ['lint', () => runTool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '.', '.workspace'])],
  ['format', () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])],
];
const tests = () => runTool('vitest/vitest.mjs', ['run', '--config', '.workspace/vitest.config.ts', ...parameters]);

try {
  await prepare();
  const failed = [];
  for (const [name, check] of parameters.length > 0 ? [] : checks) {
    say(`memscope: checking ${name}`);
    const code = await check().catch((failure) => {
      reportFailure(failure);
      return 1;
    });
    if (code !== 0) failed.push(name);
  }
  if ((await tests()) !== 0) failed.push('tests');
  if (failed.length > 0) {
    say(`memscope: failed: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
} catch (failure) {
  reportFailure(failure);
}

/**
 * @param {string} script from node_modules
 * @param {string[]} options
 */
function runTool(script, options) {
  return runInTerminal(process.execPath, [join(root, 'node_modules', script), ...options]);
}
