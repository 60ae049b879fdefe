/**
 * Addresses in one module's file → frames: through a symbolizer where the file or its debug file has debug sections,
 * else, and for what these leave open, from symbol tables.
 */
import { FRAME_SOURCES } from '@memscope/model';
import { demangle } from './demangle/demangle.js';
import { ElfFile } from './elf-file.js';
import type { FoundModule } from './find-module.js';
import { FrameColumnsBuilder, FROM_DEBUG, type FrameColumns } from './frame-columns.js';
import { findSymbol, readBestName, readSymbolTable, type SymbolTable } from './symbol-table.js';
import type { Symbolizer } from './symbolizer/find-symbolizer.js';
import { runSymbolizer, type RunOptions } from './symbolizer/run-symbolizer.js';
import type { AnsweredFrame } from './symbolizer/symbolizer-answers.js';
import { reasonOf } from './symbols-error.js';

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
    for (const [row, address] of addresses.entries()) {
      addFrames(builder, answers[row] ?? [], () => names.nameAt(address));
    }
  } finally {
    names.close();
  }
  return { frames: builder.finish(), warning: warning ?? names.fault };
}

interface TableName {
  readonly functionName: string;
  readonly source: number;
}

function addFrames(
  builder: FrameColumnsBuilder,
  answer: readonly AnsweredFrame[],
  nameAt: () => TableName | null,
): void {
  // A lone name without a place is from a symbol table, which we read ourselves to know which.
  const isFromDebug = answer.length > 1 || (answer[0] !== undefined && answer[0].file !== null);
  if (!isFromDebug) {
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

/** Names by address from the symbol tables of a module and its debug file, opened when first needed. */
class FunctionNames {
  fault: string | null = null;
  readonly #module: FoundModule;
  readonly #demangled = new Map<number, string>();
  #elf: ElfFile | null = null;
  #table: SymbolTable | null | undefined;

  constructor(module: FoundModule) {
    this.#module = module;
  }

  nameAt(address: number): TableName | null {
    try {
      if (this.#table === undefined) this.#open();
      if (!this.#table || !this.#elf) return null;
      const row = findSymbol(this.#table, address);
      if (row < 0) return null;
      let functionName = this.#demangled.get(row);
      if (functionName === undefined) {
        functionName = demangle(readBestName(this.#elf, this.#table, row));
        this.#demangled.set(row, functionName);
      }
      return functionName === '' ? null : { functionName, source: FRAME_SOURCES.indexOf(this.#table.source) };
    } catch (fault) {
      this.fault ??= reasonOf(fault);
      return null;
    }
  }

  close(): void {
    this.#elf?.close();
  }

  /** A debug file's own table is whole, the module's may hold only what it exports. */
  #open(): void {
    this.#table = null;
    const { path, debugPath } = this.#module;
    for (const candidate of debugPath === path ? [path] : [debugPath, path]) {
      if (candidate === null) continue;
      let elf: ElfFile | null = null;
      try {
        elf = ElfFile.open(candidate);
        const table = readSymbolTable(elf);
        if (table !== null) {
          this.#elf = elf;
          this.#table = table;
          return;
        }
      } catch (fault) {
        this.fault ??= reasonOf(fault);
      }
      elf?.close();
    }
  }
}
