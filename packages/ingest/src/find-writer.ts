/**
 * A file → the process that has it open for writing. Only Linux tells, and only of processes that one may look at; a
 * process in a container is found, too, whatever number and path it knows itself and the file by.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Profilers write all the time: whoever has not for so long need not be looked for among all processes. */
const RECENT_MS = 600_000;
/** O_WRONLY | O_RDWR. */
const WRITES = 3;

export interface WrittenFile {
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
}

/** `likely` is looked at first. Null where there is none, or nothing tells. */
export function findWriter(file: WrittenFile, likely: number): number | null {
  if (likely > 0 && hasOpen(likely, file)) return likely;
  if (Date.now() - file.mtimeMs > RECENT_MS) return null;
  for (const pid of namesIn('/proc')) {
    if (/^\d+$/.test(pid) && Number(pid) !== process.pid && hasOpen(Number(pid), file)) return Number(pid);
  }
  return null;
}

function hasOpen(pid: number, file: WrittenFile): boolean {
  return namesIn(`/proc/${pid}/fd`).some((descriptor) => {
    try {
      const { dev, ino } = statSync(`/proc/${pid}/fd/${descriptor}`);
      if (dev !== file.dev || ino !== file.ino) return false;
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'latin1'));
      return flags !== null && (Number.parseInt(flags[1]!, 8) & WRITES) !== 0;
    } catch {
      // Closed in the meantime.
      return false;
    }
  });
}

/** None of a folder that is not there, or not ours to look into. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
