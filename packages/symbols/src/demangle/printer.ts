/**
 * Collects the text of a demangled name, piece by piece, and stops names that would never end: substitutions let a
 * short mangled name stand for an exponentially long one.
 */

/** Thrown, and caught, within demangling: the name is left as it is. */
export class NotMangled extends Error {
  override readonly name = 'NotMangled';
}

const MOST_CHARACTERS = 1 << 17;
const MOST_STEPS = 200_000;
const MOST_DEPTH = 400;

export class Printer {
  text = '';
  /** The element that parameter packs stand for while one of their expansions is printed; -1 = outside of any. */
  packIndex = -1;
  /** Greatest length of the packs met in the expansion being printed; -1 = none met yet. */
  packLength = -1;
  #steps = 0;
  #depth = 0;
  #endIsHidden = false;

  add(text: string): void {
    this.#endIsHidden = false;
    this.text += text;
    if (this.text.length > MOST_CHARACTERS) throw new NotMangled('too long');
  }

  endsWith(character: string): boolean {
    return !this.#endIsHidden && this.text.endsWith(character);
  }

  /** The whole of a node: what stands before a declarator, and behind it. */
  print(node: Node): void {
    this.left(node);
    this.right(node);
  }

  left(node: Node): void {
    this.#enter();
    node.printLeft(this);
    this.#depth--;
  }

  right(node: Node): void {
    this.#enter();
    node.printRight?.(this);
    this.#depth--;
  }

  /** Comma-separated; what prints as nothing (an empty pack) leaves no comma. */
  list(nodes: readonly Node[]): void {
    let isFirst = true;
    for (const node of nodes) {
      const before = this.text;
      if (!isFirst) this.add(', ');
      const start = this.text.length;
      this.print(node);
      if (this.text.length !== start) isFirst = false;
      else {
        this.text = before;
        // libiberty, too, then takes the end for a comma: `A<B<C>>` where an empty pack follows `B<C>`.
        if (!isFirst) this.#endIsHidden = true;
      }
    }
  }

  #enter(): void {
    if (++this.#steps > MOST_STEPS || ++this.#depth > MOST_DEPTH) throw new NotMangled('too deep');
  }
}

/** A part of a demangled name. */
export interface Node {
  /** Prints what stands before the name that is declared: all there is, but for arrays and functions. */
  printLeft(out: Printer): void;
  /** Prints what stands behind it: parameters, array bounds. */
  readonly printRight?: ((out: Printer) => void) | undefined;
  /** How a pointer to it is written: `int (*) [2]`, `void (*)(int)`. */
  readonly shape?: 'array' | 'function' | undefined;
  /** What `printLeft` opens is closed by `printRight`: `void (*` and `)(int)`. */
  readonly isOpen?: boolean | undefined;
  /** The name that a constructor repeats. */
  readonly baseName?: Node | undefined;
  /** Collapses `& &&` to `&`. */
  readonly reference?: { readonly sign: '&' | '&&'; readonly to: Node } | undefined;
  /** Of a function that is no template: what is written where its address is taken. */
  readonly plainName?: Node | undefined;
  /** The elements, where it is a pack of template arguments. */
  readonly pack?: readonly Node[] | undefined;
  /** Written without parentheses as an operand. */
  readonly isSimple?: boolean | undefined;
}
