/** Expressions and literals of the Itanium C++ ABI's mangling (section 5.1.6): in template arguments and `decltype`. */
import { LITERAL_SUFFIXES, OPERATORS } from './itanium-words.js';
import { isDigit, type Mangled } from './mangled.js';
import { parseTemplateArguments, parseTemplateParameter, parseType } from './parse-types.js';
import { packExpansion } from './pack-nodes.js';
import { nested, prefixed, suffixed, template, text } from './nodes.js';
import { NotMangled, Printer, type Node } from './printer.js';

const NAMED_CASTS = new Set(['cc', 'dc', 'rc', 'sc']);

export function parseExpression(p: Mangled): Node {
  return p.deeper(() => parseOneExpression(p));
}

function parseOneExpression(p: Mangled): Node {
  const code = p.peek() + p.peek(1);
  if (code[0] === 'L') return parseLiteralOrName(p);
  if (code[0] === 'T') return parseTemplateParameter(p);
  if (code === 'fp' || code === 'fL') return parseFunctionParameter(p);
  if (isDigit(code[0] ?? '')) return parseSimpleName(p);
  switch (code) {
    case 'sr':
      return parseUnresolvedScope(p);
    case 'gs':
      p.at += 2;
      return prefixed('::', parseExpression(p));
    case 'on':
      p.at += 2;
      return parseSimpleName(p);
    case 'dn':
      p.at += 2;
      return prefixed('~', isDigit(p.peek()) ? parseSimpleName(p) : parseType(p));
    case 'sp':
      p.at += 2;
      return packExpansion(parseExpression(p));
    case 'sZ':
      p.at += 2;
      return packSize(p.peek() === 'T' ? parseTemplateParameter(p) : parseFunctionParameter(p));
    case 'sP': {
      p.at += 2;
      const elements: Node[] = [];
      while (!p.take('E')) elements.push(parseExpression(p));
      return text(`${elements.length}`);
    }
    case 'cl':
    case 'cp':
      p.at += 2;
      return call(parseExpression(p), parseUntilEnd(p));
    case 'cv': {
      p.at += 2;
      const type = parseType(p);
      const operands = p.take('_') ? parseUntilEnd(p) : [parseExpression(p)];
      return {
        printLeft: (out) => {
          out.add('(');
          out.print(type);
          out.add(')(');
          out.list(operands);
          out.add(')');
        },
      };
    }
    case 'tl': {
      p.at += 2;
      const type = parseType(p);
      return braced(type, parseUntilEnd(p));
    }
    case 'il':
      p.at += 2;
      return braced(null, parseUntilEnd(p));
    case 'st':
    case 'at':
    case 'ti': {
      p.at += 2;
      const type = parseType(p);
      return suffixed(prefixed(`${OPERATORS.get(code)![0]}(`, type), ')');
    }
    case 'nw':
    case 'na':
    case 'fl':
    case 'fr':
    case 'fL':
    case 'fR':
      throw new NotMangled(`an expression ${code}`);
    default:
      return parseOperation(p);
  }
}

function parseOperation(p: Mangled): Node {
  const code = p.next(2);
  const operator = OPERATORS.get(code);
  if (operator === undefined) throw new NotMangled(`no expression ${code}`);
  const [sign, operands] = operator;
  if (NAMED_CASTS.has(code)) {
    const type = parseType(p);
    const value = parseExpression(p);
    return {
      printLeft: (out) => {
        out.add(`${sign}<`);
        out.print(type);
        out.add('>(');
        out.print(value);
        out.add(')');
      },
    };
  }
  if (operands === 0) return text(sign);
  if (operands === 1) {
    const isPrefix = p.take('_');
    const isPostfix = (code === 'pp' || code === 'mm') && !isPrefix;
    const operand = parseExpression(p);
    if (code === 'ad' && operand.plainName !== undefined) return prefixed('&', operand.plainName);
    if (isPostfix)
      return {
        printLeft: (out) => {
          printOperand(out, operand);
          out.add(sign);
        },
      };
    return {
      printLeft: (out) => {
        out.add(sign);
        printOperand(out, operand);
      },
    };
  }
  const left = parseExpression(p);
  const right = parseExpression(p);
  if (operands === 3) {
    const last = parseExpression(p);
    return {
      printLeft(out) {
        printOperand(out, left);
        out.add('?');
        printOperand(out, right);
        out.add(' : ');
        printOperand(out, last);
      },
    };
  }
  return binary(code, sign, left, right);
}

