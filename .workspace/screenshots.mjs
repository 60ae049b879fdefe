/**
 * `npm run screenshots -- FOLDER [ADDRESS [RUN]]`: sets up and builds if need be, then pictures each view of the page in
 * both themes and three widths, and compares them with those that lie in the folder. ADDRESS is a running `memscope serve`;
 * without one bundled captures are shown. `npm run screenshots -- --readme` makes the pictures of the README and the
 * documentation anew instead.
 */
import './node-version.mjs';

import { join, resolve } from 'node:path';

const { root, runInTerminal } = await import('./run.mjs');
const { prepare } = await import('./prepare.mjs');
const { reportFailure } = await import('./report-failure.mjs');

/** What the README's first picture prints. */
const TERMINAL = ['analyze', join(root, 'fixtures/growth/l_cache.bin')];

try {
  await prepare();
  const [folder = 'screenshots', ...rest] = process.argv.slice(2);
  const browser = join(root, 'apps/web/test/browser');
  const commands =
    folder === '--readme'
      ? [
          [join(root, '.workspace/draw-terminal.mjs'), join(root, '.readme/analyze.svg'), ...TERMINAL],
          ['--import', 'tsx', join(browser, 'take-readme-pictures.ts')],
        ]
      : [
          [
            '--import',
            'tsx',
            join(browser, 'take-screenshots.ts'),
            resolve(process.env['INIT_CWD'] ?? '.', folder),
            ...rest,
          ],
        ];
  for (const command of commands) process.exitCode ||= await runInTerminal(process.execPath, command);
} catch (failure) {
  reportFailure(failure);
}
