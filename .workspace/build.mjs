/**
 * Builds what has changed: the kernel from AssemblyScript, the packages with `tsc -b`, the schemas of documents, the
 * page, and the command line as one bundle. Says nothing and takes milliseconds when there is nothing to do.
 */
import './node-version.mjs';

import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { fingerprintTimes, isFresh, stamp, unstamp } from './freshness.mjs';
import { root, runQuietly, say, StepError } from './run.mjs';

/** The built command line. */
export const cliEntry = join(root, 'apps/cli/dist/main.js');
const kernelFolder = join(root, 'packages/kernel');
const pageFolder = join(root, 'apps/web');

/** Builds if need be. */
export async function build() {
  const fingerprint = fingerprintTimes([
    'node_modules/.cache/memscope/install',
    'tsconfig.base.json',
    'packages',
    'apps',
    'fixtures',
  ]);
  if (isFresh('build', fingerprint) && existsSync(cliEntry)) return;
  unstamp('build');
  const started = Date.now();
  say('memscope: building');
  try {
    await Promise.all([buildKernel(), compile('tsconfig.build.json').then(buildSchemas), buildPage()]);
    await runQuietly(process.execPath, ['build.mjs'], { cwd: join(root, 'apps/cli') });
  } catch (cause) {
    throw new StepError('Building failed.', { cause });
  }
  stamp('build', fingerprint);
  say(`memscope: built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * Type-checks and compiles the projects that a solution file in this folder names.
 * @param {string} solution
 */
export async function compile(solution) {
  await runQuietly(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', `.workspace/${solution}`]);
}

async function buildPage() {
  const fingerprint = fingerprintTimes([
    'node_modules/.cache/memscope/install',
    'apps/web/src',
    'apps/web/index.html',
    'apps/web/vite.config.ts',
    'packages/model/src',
    'packages/query/src',
  ]);
  const made = ['dist/index.html', 'dist/report/index.html'].map((file) => join(pageFolder, file));
  if (isFresh('page', fingerprint) && made.every((file) => existsSync(file))) return;
  unstamp('page');
  for (const mode of ['production', 'report']) {
    await runQuietly(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--mode', mode], { cwd: pageFolder });
  }
  stamp('page', fingerprint);
}

async function buildSchemas() {
  // Needs an installed package, so not before the set-up.
  const { writeSchemas } = await import('./write-schemas.mjs');
  const declarations = join(root, 'packages/model/dist/documents/all-documents.js');
  await writeSchemas((await import(pathToFileURL(declarations).href)).ALL_DOCUMENTS);
}

async function buildKernel() {
  const fingerprint = fingerprintTimes(['packages/kernel/assembly', 'packages/kernel/package.json']);
  if (isFresh('kernel', fingerprint) && existsSync(join(kernelFolder, 'dist/heap.wasm'))) return;
  unstamp('kernel');
  mkdirSync(join(kernelFolder, 'dist'), { recursive: true });
  const script = JSON.parse(readFileSync(join(kernelFolder, 'package.json'), 'utf8')).scripts['build:wasm'];
  await runQuietly(script, [], {
    cwd: kernelFolder,
    shell: true,
    env: { ...process.env, PATH: join(kernelFolder, 'node_modules/.bin') + delimiter + (process.env['PATH'] ?? '') },
  });
  stamp('kernel', fingerprint);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { reportFailure } = await import('./report-failure.mjs');
  await build().catch(reportFailure);
}
