/** Whether a Python has memray, and the plugin of its tests: asked of the interpreter itself, which knows its environment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';
import type { RecordedProgram } from './recorded-program.js';

export interface InstalledMemray {
  readonly hasPlugin: boolean;
}

const QUESTION = `
import importlib.util, sys
print(*(int(importlib.util.find_spec(each) is not None) for each in ("memray", "pytest_memray")))
`;
/** The first start of an interpreter from a cold disk takes seconds. */
const PATIENCE_MS = 60_000;

/** Throws `UsageError` where there is no such Python, or it has no memray: how to get it. */
export async function installedMemray(
  { python, pythonOptions }: RecordedProgram,
  signal: AbortSignal,
): Promise<InstalledMemray> {
  const name = printable(python);
  let answer: string;
  try {
    const options = { signal, timeout: PATIENCE_MS, encoding: 'utf8' } as const;
    ({ stdout: answer } = await promisify(execFile)(python, [...pythonOptions, '-c', QUESTION], options));
  } catch (cause) {
    if (signal.aborted) throw cause;
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isMissing ? 'there is no such program' : firstLine(cause);
    throw new UsageError(
      `run: ${name}: ${why}; name the Python of your program, as in \`-- .venv/bin/python app.py\``,
      {
        cause,
      },
    );
  }
  const [hasMemray, hasPlugin] = answer.trim().split(/\s+/).slice(-2);
  if (hasMemray !== '1') throw new UsageError(`run: ${name} has no memray: ${name} -m pip install memray`);
  return { hasPlugin: hasPlugin === '1' };
}

function firstLine(cause: unknown): string {
  const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
  return printable((said === '' ? String(cause) : said).split('\n')[0]!);
}
