/**
 * Says on standard error, when a capture is read, what kept native code from having names, and of how many frames that
 * is; `memscope symbols list` has the reasons of each module. A capture that is analysed where it was not made easily has
 * dozens.
 */
import {
  countNoun,
  formatCount,
  quotePath,
  type CaptureNotes,
  type CaptureRow,
  type ModuleSymbols,
  type SymbolNotes,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import type { Host } from '../host.js';
import { captureName } from '../terminal/capture-name.js';
import { shortenEnd } from '../terminal/display-width.js';
import { complain } from '../terminal/write-output.js';

/** What kept all modules from having names gets a line of its own, up to so many. */
const MOST_LINES = 3;
const REASON_WIDTH = 200;

/** `isShown`: what is printed says how many have none. */
export function warnSymbols(
  { capture, notes }: { readonly capture: CaptureRow; readonly notes: CaptureNotes },
  host: Host,
  isShown = false,
): void {
  if (notes.symbols === null) return;
  const name = captureName(capture.path);
  for (const warning of notes.symbols.warnings.slice(0, MOST_LINES)) {
    complain(host, `warning: ${name}: ${shortenEnd(printable(warning), REASON_WIDTH)}`);
  }
  const { frames, without } = countUnnamed(notes.symbols);
  if (isShown || without === 0) return;
  const path = capture.path === '-' ? 'CAPTURE' : printable(quotePath(capture.path));
  complain(
    host,
    `warning: ${name}: ${formatCount(without)} of ${countNoun(frames, 'frame')} of native code ` +
      `${without === 1 ? 'has' : 'have'} no name: memscope symbols list ${path} says why`,
  );
}

/** Whether something kept frames of the module from being named. */
export function isTroubled(module: ModuleSymbols): boolean {
  return module.warning !== null || (module.status !== 'found' && unnamed(module) > 0);
}

/** Of all frames of native code those without a name; none where no module is at fault. */
export function countUnnamed({ modules }: SymbolNotes): { readonly frames: number; readonly without: number } {
  const sum = (of: (module: ModuleSymbols) => number): number => modules.reduce((all, module) => all + of(module), 0);
  return { frames: sum(({ positions }) => positions), without: modules.some(isTroubled) ? sum(unnamed) : 0 };
}

function unnamed({ positions, resolved }: ModuleSymbols): number {
  return Math.max(0, positions - resolved);
}
