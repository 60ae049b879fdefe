/**
 * What is known of the modules of native code, as lines (symbol-lines.ts), as the document `memscope.symbols/1`
 * or as CSV. Modules with the most frames come first.
 */
import type { ModuleSymbols, SymbolNotes, SymbolsDocument } from '@memscope/model';

import { memscopeVersion } from '../beside-program.js';
import type { Rendering } from '../views/run-view.js';
import { drawModules } from './symbol-lines.js';

export interface SymbolsAnswer {
  /** Of the capture. */
  readonly path: string;
  readonly symbols: SymbolNotes;
}

export const SYMBOL_LIST: Rendering<SymbolsAnswer> = {
  defaultCount: Number.MAX_SAFE_INTEGER,
  lines: ({ path, symbols }, style) => drawModules(path, symbols, orderModules(symbols), style),
  document: ({ path, symbols }, count): SymbolsDocument => ({
    schema: 'memscope.symbols/1',
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
function describeModule(module: ModuleSymbols): SymbolsDocument['modules'][number] {
  const { name, path, buildId, positions, resolved, status, from, reason, warning } = module;
  return { name, path, buildId, frames: positions, named: resolved, status, from, reason, warning };
}
