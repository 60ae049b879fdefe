/**
 * The parts of a demangled C++ name: names, types and declarators, spelled as libiberty's demangler does (the one behind
 * `c++filt` and `__cxa_demangle` of GCC, hence memray's), such as `std::vector<int, std::allocator<int> >` and
 * `void (*)(char const*)`.
 */
import type { Node, Printer } from './printer.js';

export function text(value: string): Node {
  const node: Node = {
    printLeft: (out) => out.add(value),
    isSimple: true,
    get baseName() {
      return node;
    },
  };
  return node;
}

export function nested(scope: Node, name: Node): Node {
  return {
    printLeft(out) {
      out.print(scope);
      out.add('::');
      out.print(name);
    },
    baseName: name.baseName ?? name,
    isSimple: true,
  };
}

export function template(name: Node, templateArguments: readonly Node[]): Node {
  return {
    printLeft(out) {
      out.print(name);
      out.add(out.endsWith('<') ? ' <' : '<');
      out.list(templateArguments);
      out.add(out.endsWith('>') ? ' >' : '>');
    },
    baseName: name.baseName ?? name,
  };
}

export function abiTag(name: Node, tag: string): Node {
  return {
    printLeft(out) {
      out.print(name);
      out.add(`[abi:${tag}]`);
    },
    baseName: name.baseName ?? name,
  };
}

/** A word before another node: `vtable for …`, `operator …`. */
export function prefixed(prefix: string, node: Node): Node {
  return {
    printLeft(out) {
      out.add(prefix);
      out.print(node);
    },
  };
}

export function suffixed(node: Node, suffix: string): Node {
  return {
    printLeft(out) {
      out.print(node);
      out.add(suffix);
    },
  };
}

/** A type with `const`, `volatile`, `restrict` or the like behind it. */
export function qualified(node: Node, qualifiers: string): Node {
  return {
    printLeft(out) {
      out.left(node);
      if (node.shape !== 'function') out.add(qualifiers);
    },
    printRight(out) {
      out.right(node);
      if (node.shape === 'function') out.add(qualifiers);
    },
    shape: node.shape,
    isOpen: node.isOpen,
    baseName: node.baseName,
  };
}

export function pointer(node: Node, sign: '*' | '&' | '&&'): Node {
  if (sign !== '*') return reference(node, sign);
  return { ...declarator(node, () => '*') };
}

/** What a reference to a reference means depends on the element of a pack, so it is decided when printed. */
function reference(node: Node, sign: '&' | '&&'): Node {
  const collapsed = (out: Printer): { sign: '&' | '&&'; to: Node } => {
    let [kind, to] = [sign, node];
    for (;;) {
      let element: Node | undefined = to;
      if (to.pack !== undefined && out.packIndex >= 0) {
        out.packLength = Math.max(out.packLength, to.pack.length);
        element = to.pack[out.packIndex];
      }
      const inner = element?.reference;
      if (inner === undefined) return { sign: kind, to: element ?? to };
      if (inner.sign === '&') kind = '&';
      to = inner.to;
    }
  };
  return {
    printLeft(out) {
      const target = collapsed(out);
      declarator(target.to, () => target.sign).printLeft(out);
    },
    printRight(out) {
      declarator(collapsed(out).to, () => '').printRight?.(out);
    },
    reference: { sign, to: node },
    isOpen: node.shape !== undefined || node.isOpen,
  };
}

export function memberPointer(scope: Node, node: Node): Node {
  return declarator(node, (out) => {
    if (node.shape === undefined) out.add(' ');
    out.print(scope);
    return '::*';
  });
}

/** `node *`, or `node (*) …` where the pointed-to is written around the name. */
function declarator(node: Node, sign: (out: Printer) => string): Node {
  const opening = node.shape === 'array' ? ' (' : node.shape === 'function' ? '(' : '';
  return {
    printLeft(out) {
      out.left(node);
      if (opening !== '') out.add(opening);
      out.add(sign(out));
    },
    printRight(out) {
      if (opening !== '') out.add(')');
      out.right(node);
    },
    isOpen: opening !== '' || node.isOpen,
  };
}

export function array(element: Node, length: Node | null): Node {
  return {
    printLeft: (out) => out.left(element),
    printRight(out) {
      out.add(out.endsWith(']') ? '[' : ' [');
      if (length !== null) out.print(length);
      out.add(']');
      out.right(element);
    },
    shape: 'array',
  };
}

export interface FunctionParts {
  /** Null where the mangled name does not say. */
  readonly result: Node | null;
  readonly parameters: readonly Node[];
  /** ` const`, ` &`, ` noexcept` and so on, with their leading spaces. */
  readonly qualifiers: string;
}

/** A function type, or with a name the function itself. */
export function functionNode({ result, parameters, qualifiers }: FunctionParts, name: Node | null): Node {
  return {
    printLeft(out) {
      if (result !== null) {
        out.left(result);
        // A function that returns a pointer to a function is written around: `void (*f(int))(char)`.
        if (!result.isOpen) out.add(' ');
      }
      if (name !== null) out.print(name);
    },
    printRight(out) {
      out.add('(');
      out.list(parameters);
      out.add(')');
      if (name === null) out.add(qualifiers);
      if (result !== null) out.right(result);
      if (name !== null) out.add(qualifiers);
    },
    shape: 'function',
    baseName: name?.baseName,
  };
}

export function lambda(parameters: readonly Node[], number: number): Node {
  const node: Node = {
    printLeft(out) {
      out.add('{lambda(');
      out.list(parameters);
      out.add(`)#${number}}`);
    },
    get baseName() {
      return node;
    },
  };
  return node;
}

/** Something within a function: `f(int)::local`. */
export function local(encoding: Node, entity: Node): Node {
  return {
    printLeft(out) {
      out.print(encoding);
      out.add('::');
      out.print(entity);
    },
    baseName: entity.baseName ?? entity,
  };
}
