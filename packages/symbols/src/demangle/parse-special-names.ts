/** Names of what a compiler adds by itself: tables of virtual functions, thunks, guards (Itanium C++ ABI, section 5.1.4). */
import type { Mangled } from './mangled.js';
import { prefixed } from './nodes.js';
import { parseType } from './parse-types.js';
import { NotMangled, type Node } from './printer.js';

const SPECIAL_NAMES: ReadonlyMap<string, string> = new Map([
  ['TV', 'vtable for '],
  ['TT', 'VTT for '],
  ['TI', 'typeinfo for '],
  ['TS', 'typeinfo name for '],
  ['TF', 'typeinfo fn for '],
  ['TJ', 'java Class for '],
]);

export function parseSpecialName(p: Mangled): Node {
  const code = p.next(2);
  const prefix = SPECIAL_NAMES.get(code);
  if (prefix !== undefined) return prefixed(prefix, parseType(p));
  switch (code) {
    case 'Th':
    case 'Tv':
      p.at--;
      parseCallOffset(p);
      return prefixed(code === 'Th' ? 'non-virtual thunk to ' : 'virtual thunk to ', p.grammar.encoding(p));
    case 'Tc':
      parseCallOffset(p);
      parseCallOffset(p);
      return prefixed('covariant return thunk to ', p.grammar.encoding(p));
    case 'TC': {
      const whole = parseType(p);
      p.digits();
      p.expect('_');
      const base = parseType(p);
      return {
        printLeft(out) {
          out.add('construction vtable for ');
          out.print(base);
          out.add('-in-');
          out.print(whole);
        },
      };
    }
    case 'TH':
      return prefixed('TLS init function for ', p.grammar.name(p, null));
    case 'TW':
      return prefixed('TLS wrapper function for ', p.grammar.name(p, null));
    case 'TA':
      throw new NotMangled('a template parameter object');
    case 'GV':
      return prefixed('guard variable for ', p.grammar.name(p, null));
    case 'GR': {
      const name = p.grammar.name(p, null);
      return prefixed(`reference temporary #${p.isAtEnd ? 0 : p.index(36)} for `, name);
    }
    case 'GT':
      if (p.take('n')) return prefixed('non-transaction clone for ', p.grammar.encoding(p));
      p.take('t');
      return prefixed('transaction clone for ', p.grammar.encoding(p));
    default:
      throw new NotMangled(`no special name ${code}`);
  }
}

function parseCallOffset(p: Mangled): void {
  const isVirtual = p.peek() === 'v';
  p.at++;
  for (let part = isVirtual ? 2 : 1; part > 0; part--) {
    p.take('n');
    p.digits();
    p.expect('_');
  }
}
