/**
 * Tests run straight from the sources: every `@memscope/NAME` import is pointed at that package's `src/index.ts`, and
 * `@memscope/NAME/FILE` at its `src/FILE.ts`.
 * Only what cannot run from source (the kernel's wasm, worker threads' own imports, the bundled CLI) comes from the build.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

function sourceAliases(): { find: RegExp; replacement: string }[] {
  const folders = [...readdirSync(`${root}packages`).map((name) => `packages/${name}`), 'fixtures'];
  return folders
    .filter((folder) => existsSync(`${root}${folder}/src/index.ts`))
    .flatMap((folder) => {
      const name = `@memscope/${folder.replace('packages/', '')}`;
      return [
        { find: new RegExp(`^${name}$`), replacement: `${root}${folder}/src/index.ts` },
        { find: new RegExp(`^${name}/`), replacement: `${root}${folder}/src/` },
      ];
    });
}

// The one default export that a tool demands.
export default defineConfig({
  root,
  resolve: { alias: sourceAliases() },
  test: {
    include: ['{packages,apps}/*/test/**/*.test.ts', '{fixtures,bench,.workspace}/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    // Half as many again as cores: many tests wait for a process, a browser or a disk.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // Of a machine that does other things beside.
    hookTimeout: 60_000,
    // Native captures leave the names of their frames in the user's cache folder.
    env: { XDG_CACHE_HOME: `${root}node_modules/.cache/memscope/xdg` },
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/memscope/test-report.json' }]],
  },
});
