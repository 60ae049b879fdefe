/**
 * Says on standard error which modules of native code have frames without names, and why: a line each for the few with
 * the most such frames, and where to read on. A capture that is analysed where it was not made easily has dozens.
 */
import { countNoun, formatCount, type CaptureNotes, type CaptureRow, type ModuleSymbols } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import type { Host } from '../host.js';
import { captureName } from '../terminal/capture-name.js';
import { shortenEnd, shortenMiddle } from '../terminal/display-width.js';
import { complain } from '../terminal/write-output.js';

/** Modules that get a line of their own. */
const MOST_LINES = 3;
const NAME_WIDTH = 60;
const REASON_WIDTH = 200;

export function warnSymbols(
  { capture, notes }: { readonly capture: CaptureRow; readonly notes: CaptureNotes },
  host: Host,
): void {
  if (notes.symbols === null) return;
  const { modules, warnings } = notes.symbols;
  const name = captureName(capture.path);
  for (const warning of warnings.slice(0, MOST_LINES)) {
    complain(host, `warning: ${name}: ${shortenEnd(printable(warning), REASON_WIDTH)}`);
  }
  const troubled = modules.filter(isTroubled).sort((a, b) => unnamed(b) - unnamed(a));
  for (const module of troubled.slice(0, MOST_LINES)) complain(host, `warning: ${name}: ${describeTrouble(module)}`);
  if (troubled.length === 0) return;
  const others = troubled.length - MOST_LINES;
  const path = capture.path === '-' ? 'CAPTURE' : printable(capture.path);
  const more = others > 0 ? `… and ${formatCount(others)} more; ` : '';
  complain(host, `warning: ${more}what gives them names: memscope symbols list ${path}`);
}

/** Whether something kept frames of the module from being named. */
export function isTroubled(module: ModuleSymbols): boolean {
  return module.warning !== null || (module.status !== 'found' && unnamed(module) > 0);
}

function unnamed({ positions, resolved }: ModuleSymbols): number {
  return Math.max(0, positions - resolved);
}

function describeTrouble(module: ModuleSymbols): string {
  const frames = unnamed(module);
  const name = shortenMiddle(printable(module.name), NAME_WIDTH);
  const what = frames === 0 ? name : `${name}: ${countNoun(frames, 'frame has', 'frames have')} no name`;
  const why = module.warning ?? module.reason;
  return why === null ? what : `${what}: ${shortenEnd(printable(why), REASON_WIDTH)}`;
}
