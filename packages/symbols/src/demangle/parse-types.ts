/** Types of the Itanium C++ ABI's mangling (section 5.1.5): qualifiers, pointers, functions, arrays, packs, literals. */
import { BUILTIN_TYPES } from './itanium-words.js';
import { isDigit, type Mangled } from './mangled.js';
import { array, functionNode, memberPointer, pointer, prefixed, qualified, suffixed, template, text } from './nodes.js';
import { argumentPack, Forward, packExpansion, parameterPack } from './pack-nodes.js';
import { NotMangled, type Node } from './printer.js';

export function parseType(p: Mangled): Node {
  return p.deeper(() => parseOneType(p));
}

function parseOneType(p: Mangled): Node {
  const code = p.peek();
  const builtin = BUILTIN_TYPES.get(code) ?? BUILTIN_TYPES.get(code + p.peek(1));
  if (builtin !== undefined) {
    p.at += BUILTIN_TYPES.has(code) ? 1 : 2;
    // Only built-in types of two letters, which compilers added later, are no candidates either.
    return text(builtin);
  }
  switch (code) {
    case 'r':
    case 'V':
    case 'K':
      return parseQualifiedType(p);
    case 'U':
      return parseVendorQualifier(p);
    case 'u': {
      p.at++;
      const name = text(p.next(p.number()));
      return p.remember(p.peek() === 'I' ? template(name, parseTemplateArguments(p)) : name);
    }
    case 'P':
      p.at++;
      return p.remember(pointer(parseType(p), '*'));
    case 'R':
      p.at++;
      return p.remember(pointer(parseType(p), '&'));
    case 'O':
      p.at++;
      return p.remember(pointer(parseType(p), '&&'));
    case 'C':
      p.at++;
      return p.remember(suffixed(parseType(p), ' _Complex'));
    case 'G':
      p.at++;
      return p.remember(suffixed(parseType(p), ' _Imaginary'));
    case 'F':
      return p.remember(parseFunctionType(p));
    case 'A':
      return p.remember(parseArrayType(p));
    case 'M': {
      p.at++;
      const scope = parseType(p);
      return p.remember(memberPointer(scope, parseType(p)));
    }
    case 'T':
      return parseParameterOrElaborated(p);
    case 'D':
      return parseExtendedType(p);
    case 'S':
      if (p.peek(1) !== 't') return parseSubstitutedType(p);
      return p.remember(p.grammar.name(p, null));
    default:
      if (code === 'N' || code === 'Z' || isDigit(code)) return p.remember(p.grammar.name(p, null));
      throw new NotMangled(`no type at ${p.at}`);
  }
}

/** `S…_`, and the template arguments or the function type it may be the name of. */
function parseSubstitutedType(p: Mangled): Node {
  const node = p.grammar.substitution(p, false);
  if (p.peek() !== 'I') return node;
  return p.remember(template(node, parseTemplateArguments(p)));
}

/** In reverse: `rVK` is written ` const volatile restrict`. */
export function parseQualifiers(p: Mangled): string {
  const isRestrict = p.take('r');
  const isVolatile = p.take('V');
  const isConst = p.take('K');
  return (isConst ? ' const' : '') + (isVolatile ? ' volatile' : '') + (isRestrict ? ' __restrict' : '');
}

function parseQualifiedType(p: Mangled): Node {
  const qualifiers = parseQualifiers(p);
  // A function type is one candidate together with its qualifiers.
  if (p.peek() === 'F') return p.remember(qualified(parseFunctionType(p), qualifiers));
  return p.remember(qualified(parseType(p), qualifiers));
}

function parseVendorQualifier(p: Mangled): Node {
  p.at++;
  const name = p.next(p.number());
  const templateArguments = p.peek() === 'I' ? parseTemplateArguments(p) : null;
  const type = parseType(p);
  const qualifier = templateArguments === null ? text(name) : template(text(name), templateArguments);
  return p.remember({
    printLeft(out) {
      out.left(type);
      out.add(' ');
      out.print(qualifier);
    },
    printRight: (out) => out.right(type),
  });
}

function parseFunctionType(p: Mangled): Node {
  let exception = '';
  if (p.take('Do')) exception = ' noexcept';
  else if (p.take('DO')) {
    p.grammar.expression(p);
    p.expect('E');
    exception = ' noexcept';
  } else if (p.take('Dw')) {
    const types: Node[] = [];
    while (!p.take('E')) types.push(parseType(p));
    exception = ' throw';
  }
  const isTransactionSafe = p.take('Dx');
  p.expect('F');
  p.take('Y');
  const result = parseType(p);
  const parameters: Node[] = [];
  let reference = '';
  for (;;) {
    if (p.take('E')) break;
    if (p.take('RE')) reference = ' &';
    else if (p.take('OE')) reference = ' &&';
    if (reference !== '') break;
    if (!p.take('v')) parameters.push(parseType(p));
  }
  const qualifiers = `${isTransactionSafe ? ' transaction_safe' : ''}${reference}${exception}`;
  return functionNode({ result, parameters, qualifiers }, null);
}

