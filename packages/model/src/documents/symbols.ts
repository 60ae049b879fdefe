/** What `memscope symbols list --json` prints: what is known of the modules of native code. */
import { MODULE_STATUSES, SYMBOL_ORIGINS } from '../symbol-notes.js';
import { captureOfView } from './common-parts.js';
import { document, listOf, oneOf, orNull, record, text, whole, type Declared } from './vocabulary.js';

const joined = record(
  {
    asMemray: whole("Python frames in the places of the interpreter's evaluation loops."),
    byModule: whole("Native frames down to the interpreter's own module, on top of the Python stack."),
    pythonOnly: whole('The Python stack alone.'),
  },
  'Allocation sites by how their Python and native stacks were joined.',
);

const moduleSymbols = record({
  name: text(),
  path: text('As the capture names it.'),
  buildId: orNull(text()),
  frames: whole('Distinct return addresses in it.'),
  named: whole('Those that got a name.'),
  status: oneOf(MODULE_STATUSES, 'mismatch: another file stands at its path; unreadable: no ELF file, or no access.'),
  from: oneOf(SYMBOL_ORIGINS, 'Where names were taken from.'),
  reason: orNull(text('Why its file is missing or does not fit.')),
  warning: orNull(text('What went wrong on the way.')),
});

export const SymbolsDocument = document('symbols', 'What `memscope symbols list --json` prints.', {
  capture: captureOfView,
  symbolizer: orNull(text('The program that read debug sections, with its version; null without any.')),
  joined,
  warnings: listOf(text()),
  moduleCount: whole('Modules there are; `modules` holds no more than were asked for.'),
  modules: listOf(moduleSymbols, 'Those with the most frames first.'),
});
export type SymbolsDocument = Declared<typeof SymbolsDocument>;
