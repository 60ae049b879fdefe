/**
 * Bundles the command line into `dist/`: `main.js`, the pools' `worker.js`, `reader-process.js`,
 * `profile-worker.js` and `query-worker.js`, their shared chunks, the kernel's wasm files and the built page. The
 * workspace's own packages and the pure JavaScript ones are bundled, so that starting opens few files and the packed
 * package needs only better-sqlite3 (native) and piscina (starts its own worker file) installed beside it.
 */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const packages = resolve(here, '../../packages');

/**
 * The kernel looks for `../dist/NAME.wasm` from its own `src` or `dist`; in the bundle it lies beside the chunks.
 * @type {import('esbuild').Plugin}
 */
const wasmBesideBundle = {
  name: 'wasm-beside-bundle',
  setup(bundle) {
    let replaced = 0;
    bundle.onLoad({ filter: /[\\/]packages[\\/]kernel[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replaceAll(/'\.\.\/dist\/(\w+\.wasm)'/g, "'./$1'");
      if (contents !== source) replaced++;
      return { contents, loader: 'js' };
    });
    bundle.onEnd(() => {
      const text = "nothing in packages/kernel names '../dist/NAME.wasm': the bundle would not find it";
      return replaced > 0 ? undefined : { errors: [{ text }] };
    });
  },
};

/**
 * string-width takes 30 ms to get ready, and few texts need it: it is run when it is first called.
 * @type {import('esbuild').Plugin}
 */
const lateStringWidth = {
  name: 'late-string-width',
  setup(bundle) {
    bundle.onResolve({ filter: /^string-width$/ }, ({ kind, resolveDir }) =>
      kind === 'import-statement' ? { path: 'string-width', namespace: 'late', pluginData: resolveDir } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'late' }, ({ pluginData }) => ({
      contents: "let width; export default (text) => (width ??= require('string-width').default)(text);",
      resolveDir: pluginData,
    }));
  },
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: {
    main: join(here, 'src/main.ts'),
    worker: join(packages, 'ingest/dist/worker.js'),
    'reader-process': join(packages, 'ingest/dist/reader-process.js'),
    'profile-worker': join(packages, 'ingest/dist/profile-worker.js'),
    'query-worker': join(packages, 'server/dist/query-worker.js'),
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // The other entry of some libraries requires files by names that no bundler can follow.
  mainFields: ['module', 'main'],
  target: 'node22.16',
  chunkNames: 'chunk-[hash]',
  external: ['better-sqlite3', 'piscina'],
  plugins: [wasmBesideBundle, lateStringWidth],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // CommonJS packages in the bundle still require Node's built-in modules.
  banner: {
    js: "import{createRequire as __memscopeRequire}from'node:module';const require=__memscopeRequire(import.meta.url);",
  },
});
for (const name of ['decode.wasm', 'heap.wasm']) await copyFile(join(packages, 'kernel/dist', name), join(dist, name));
const page = resolve(here, '../web/dist');
const reportPage = join(page, 'report');
if (existsSync(page)) {
  // A server has no use for the page of reports.
  await cp(page, join(dist, 'web'), { recursive: true, filter: (source) => source !== reportPage });
  await cp(reportPage, join(dist, 'web-report'), { recursive: true });
}
await copyFile(resolve(here, '../../LICENSE'), join(dist, 'LICENSE'));
await writeFile(join(dist, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(Object.keys(metafile.inputs)));

/**
 * The licence texts of the bundled packages of others.
 * @param {string[]} files bundled files, relative to this folder
 */
async function licencesOf(files) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const file of files) {
    const parts = resolve(here, file).split(sep);
    const at = parts.lastIndexOf('node_modules');
    if (at < 0) continue;
    folders.add(parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join(sep));
  }
  const texts = [];
  for (const folder of [...folders].toSorted()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    texts.push(`${name} ${version} (${license})\n\n${await licenceText(folder)}`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder */
async function licenceText(folder) {
  for (const file of ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license', 'LICENCE', 'LICENSE-MIT']) {
    try {
      return await readFile(join(folder, file), 'utf8');
    } catch {
      // Named otherwise: try the next.
    }
  }
  return noticeText(folder);
}

/**
 * What a package without such a file says at the top of its code.
 * @param {string} folder
 */
async function noticeText(folder) {
  const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = typeof main === 'string' ? join(folder, main) : '';
  const code = file.endsWith('.js') && existsSync(file) ? await readFile(file, 'utf8') : '';
  return (
    /^\/\*!([\s\S]*?)\*\//
      .exec(code)?.[1]
      ?.replaceAll(/^ \* ?/gm, '')
      .trim() ?? ''
  );
}
