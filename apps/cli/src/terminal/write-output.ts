/**
 * The ways out: what a command answers goes to standard output, or through the user's pager where that is a terminal too
 * small for it; what it complains of goes to standard error.
 */
import { hasRounded, markRounded, ROUNDED_SUMS, writeCsv, type CsvTable, type DocumentName } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import type { Host } from '../host.js';
import { choosePager, isLongerThanScreen, USUAL_PAGER } from './pager.js';

const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** Resolves when the text was shown, or handed to the system, so that the process may end. `pager` false: plainly. */
export async function writeOutput(host: Host, text: string, { pager }: { readonly pager: boolean }): Promise<void> {
  if (text === '') return;
  const { stdout } = host;
  if (pager && stdout.isTTY === true) {
    const command = choosePager(host.env);
    // A terminal of unknown size says 0.
    const long = isLongerThanScreen(text, stdout.columns || USUAL_COLUMNS, stdout.rows || USUAL_ROWS);
    if (command !== null && long) {
      if (await host.showInPager(text, command)) return;
      if (command !== USUAL_PAGER) {
        complain(host, `warning: the pager ${printable(command)} could not be started`);
      }
    }
  }
  await new Promise<void>((resolve, reject) => {
    stdout.write(text, (error) => {
      // Whoever reads no further (`| head`) has what he wants; the command's exit code stands.
      if (error && !isClosedPipe(error)) reject(error);
      else resolve();
    });
  });
}

export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** Rows for spreadsheets; what cannot be said in them is said to who runs it. */
export function printCsv(table: CsvTable, host: Host): string {
  if (hasRounded(table.rows)) complain(host, `warning: ${ROUNDED_SUMS}`);
  return writeCsv(table);
}

/** `line` must be printable. */
export function complain(host: Host, line: string): void {
  host.stderr.write(`memscope: ${line}\n`);
}

/** A document as indented text without a line end; characters that a terminal could take for commands are escaped. */
export function writeJson(document: { readonly schema: DocumentName }): string {
  return JSON.stringify(markRounded(document), null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
