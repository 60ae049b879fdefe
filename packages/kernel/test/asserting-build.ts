/**
 * The kernel built with its assertions: rows that are there, a zone around each block of its memory and a pattern in those
 * that were given back (assembly/shared/red-zones.ts). It says the same as the other build, or traps.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeModules } from '../src/wasm.js';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const COMPILER = 'node_modules/assemblyscript/bin/asc.js';
const FLAGS = ['-O1', '--runtime', 'stub', '--use', 'abort=', '--enable', 'bulk-memory', '--enable', 'simd'];

/** From here on, this thread reads with it; takes seconds. */
export function useAssertingBuild(): void {
  takeModules(compileAsserting('assembly/decode/index.ts'), compileAsserting('assembly/heap/index.ts'));
}

export function useUsualBuild(): void {
  takeModules(undefined, undefined);
}

/** `entry` within the package. */
export function compileAsserting(entry: string): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-kernel-'));
  const target = join(folder, 'built.wasm');
  try {
    execFileSync(process.execPath, [COMPILER, entry, ...FLAGS, '-o', target], { cwd: FOLDER, stdio: 'pipe' });
    return new WebAssembly.Module(readFileSync(target));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
