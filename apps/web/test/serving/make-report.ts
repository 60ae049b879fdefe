/** The built command line as a process of its own: `memscope report` of a capture, in a folder that goes with it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { buildCapture, findCapture } from '@memscope/fixtures';

const cli = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

export interface MadeReport {
  /** `file:` */
  readonly address: string;
  readonly path: string;
  readonly bytes: number;
  close(): void;
}

/** Of a capture of the fixtures by its name, or of one in the capture language. */
export function makeReport(capture: string | { readonly text: string }, ...options: readonly string[]): MadeReport {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-report-'));
  const file = join(folder, typeof capture === 'string' ? `${capture}.bin` : 'built.bin');
  if (typeof capture === 'string') copyFileSync(findCapture(capture).path, file);
  else writeFileSync(file, buildCapture(capture.text));
  const path = `${file}.report.html`;
  const command = [cli, 'report', file, '-o', path, ...options];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`memscope report ended with ${status}: ${stderr}`);
  return {
    path,
    address: pathToFileURL(path).href,
    bytes: statSync(path).size,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
