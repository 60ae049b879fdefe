/**
 * `npm start`: sets up and builds if need be, then runs the command line where the user stands. Without parameters it
 * analyses a bundled capture.
 */
import './node-version.mjs';

import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const { root } = await import('./run.mjs');
const { prepare } = await import('./prepare.mjs');
const { cliEntry } = await import('./build.mjs');
const { reportFailure } = await import('./report-failure.mjs');

try {
  await prepare();
} catch (failure) {
  reportFailure(failure);
}

if (!process.exitCode) {
  // What is suggested next can then be copied.
  process.env['MEMSCOPE_INVOKED_AS'] = 'npm start --';
  // npm runs scripts in the package's folder and says in INIT_CWD where the user called it.
  if (process.env['npm_lifecycle_event'] === 'start' && process.env['INIT_CWD']) process.chdir(process.env['INIT_CWD']);
  const parameters = process.argv.slice(2);
  process.argv = [process.execPath, cliEntry, ...(parameters.length > 0 ? parameters : analyzeBundledCapture())];
  await import(pathToFileURL(cliEntry).href);
}

function analyzeBundledCapture() {
  const capture = join(root, 'fixtures/captures/pandas-v13.bin');
  const profile = join(root, 'node_modules/.cache/memscope/pandas-v13.memscope');
  mkdirSync(dirname(profile), { recursive: true });
  return ['analyze', relative(process.cwd(), capture), '-o', profile];
}
