/** `memscope filters`: the filter language and windows of time, explained where they are used. */
import { equipCommand, type AddCommand } from '../command.js';
import { EXIT } from '../exit-code.js';

export const addFiltersCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('filters');
  equipCommand(command, {
    description: 'Explain what --filter and --window take.',
    examples: [{ line: 'memscope filters', remark: '' }],
  }).action(async () => {
    const { explainFilters } = await import('./explain-filters.js');
    await explainFilters(host);
    setCode(EXIT.fine);
  });
};