function parseArrayType(p: Mangled): Node {
  p.expect('A');
  let length: Node | null = null;
  if (isDigit(p.peek())) length = text(p.digits());
  else if (p.peek() !== '_') length = p.grammar.expression(p);
  p.expect('_');
  return array(parseType(p), length);
}

function parseParameterOrElaborated(p: Mangled): Node {
  const keyword = { s: 'struct ', u: 'union ', e: 'enum ' }[p.peek(1)];
  if (keyword !== undefined) {
    p.at += 2;
    return p.remember(prefixed(keyword, p.grammar.name(p, null)));
  }
  const index = p.text[p.at + 1] === '_' ? 0 : Number.parseInt(p.text.slice(p.at + 1), 10) + 1;
  const parameter = parseTemplateParameter(p);
  if (!Number.isNaN(index)) p.parameterOfSubstitution.set(p.substitutions.length, index);
  p.remember(parameter);
  // In `operator T<int>` the arguments belong to the operator.
  if (p.peek() !== 'I' || p.mayRefForward) return parameter;
  return p.remember(template(parameter, parseTemplateArguments(p)));
}

/** `T_`, `T0_`, …: what the argument was. `TL0__` and further levels are parameters of templates within templates. */
export function parseTemplateParameter(p: Mangled): Node {
  p.expect('T');
  const isOuter = !p.take('L');
  if (!isOuter) p.index();
  const index = p.index();
  if (p.isInLambda) return text(`auto:${index + 1}`);
  const argument = isOuter ? p.parameters[index] : undefined;
  if (argument !== undefined) return argument;
  if (!p.mayRefForward || !isOuter) throw new NotMangled('a template parameter without argument');
  const forward = new Forward(index);
  p.forwards.push(forward);
  return forward;
}

function parseExtendedType(p: Mangled): Node {
  switch (p.peek(1)) {
    case 'p':
      p.at += 2;
      return p.remember(packExpansion(parseType(p)));
    case 't':
    case 'T': {
      p.at += 2;
      const expression = p.grammar.expression(p);
      p.expect('E');
      return p.remember(suffixed(prefixed('decltype (', expression), ')'));
    }
    case 'v': {
      p.at += 2;
      const length = isDigit(p.peek()) ? text(p.digits()) : p.take('_') ? null : p.grammar.expression(p);
      p.expect('_');
      const element = parseType(p);
      return p.remember({
        printLeft(out) {
          out.print(element);
          out.add(' __vector(');
          if (length !== null) out.print(length);
          out.add(')');
        },
      });
    }
    case 'F': {
      p.at += 2;
      const bits = p.number();
      if (p.take('b')) return text(`std::bfloat${bits}_t`);
      const isExtended = p.take('x');
      p.expect('_');
      return text(`_Float${bits}${isExtended ? 'x' : ''}`);
    }
    case 'B':
    case 'U': {
      const sign = p.next(2) === 'DB' ? '' : 'unsigned ';
      const bits = isDigit(p.peek()) ? text(p.digits()) : p.grammar.expression(p);
      p.expect('_');
      return suffixed(prefixed(`${sign}_BitInt(`, bits), ')');
    }
    case 'o':
    case 'O':
    case 'w':
    case 'x':
      return p.remember(parseFunctionType(p));
    default:
      throw new NotMangled(`no type at ${p.at}`);
  }
}

/** `I…E`. With `isOuter` they are what `T_` stands for from here on. */
export function parseTemplateArguments(p: Mangled, isOuter = false): Node[] {
  p.expect('I');
  const found: Node[] = [];
  if (isOuter) p.parameters = [];
  const { parameters } = p;
  while (!p.take('E')) {
    if (p.take('Q')) {
      p.grammar.expression(p);
      continue;
    }
    const argument = parseTemplateArgument(p);
    found.push(argument);
    if (isOuter) parameters.push(argument.pack === undefined ? argument : parameterPack(argument.pack));
  }
  return found;
}

function parseTemplateArgument(p: Mangled): Node {
  return p.deeper(() => {
    switch (p.peek()) {
      case 'X': {
        p.at++;
        const expression = p.grammar.expression(p);
        p.expect('E');
        return expression;
      }
      case 'J':
      case 'I': {
        p.at++;
        const elements: Node[] = [];
        while (!p.take('E')) elements.push(parseTemplateArgument(p));
        return argumentPack(elements);
      }
      case 'L':
        if (p.peek(1) !== 'Z') return p.grammar.literal(p);
        p.at += 2;
        {
          const encoding = p.grammar.encoding(p);
          p.expect('E');
          return encoding;
        }
      default:
        return parseType(p);
    }
  });
}
