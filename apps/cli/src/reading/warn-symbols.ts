/**
 * Says on standard error, when a capture is read, how many frames of native code have no names, and why most of them have
 * none; `memscope symbols list` has the reasons of each module. A capture that is analysed where it was not made easily
 * has dozens.
 */
import {
  countNoun,
  formatCount,
  type CaptureNotes,
  type CaptureRow,
  type ModuleSymbols,
  type SymbolNotes,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import type { Host } from '../host.js';
import { captureName } from '../terminal/capture-name.js';
import { shortenEnd, shortenMiddle } from '../terminal/display-width.js';
import { complain } from '../terminal/write-output.js';

/** What kept all modules from having names gets a line of its own, up to so many. */
const MOST_LINES = 3;
const NAME_WIDTH = 60;
const REASON_WIDTH = 200;

export function warnSymbols(
  { capture, notes }: { readonly capture: CaptureRow; readonly notes: CaptureNotes },
  host: Host,
): void {
  if (notes.symbols === null) return;
  const name = captureName(capture.path);
  for (const warning of notes.symbols.warnings.slice(0, MOST_LINES)) {
    complain(host, `warning: ${name}: ${shortenEnd(printable(warning), REASON_WIDTH)}`);
  }
  const told = tellUnnamed(notes.symbols);
  if (told === null) return;
  const path = capture.path === '-' ? 'CAPTURE' : printable(capture.path);
  complain(host, `warning: ${name}: ${told}; memscope symbols list ${path} says more`);
}

/** Whether something kept frames of the module from being named. */
export function isTroubled(module: ModuleSymbols): boolean {
  return module.warning !== null || (module.status !== 'found' && unnamed(module) > 0);
}

function unnamed({ positions, resolved }: ModuleSymbols): number {
  return Math.max(0, positions - resolved);
}

const TROUBLES = ['mismatch', 'missing', 'unreadable', 'warning'] as const;
type Trouble = (typeof TROUBLES)[number];

/** Of one module, then of several. */
const WORDS: Readonly<Record<Exclude<Trouble, 'warning'>, readonly [one: string, several: string]>> = {
  mismatch: ["is another file than the recording's", "are other files than the recording's"],
  missing: ['is not here', 'are not here'],
  unreadable: ['cannot be read', 'cannot be read'],
};

/** Null where every frame that could have a name has one. */
function tellUnnamed({ modules }: SymbolNotes): string | null {
  const troubled = modules.filter(isTroubled).sort((a, b) => unnamed(b) - unnamed(a));
  if (troubled.length === 0) return null;
  const sum = (of: (module: ModuleSymbols) => number): number => modules.reduce((all, module) => all + of(module), 0);
  const [frames, without] = [sum(({ positions }) => positions), sum(unnamed)];
  const groups = TROUBLES.map((trouble) => troubled.filter((module) => troubleOf(module) === trouble))
    .filter((group) => group.length > 0)
    .sort((a, b) => unnamed(b[0]!) - unnamed(a[0]!));
  const why = groups.map(describeGroup).join('; ');
  if (without === 0) return why;
  return `${formatCount(without)} of ${countNoun(frames, 'frame')} of native code ${without === 1 ? 'has' : 'have'} no name: ${why}`;
}

function troubleOf({ status, warning }: ModuleSymbols): Trouble {
  return status === 'found' || warning !== null ? 'warning' : status;
}

/** The module with the most such frames stands for its group. */
function describeGroup(group: readonly ModuleSymbols[]): string {
  const [module] = group;
  const name = shortenMiddle(printable(module!.name), NAME_WIDTH);
  const others = group.length - 1;
  const names = others === 0 ? name : `${name} and ${countNoun(others, 'other')}`;
  const trouble = troubleOf(module!);
  if (trouble === 'warning') return `${names}: ${shortenEnd(printable(module!.warning ?? ''), REASON_WIDTH)}`;
  return `${names} ${WORDS[trouble][others === 0 ? 0 : 1]}`;
}
