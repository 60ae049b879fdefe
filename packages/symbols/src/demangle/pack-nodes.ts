/** Packs of template arguments, their expansions, and template parameters whose arguments are not known yet. */
import type { Node, Printer } from './printer.js';

/** `J…E` among template arguments: as many arguments as the pack has elements. */
export function argumentPack(elements: readonly Node[]): Node {
  return {
    printLeft(out) {
      const { packIndex } = out;
      out.packIndex = -1;
      out.list(elements);
      out.packIndex = packIndex;
    },
    pack: elements,
  };
}

/** The parameter that stands for such a pack: within an expansion it is one element at a time. */
export function parameterPack(elements: readonly Node[]): Node {
  return {
    printLeft(out) {
      if (out.packIndex < 0) return out.list(elements);
      out.packLength = Math.max(out.packLength, elements.length);
      const element = elements[out.packIndex];
      if (element !== undefined) out.left(element);
    },
    printRight(out) {
      const element = out.packIndex < 0 ? undefined : elements[out.packIndex];
      if (element !== undefined) out.right(element);
    },
    pack: elements,
  };
}

/** A pattern, printed once for each element of the packs in it. */
export function packExpansion(pattern: Node): Node {
  return {
    printLeft(out) {
      const { packIndex, packLength, text: before } = out;
      out.packIndex = 0;
      out.packLength = -1;
      out.print(pattern);
      const length = out.packLength;
      if (length === 0) out.text = before;
      else if (length < 0) out.add('...');
      for (let index = 1; index < length; index++) {
        out.packIndex = index;
        out.add(', ');
        out.print(pattern);
      }
      out.packIndex = packIndex;
      out.packLength = packLength;
    },
  };
}

/** A template parameter of a conversion operator, whose arguments come later in the mangled name. */
export class Forward implements Node {
  target: Node | null = null;
  #isPrinting = false;

  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  printLeft(out: Printer): void {
    this.#once(() => this.target !== null && out.left(this.target));
  }

  printRight(out: Printer): void {
    this.#once(() => this.target !== null && out.right(this.target));
  }

  get shape(): Node['shape'] {
    return this.#isPrinting ? undefined : this.#guarded((node) => node.shape);
  }

  get pack(): readonly Node[] | undefined {
    return this.#guarded((node) => node.pack);
  }

  get reference(): Node['reference'] {
    return this.#guarded((node) => node.reference);
  }

  /** An argument may hold the parameter itself. */
  #once(print: () => unknown): void {
    if (this.#isPrinting) return;
    this.#isPrinting = true;
    print();
    this.#isPrinting = false;
  }

  #guarded<T>(look: (node: Node) => T): T | undefined {
    if (this.target === null || this.#isPrinting) return undefined;
    this.#isPrinting = true;
    const found = look(this.target);
    this.#isPrinting = false;
    return found;
  }
}
