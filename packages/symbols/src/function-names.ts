/**
 * Names by address from the symbol tables of a module: the whole table of its debug file or of itself, else what it
 * exports together with its MiniDebugInfo.
 */
import { FRAME_SOURCES } from '@memscope/model';
import { demangle } from './demangle/demangle.js';
import { ElfFile } from './elf-file.js';
import type { FoundModule } from './find-module.js';
import { openMiniDebugFile } from './mini-debug-file.js';
import { findSymbol, readBestName, readSymbolTable, type SymbolTable } from './symbol-table.js';
import { reasonOf } from './symbols-error.js';

export interface TableName {
  readonly functionName: string;
  /** Index into `FRAME_SOURCES`. */
  readonly source: number;
}

interface OpenTable {
  readonly elf: ElfFile;
  readonly table: SymbolTable;
  /** By row. */
  readonly demangled: Map<number, string>;
}

/** Open it before use and close it afterwards. */
export class FunctionNames {
  /** The first thing that kept names from being found. */
  fault: string | null = null;
  readonly #module: FoundModule;
  readonly #tables: OpenTable[] = [];

  constructor(module: FoundModule) {
    this.#module = module;
  }

  /** Throws nothing: see `fault`. */
  async open(): Promise<void> {
    const { path, debugPath } = this.#module;
    for (const candidate of debugPath === path ? [path] : [debugPath, path]) {
      if (candidate !== null) await this.#try(() => this.#add(ElfFile.open(candidate)));
      // A debug file's own table is whole, the module's may hold only what it exports.
      if (this.#tables.length > 0) return;
    }
  }

  nameAt(address: number): TableName | null {
    try {
      let best: OpenTable | null = null;
      let row = -1;
      for (const each of this.#tables) {
        const found = findSymbol(each.table, address);
        // Where a table does not know where a function ends, another may know the one that stands behind it.
        if (found < 0 || (best !== null && each.table.address[found]! <= best.table.address[row]!)) continue;
        best = each;
        row = found;
      }
      if (best === null) return null;
      let functionName = best.demangled.get(row);
      if (functionName === undefined) {
        functionName = demangle(readBestName(best.elf, best.table, row));
        best.demangled.set(row, functionName);
      }
      return functionName === '' ? null : { functionName, source: FRAME_SOURCES.indexOf(best.table.source) };
    } catch (fault) {
      this.fault ??= reasonOf(fault);
      return null;
    }
  }

  close(): void {
    for (const { elf } of this.#tables) elf.close();
  }

  async #add(elf: ElfFile): Promise<void> {
    let table: SymbolTable | null = null;
    try {
      table = readSymbolTable(elf);
      if (table?.source !== 'symtab') await this.#try(() => this.#addMiniDebugFile(elf));
    } finally {
      if (table === null) elf.close();
      else this.#tables.push({ elf, table, demangled: new Map() });
    }
  }

  async #addMiniDebugFile(module: ElfFile): Promise<void> {
    const elf = await openMiniDebugFile(module);
    const table = elf && readSymbolTable(elf);
    if (elf !== null && table !== null) this.#tables.push({ elf, table, demangled: new Map() });
    else elf?.close();
  }

  async #try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (fault) {
      this.fault ??= reasonOf(fault);
    }
  }
}
