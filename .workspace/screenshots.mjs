/**
 * `npm run screenshots -- FOLDER [ADDRESS [RUN]]`: sets up and builds if need be, then pictures each view of the page in
 * both themes and three widths, and compares them with those that lie in the folder. ADDRESS is a running `memscope serve`;
 * without one bundled captures are shown.
 */
import './node-version.mjs';

import { join, resolve } from 'node:path';

const { root, runInTerminal } = await import('./run.mjs');
const { prepare } = await import('./prepare.mjs');
const { reportFailure } = await import('./report-failure.mjs');

try {
  await prepare();
  const [folder = 'screenshots', ...rest] = process.argv.slice(2);
  const into = resolve(process.env['INIT_CWD'] ?? '.', folder);
  const script = join(root, 'apps/web/test/browser/take-screenshots.ts');
  process.exitCode = await runInTerminal(process.execPath, ['--import', 'tsx', script, into, ...rest]);
} catch (failure) {
  reportFailure(failure);
}
