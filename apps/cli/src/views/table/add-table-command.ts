/** `memscope table` on the command line. */
import { InvalidArgumentError, Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import type { OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { CAPTURES_PARAMETER, viewOptions, viewFlags, type RawViewFlags } from '../view-options.js';
import { GROUPINGS, SORTS, type Grouping, type Sort } from '@memscope/model/view/groupings';

interface RawTableFlags extends RawViewFlags {
  readonly by: Grouping;
  readonly sort?: Sort;
}

const TABLE_OPTIONS: OptionGroup = {
  heading: 'Table:',
  options: () => [
    new Option('--by <grouping>', 'what a row is').choices(GROUPINGS).default('function'),
    new Option(
      '--sort <sort>',
      'functions, locations and modules by what they allocated themselves, or with all they called; owners by the most ' +
        'that each held at once (default: self)',
    )
      .choices(SORTS)
      .argParser(readSort),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --by owner --sort own-peak`,
    remark: 'what each function held at most, whenever',
  }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'rows at the most (default: 20; with --json or --csv: all)',
  schema: 'memscope.table/1',
  csv: 'print the rows as CSV',
});

/** `total` is what `inclusive` was called, and is a measure besides. */
function readSort(text: string): Sort {
  const sort = SORTS.find((each) => each === (text === 'total' ? 'inclusive' : text));
  if (sort === undefined) throw new InvalidArgumentError(`Allowed choices are ${SORTS.join(', ')}.`);
  return sort;
}

export const addTableCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('table').argument(...CAPTURES_PARAMETER);
  equipCommand(
    command,
    {
      description:
        'Rank functions, locations, modules, owners, libraries, sites, threads or allocators by what they allocated.',
      remarks: TABLE_REMARKS,
      examples: [{ line: 'memscope table capture.bin', remark: 'functions by peak' }],
    },
    viewOptions('table', OUTPUT_OPTIONS, { groupings: GROUPINGS, own: [TABLE_OPTIONS] }),
  ).action(async (captures: readonly string[], raw: RawTableFlags) => {
    const [{ runView }, { tableView }] = await Promise.all([import('../run-view.js'), import('./table-view.js')]);
    const flags = { ...viewFlags(raw), by: raw.by, sort: raw.sort ?? null };
    setCode(await runView(captures, flags, host, tableView(flags)));
  });
};

const TABLE_REMARKS = `A location is a function at a line. A site is a thread, an allocator and a whole
stack; its row shows the innermost frame, and on wide terminals its caller. An
owner is the function of the innermost Python frame, comprehensions within it
included; the arenas that Python keeps small objects in are one, whoever needed
them. Its own peak is the most it held at once, whenever that was; a filter or a
window does not change it. A library, and its category, owns the memory of a
site: it is the innermost one on the stack that does not work for its callers,
as the C library, the interpreter and the standard library do. The filter
owner:NAME picks the memory of an owner, a library or a category.`;
