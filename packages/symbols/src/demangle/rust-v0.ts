/**
 * Rust's newer mangling (RFC 2603, "v0") → a path as people write it: `_RNvMNtCs1234_7mycrate3fooNtB2_3Bar4make` →
 * `<mycrate::foo::Bar>::make`. Crates' hashes and disambiguators are left out. Names are written while they are read;
 * a back reference reads an earlier part again.
 */
import { decodePunycode } from './punycode.js';
import { RustTypes } from './rust-v0-types.js';
import { NotMangled } from './printer.js';

/** Null for what is not such a name. */
export function demangleRustV0(name: string): string | null {
  const match = /^_R([A-Z]\w*)(\..*)?$/.exec(name);
  if (match === null) return null;
  try {
    const path = new RustPaths(match[1]!);
    path.path(true);
    return path.text;
  } catch (fault) {
    if (fault instanceof NotMangled) return null;
    throw fault;
  }
}

class RustPaths extends RustTypes {
  /** `isValue`: generic arguments of a value are written `::<T>`, those of a type `<T>`. */
  override path(isValue: boolean): void {
    this.deeper(() => this.#onePath(isValue));
  }

  #onePath(isValue: boolean): void {
    const code = this.next();
    switch (code) {
      case 'C':
        this.disambiguator();
        this.add(this.#identifier());
        return;
      case 'M':
      case 'X':
        // The path of the implementation itself says nothing that its type does not.
        this.disambiguator();
        this.silently(() => this.path(false));
        this.#implementation(code === 'X');
        return;
      case 'Y':
        this.#implementation(true);
        return;
      case 'N':
        this.#nested(isValue);
        return;
      case 'I':
        this.path(isValue);
        this.add(isValue ? '::<' : '<');
        this.list(() => this.genericArgument(), ', ');
        this.add('>');
        return;
      case 'B':
        this.backReference(() => this.path(isValue));
        return;
      default:
        throw new NotMangled(`no path ${code}`);
    }
  }

  #implementation(ofTrait: boolean): void {
    this.add('<');
    this.type();
    if (ofTrait) {
      this.add(' as ');
      this.path(false);
    }
    this.add('>');
  }

  #nested(isValue: boolean): void {
    const space = this.next();
    if (!/[A-Za-z]/.test(space)) throw new NotMangled('no namespace');
    this.path(isValue);
    const number = this.disambiguator();
    const name = this.#identifier();
    if (space >= 'a') {
      if (name !== '') this.add(`::${name}`);
      return;
    }
    const kind = space === 'C' ? 'closure' : space === 'S' ? 'shim' : space;
    this.add(`::{${kind}${name === '' ? '' : `:${name}`}#${number}}`);
  }

  override identifier(): string {
    return this.#identifier();
  }

  #identifier(): string {
    const isPunycode = this.take('u');
    const length = this.decimal();
    this.take('_');
    const text = this.next(length);
    return isPunycode ? decodePunycode(text) : text;
  }
}
