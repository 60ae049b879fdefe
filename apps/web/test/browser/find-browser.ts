/**
 * A browser of Debian's packages, where it is, or the one that the user named. Where there is none, and the test runs as root
 * with apt, it is installed; else the tests that need it say what to install and are skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface WantedBrowser {
  /** Names another one. */
  readonly variable: string;
  readonly places: readonly string[];
  readonly package: string;
}

/** Null where there is none. */
export function findBrowser({ variable, places }: WantedBrowser): string | null {
  const named = process.env[variable];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return places.find((path) => existsSync(path)) ?? null;
}

/** Tries to install it where that is possible without asking anybody; null where it is still not there. */
export function findOrInstallBrowser(wanted: WantedBrowser): string | null {
  const found = findBrowser(wanted);
  if (found !== null || process.env[wanted.variable]) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const options = {
      stdio: 'ignore',
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    spawnSync('apt-get', ['update', '-q'], options);
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', wanted.package], options);
  }
  return findBrowser(wanted);
}