function binary(code: string, sign: string, left: Node, right: Node): Node {
  return {
    printLeft(out) {
      // In a template argument `>` would end the list.
      if (code === 'gt') out.add('(');
      printOperand(out, left);
      if (code === 'ix') out.add('[');
      else out.add(sign);
      if (code === 'ix') out.print(right);
      else printOperand(out, right);
      if (code === 'ix') out.add(']');
      if (code === 'gt') out.add(')');
    },
  };
}

function printOperand(out: Printer, node: Node): void {
  if (node.isSimple) return out.print(node);
  out.add('(');
  out.print(node);
  out.add(')');
}

function call(target: Node, operands: readonly Node[]): Node {
  return {
    printLeft(out) {
      printOperand(out, target);
      out.add('(');
      out.list(operands);
      out.add(')');
    },
  };
}

function braced(type: Node | null, elements: readonly Node[]): Node {
  return {
    printLeft(out) {
      if (type !== null) out.print(type);
      out.add('{');
      out.list(elements);
      out.add('}');
    },
    isSimple: true,
  };
}

function packSize(node: Node): Node {
  if (node.pack !== undefined) return text(`${node.pack.length}`);
  return suffixed(prefixed('sizeof...(', node), ')');
}

function parseUntilEnd(p: Mangled): Node[] {
  const found: Node[] = [];
  while (!p.take('E')) found.push(parseExpression(p));
  return found;
}

function parseFunctionParameter(p: Mangled): Node {
  if (p.take('fpT')) return text('this');
  if (p.take('fL')) {
    p.digits();
    p.expect('p');
  } else p.expect('fp');
  while ('rVK'.includes(p.peek() || '-')) p.at++;
  return text(`{parm#${p.index() + 1}}`);
}

/** A name that depends on a template argument, so that the compiler could not resolve it. */
function parseSimpleName(p: Mangled): Node {
  const name = isDigit(p.peek()) ? text(p.next(p.number())) : p.grammar.unqualifiedName(p, null, null);
  return p.peek() === 'I' ? template(name, parseTemplateArguments(p)) : name;
}

function parseUnresolvedScope(p: Mangled): Node {
  p.expect('sr');
  if (p.take('N')) {
    let scope = parseType(p);
    while (!p.take('E')) scope = nested(scope, parseSimpleName(p));
    return nested(scope, parseBase(p));
  }
  if (isDigit(p.peek())) {
    let scope = parseSimpleName(p);
    while (!p.take('E')) {
      if (!isDigit(p.peek())) return nested(scope, parseBase(p));
      scope = nested(scope, parseSimpleName(p));
    }
    return nested(scope, parseBase(p));
  }
  const scope = parseType(p);
  return nested(scope, parseBase(p));
}

function parseBase(p: Mangled): Node {
  p.take('on');
  if (p.take('dn')) return prefixed('~', isDigit(p.peek()) ? parseSimpleName(p) : parseType(p));
  return parseSimpleName(p);
}

function parseLiteralOrName(p: Mangled): Node {
  if (p.take('L_Z') || p.take('LZ')) {
    const encoding = p.grammar.encoding(p, true);
    p.expect('E');
    return encoding;
  }
  return parseLiteral(p);
}

/** `Lj5E` is `5u`. */
export function parseLiteral(p: Mangled): Node {
  if (p.startsWith('L_Z')) return parseLiteralOrName(p);
  p.expect('L');
  const type = parseType(p);
  const isNegative = p.take('n');
  const start = p.at;
  while (p.peek() !== 'E' && !p.isAtEnd) p.at++;
  const value = p.text.slice(start, p.at);
  p.expect('E');
  return {
    printLeft(out) {
      const printer = new Printer();
      printer.print(type);
      const name = printer.text;
      const digits = isNegative ? `-${value}` : value;
      const suffix = LITERAL_SUFFIXES.get(name);
      if (name === 'bool' && digits === '0') out.add('false');
      else if (name === 'bool' && digits === '1') out.add('true');
      else if (suffix !== undefined) out.add(`${digits}${suffix}`);
      else if (name === 'float' || name === 'double' || name === 'long double') out.add(`(${name})[${digits}]`);
      else out.add(`(${name})${digits}`);
    },
  };
}
