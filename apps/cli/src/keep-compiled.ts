/**
 * Half a megabyte of code is read and compiled before a command says anything. Node keeps the compiled code of what is
 * imported from here on in the user's cache folder, as far as it was run. Where that cannot be written nothing is kept.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder } from '@memscope/store/cache-folder';

export function keepCompiled(): void {
  try {
    const cache = cacheFolder();
    const folder = join(cache, 'compiled');
    // A home that is not there is not made.
    for (const each of [dirname(cache), cache, folder]) if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    enableCompileCache(folder);
    // Threads and processes of this one do the same.
    process.env['NODE_COMPILE_CACHE'] ??= folder;
  } catch {
    // It only saves time.
  }
}
