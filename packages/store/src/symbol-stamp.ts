/** How the native frames of a profile were named: digests, so that it can be told whether other options would differ. */
import { SYMBOL_BUNDLE_KEY, SYMBOL_OPTIONS_KEY } from './schema.js';

export interface SymbolStamp {
  /** Digest of the options. */
  readonly options: string;
  /** Digest of the symbol bundle; empty without any. */
  readonly bundle: string;
}

/** Keys and values in `meta`. */
export function symbolMeta({ options, bundle }: Partial<SymbolStamp>): [key: string, value: string][] {
  const meta: [string, string][] = [];
  if (options !== undefined) meta.push([SYMBOL_OPTIONS_KEY, options]);
  if (bundle !== undefined) meta.push([SYMBOL_BUNDLE_KEY, bundle]);
  return meta;
}
