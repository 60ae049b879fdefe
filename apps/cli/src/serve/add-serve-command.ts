/** `memscope serve` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import { collect, wholeNumber, type OptionGroup } from '../options/option-group.js';
import { HISTORY_NAME } from '../history/history-options.js';
import { PASS_OPTIONS, readingFlags, type RawReadingFlags } from '../options/reading-options.js';
import { RULES_OPTION } from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { namedSides, SHOWN_OPTIONS, type NamedSides } from '../views/view-options.js';

interface RawServeFlags extends RawReadingFlags {
  readonly rules?: string;
  readonly port?: number;
  readonly host?: string;
  readonly open?: boolean;
  readonly source?: readonly string[];
  readonly together?: boolean;
  readonly diff?: boolean;
  readonly base?: readonly string[];
  readonly history?: string;
  readonly uploads?: string;
}

const SERVE_OPTIONS: OptionGroup = {
  heading: 'Server:',
  options: () => [
    new Option('--port <number>', 'port to listen on; 0: any that is free (default: 0)').argParser(
      wholeNumber(0, 65_535),
    ),
    new Option('--host <address>', 'address to listen on (default: 127.0.0.1); another one needs the printed token'),
    new Option('--source <folder>', 'where source files may be read and shown; repeatable (default: none)').argParser(
      collect,
    ),
    RULES_OPTION(),
    new Option(
      '--history <file>',
      `a history, for the view of its trend (default: ${HISTORY_NAME}, here or in a folder that is served)`,
    ),
    new Option(
      '--uploads <folder>',
      'where captures are kept that are dropped on the page (default: deleted at the end; with --host none are taken)',
    ),
    new Option('--open', 'open the page in your browser'),
  ],
  example: (command) => ({ line: `memscope ${command} capture.bin --open`, remark: 'at once in your browser' }),
};

const REMARKS = `Captures without a profile are read first; the page shows how far that is.
Folders are watched: captures that come later appear in the page, as do those
that are dropped on it, with their symbol bundles. Only this machine can reach
the page, unless --host names another address; then the printed address holds a
token, and who has it sees everything that is served.
Ctrl-C ends it. Of a history each point opens its run, where that is served.`;

export const addServeCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('serve')
    .argument('[captures...]', 'captures, profiles and folders (default: this folder)');
  equipCommand(
    command,
    {
      description: 'Serve a page to browse captures: timelines, flame graphs, tables, leaks.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope serve capture.bin', remark: 'prints the address to open' },
        { line: 'memscope serve captures/', remark: 'a folder, with what comes later' },
        { line: 'memscope serve --diff before.bin after.bin', remark: 'opens with both sides' },
      ],
    },
    [SHOWN_OPTIONS, SERVE_OPTIONS, PASS_OPTIONS, SYMBOL_OPTIONS],
  ).action(async (paths: string[], raw: RawServeFlags) => {
    const { port = 0, host: address = '127.0.0.1', open = false, source = [], rules = null } = raw;
    const shown = shownSides(paths, raw);
    const { runServe } = await import('./serve-command.js');
    const flags = {
      port,
      address,
      open,
      source,
      rules,
      history: raw.history ?? null,
      uploads: raw.uploads ?? null,
      reading: readingFlags(raw),
    };
    setCode(await runServe(shown, flags, host));
  });
};

/** Null: nothing is said of what is shown first. */
function shownSides(paths: readonly string[], raw: RawServeFlags): NamedSides & { readonly isChosen: boolean } {
  const { together = false, diff = false, base = [] } = raw;
  const sides = namedSides(paths, { diff, base });
  const isChosen = together || sides.base.length > 0;
  return { ...sides, head: sides.head.length > 0 ? sides.head : ['.'], isChosen };
}
