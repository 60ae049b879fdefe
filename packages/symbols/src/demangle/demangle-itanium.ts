/**
 * C++ names as GCC and Clang mangle them on Linux (Itanium C++ ABI, section 5.1) → the name as a person writes it, with
 * parameters, in the spelling of libiberty. What is not such a name, or of a kind this does not know, gives null.
 */
import { Mangled, type Grammar } from './mangled.js';
import { parseExpression, parseLiteral } from './parse-expressions.js';
import { parseEncoding, parseName, parseSubstitution, parseUnqualifiedName } from './parse-names.js';
import { NotMangled, Printer } from './printer.js';

const GRAMMAR: Grammar = {
  encoding: parseEncoding,
  name: parseName,
  unqualifiedName: parseUnqualifiedName,
  substitution: parseSubstitution,
  expression: parseExpression,
  literal: parseLiteral,
};

/** Compilers put these behind a function that they split or specialised: `.isra.0`, `.constprop.1.cold`. */
const CLONE_SUFFIX = /\.(?:[a-zA-Z_]+(?:\.\d+)*|\d+(?:\.\d+)*)/y;

export function demangleItanium(name: string): string | null {
  if (!name.startsWith('_Z')) return null;
  const mangled = new Mangled(name, GRAMMAR);
  mangled.at = 2;
  try {
    const encoding = parseEncoding(mangled, true);
    const out = new Printer();
    out.print(encoding);
    while (!mangled.isAtEnd) {
      CLONE_SUFFIX.lastIndex = mangled.at;
      const suffix = CLONE_SUFFIX.exec(name)?.[0];
      if (suffix === undefined) return null;
      out.add(` [clone ${suffix}]`);
      mangled.at += suffix.length;
    }
    return out.text;
  } catch (fault) {
    if (fault instanceof NotMangled) return null;
    throw fault;
  }
}
