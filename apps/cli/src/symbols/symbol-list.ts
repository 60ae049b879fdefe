/**
 * What is known of the modules of native code, as lines (symbol-lines.ts), as the document `memscope.symbols/1`
 * (schema/symbols-1.schema.json), or as CSV. Modules with the most frames come first.
 */
import type { ModuleSymbols, SymbolNotes } from '@memscope/model';

import { memscopeVersion } from '../memscope-version.js';
import type { Rendering } from '../views/run-view.js';
import { drawModules } from './symbol-lines.js';

export const SYMBOLS_SCHEMA = 'memscope.symbols/1';

export interface SymbolsAnswer {
  /** Of the capture. */
  readonly path: string;
  readonly symbols: SymbolNotes;
}

export const SYMBOL_LIST: Rendering<SymbolsAnswer> = {
  defaultCount: Number.MAX_SAFE_INTEGER,
  lines: ({ path, symbols }, style) => drawModules(path, symbols, orderModules(symbols), style),
  document: ({ path, symbols }, count) => ({
    schema: SYMBOLS_SCHEMA,
    memscopeVersion: memscopeVersion(),
    capture: { path },
    symbolizer: symbols.symbolizer,
    joined: { ...symbols.joined },
    warnings: symbols.warnings,
    moduleCount: symbols.modules.length,
    modules: orderModules(symbols)
      .slice(0, count ?? Infinity)
      .map(describeModule),
  }),
  table: ({ symbols }, count) => ({
    columns: ['name', 'path', 'build_id', 'frames', 'named', 'status', 'from', 'reason', 'warning'],
    rows: orderModules(symbols)
      .slice(0, count ?? Infinity)
      .map((module) => Object.values(describeModule(module))),
  }),
};

function orderModules({ modules }: SymbolNotes): ModuleSymbols[] {
  return modules.toSorted((a, b) => b.positions - a.positions);
}

/** Keys in the order of the columns of the CSV. */
function describeModule(module: ModuleSymbols): Readonly<Record<string, string | number | null>> {
  const { name, path, buildId, positions, resolved, status, from, reason, warning } = module;
  return { name, path, buildId, frames: positions, named: resolved, status, from, reason, warning };
}
