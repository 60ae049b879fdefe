/**
 * A Python with memray, pytest-memray and xdist, installed once into the workspace's cache, for tests that record real
 * programs.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGES = ['memray==1.20.0', 'pytest==9.2.0', 'pytest-memray==1.11.0', 'pytest-xdist==3.8.0'];
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/memscope/', import.meta.url));
/** Of a machine that reaches the package index slowly; one that does not reach it answers sooner. */
const PATIENCE_MS = 180_000;

/** The folder of its programs; null, said aloud, where Python or memray cannot be had. One test file at a time may ask. */
export async function memrayPrograms(): Promise<string | null> {
  const home = join(CACHE, `python-${PACKAGES.join('-').replaceAll(/[^\w.-]/g, '')}`);
  const programs = join(home, 'bin');
  // Written last: an installation that was broken off is made anew.
  const whole = join(home, 'is-whole');
  if (existsSync(whole)) return programs;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  try {
    const run = promisify(execFile);
    await run('python3', ['-m', 'venv', home], { timeout: PATIENCE_MS });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run(join(programs, 'python'), [...pip, '--retries', '1', ...PACKAGES], { timeout: PATIENCE_MS });
    writeFileSync(whole, '');
    return programs;
  } catch (failure) {
    const why = failure instanceof Error ? failure.message.split('\n')[0]! : String(failure);
    process.stderr.write(`cli: memray cannot be installed here, so no real program is recorded: ${why}\n`);
    return null;
  }
}
