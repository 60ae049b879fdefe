/** `memscope callers` and `memscope callees` on the command line. */
import { equipCommand, type AddCommand } from '../../command.js';
import type { OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { maxDepthOption, thresholdOption } from '../tree/add-tree-command.js';
import {
  FUNCTION_REMARKS,
  splitFunction,
  viewFlags,
  viewOptions,
  withFunctionParameters,
  type RawViewFlags,
} from '../view-options.js';
import type { SandwichSide } from './sandwich-view.js';

interface RawSandwichFlags extends RawViewFlags {
  readonly maxDepth?: number;
  readonly threshold?: number;
}

const SHAPE_OPTIONS: OptionGroup = {
  heading: 'Tree:',
  options: () => [maxDepthOption(), thresholdOption('fold what holds less of the functions (default: 1%)')],
  example: (command) => ({
    line: `memscope ${command} capture.bin --max-depth 3`,
    remark: 'only the nearest',
  }),
};

const SIDES = [
  {
    side: 'callers',
    description: 'Show who called a function, and how much was allocated in it and below on behalf of each.',
    remark: 'who calls load?',
  },
  {
    side: 'callees',
    description: 'Show what a function called, and how much was allocated there.',
    remark: 'what does load call?',
  },
] as const satisfies readonly { side: SandwichSide; description: string; remark: string }[];

export const addSandwichCommands: AddCommand = (program, host, setCode) => {
  for (const { side, description, remark } of SIDES) {
    equipCommand(
      withFunctionParameters(program.command(side)),
      {
        description,
        remarks: FUNCTION_REMARKS,
        furtherParameter: 'load',
        examples: [
          { line: `memscope ${side} capture.bin load`, remark },
          { line: `memscope ${side} capture.bin '/^(load|parse)_/'`, remark: '' },
        ],
      },
      viewOptions(
        side,
        outputOptions({
          count: 'nodes at the most, the heaviest (default: 60; with --json or --csv: all)',
          schema: `memscope.${side}/1`,
          csv: 'print a row for each node',
        }),
        { own: [SHAPE_OPTIONS] },
      ),
    ).action(async (capture: string, rest: readonly string[], raw: RawSandwichFlags) => {
      const [{ runView }, { sandwichView }, { DEFAULT_THRESHOLD }] = await Promise.all([
        import('../run-view.js'),
        import('./sandwich-view.js'),
        import('../tree/tree-view.js'),
      ]);
      const flags = {
        ...viewFlags(raw),
        maxDepth: raw.maxDepth ?? null,
        threshold: raw.threshold ?? DEFAULT_THRESHOLD,
      };
      const { captures, name } = splitFunction(capture, rest);
      setCode(await runView(captures, flags, host, sandwichView(side, name, flags)));
    });
  }
};
