/**
 * Addresses in one module's file → frames: through a symbolizer where the file or its debug file has debug sections,
 * else, and for what these leave open, from symbol tables.
 */
import { demangle } from './demangle/demangle.js';
import type { FoundModule } from './find-module.js';
import { FrameColumnsBuilder, FROM_DEBUG, type FrameColumns } from './frame-columns.js';
import { FunctionNames, type TableName } from './function-names.js';
import type { Symbolizer } from './symbolizer/find-symbolizer.js';
import { runSymbolizer, type RunOptions } from './symbolizer/run-symbolizer.js';
import type { AnsweredFrame } from './symbolizer/symbolizer-answers.js';

export interface ModuleResolution {
  readonly frames: FrameColumns;
  /** What kept frames from being resolved; null when nothing did. */
  readonly warning: string | null;
}

/** `addresses` are sorted and distinct. Throws only the signal's reason. */
export async function resolveModule(
  module: FoundModule,
  addresses: Float64Array,
  symbolizer: Symbolizer | null,
  options: RunOptions,
): Promise<ModuleResolution> {
  const { debugPath } = module;
  let answers: readonly (readonly AnsweredFrame[])[] = [];
  let warning: string | null = null;
  if (symbolizer !== null && debugPath !== null) {
    const run = await runSymbolizer(symbolizer, debugPath, addresses, options);
    answers = run.answers;
    if (run.fault !== null) warning = `${symbolizer.kind} ${run.fault}`;
  }
  const names = new FunctionNames(module);
  const builder = new FrameColumnsBuilder();
  try {
    // Tables are large: they are read only where they are needed.
    if (Array.from(addresses, (_, row) => answers[row] ?? []).some(needsTable)) await names.open();
    for (const [row, address] of addresses.entries()) {
      addFrames(builder, answers[row] ?? [], () => names.nameAt(address));
    }
  } finally {
    names.close();
  }
  return { frames: builder.finish(), warning: warning ?? names.fault };
}

/** A lone name without a place is from a symbol table, which we read ourselves to know which. */
function isFromDebug(answer: readonly AnsweredFrame[]): boolean {
  return answer.length > 1 || (answer[0] !== undefined && answer[0].file !== null);
}

function needsTable(answer: readonly AnsweredFrame[]): boolean {
  return !isFromDebug(answer) || answer.at(-1)?.functionName === null;
}

function addFrames(
  builder: FrameColumnsBuilder,
  answer: readonly AnsweredFrame[],
  nameAt: () => TableName | null,
): void {
  if (!isFromDebug(answer)) {
    const name = nameAt();
    if (name !== null) builder.add(name.functionName, null, 0, name.source);
    builder.end();
    return;
  }
  for (const [depth, { functionName, file, line }] of answer.entries()) {
    const isOutermost = depth === answer.length - 1;
    const name = functionName === null && isOutermost ? (nameAt()?.functionName ?? null) : functionName;
    builder.add(name === null ? null : demangle(name), file, line, FROM_DEBUG);
  }
  builder.end();
}
