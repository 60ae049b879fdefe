/** Encodings and names of the Itanium C++ ABI's mangling (sections 5.1.2 to 5.1.4 and 5.1.6). */
import { OPERATORS, STANDARD_NAMES } from './itanium-words.js';
import { isDigit, type Mangled, type NameTraits } from './mangled.js';
import { parseQualifiers, parseTemplateArguments, parseTemplateParameter, parseType } from './parse-types.js';
import { parseExpression } from './parse-expressions.js';
import { parseSpecialName } from './parse-special-names.js';
import { abiTag, functionNode, lambda, local, nested, prefixed, suffixed, template, text } from './nodes.js';
import { NotMangled, type Node } from './printer.js';

/** A function or variable, without `_Z`; `withResult` where its result is written, too (if it is mangled). */
export function parseEncoding(p: Mangled, withResult = false): Node {
  const { parameters } = p;
  const encoding = p.deeper(() => parseOneEncoding(p, withResult));
  p.parameters = parameters;
  return encoding;
}

function parseOneEncoding(p: Mangled, withResult: boolean): Node {
  if (p.peek() === 'T' || (p.peek() === 'G' && p.peek(1) !== 'E')) return parseSpecialName(p);
  const traits: NameTraits = { isSpecialMember: false, endsWithArguments: false, qualifiers: '' };
  const forwardsBefore = p.forwards.length;
  const name = parseName(p, traits);
  for (const forward of p.forwards.splice(forwardsBefore)) {
    forward.target = p.parameters[forward.index] ?? null;
    if (forward.target === null) throw new NotMangled('a template parameter without argument');
  }
  if (p.isAtEnd || p.peek() === 'E' || p.peek() === '.' || p.peek() === '_') {
    return traits.qualifiers === '' ? name : suffixed(name, traits.qualifiers);
  }
  const hasResult = !traits.isSpecialMember && traits.endsWithArguments;
  const result = hasResult ? parseType(p) : null;
  const parameters: Node[] = [];
  if (!p.take('v')) {
    do parameters.push(parseType(p));
    while (!(p.isAtEnd || p.peek() === 'E' || p.peek() === '.' || p.peek() === '_' || p.peek() === 'Q'));
  }
  if (p.take('Q')) parseExpression(p);
  const whole = functionNode({ result: withResult ? result : null, parameters, qualifiers: traits.qualifiers }, name);
  return traits.endsWithArguments || traits.qualifiers !== '' ? whole : { ...whole, plainName: name };
}

export function parseName(p: Mangled, traits: NameTraits | null): Node {
  return p.deeper(() => {
    if (p.peek() === 'N') return parseNestedName(p, traits);
    if (p.peek() === 'Z') return parseLocalName(p, traits);
    let name: Node;
    let isSubstitution = false;
    if (p.peek() === 'S' && p.peek(1) !== 't') {
      name = parseSubstitution(p, false);
      isSubstitution = true;
      if (p.peek() !== 'I') throw new NotMangled('a substitution is no name');
    } else {
      const scope = p.take('St') ? text('std') : null;
      name = parseUnqualifiedName(p, traits, scope);
    }
    if (p.peek() !== 'I') return name;
    if (!isSubstitution) p.remember(name);
    if (traits !== null) traits.endsWithArguments = true;
    return template(name, parseTemplateArguments(p, traits !== null));
  });
}

function parseNestedName(p: Mangled, traits: NameTraits | null): Node {
  p.expect('N');
  const isExplicitObject = p.take('H');
  let qualifiers = isExplicitObject ? '' : parseQualifiers(p);
  if (p.take('O')) qualifiers += ' &&';
  else if (p.take('R')) qualifiers += ' &';
  if (traits !== null) traits.qualifiers = qualifiers;

  let scope: Node | null = null;
  let isRemembered = false;
  while (!p.take('E')) {
    if (traits !== null) traits.endsWithArguments = false;
    const code = p.peek();
    if (code === 'T') {
      if (scope !== null) throw new NotMangled('a template parameter within a name');
      scope = parseTemplateParameter(p);
    } else if (code === 'I') {
      if (scope === null) throw new NotMangled('template arguments of nothing');
      if (traits !== null) traits.endsWithArguments = true;
      scope = template(scope, parseTemplateArguments(p, traits !== null));
    } else if (code === 'D' && (p.peek(1) === 't' || p.peek(1) === 'T')) {
      scope = parseType(p);
      continue;
    } else if (code === 'S' && p.peek(1) === 't') {
      p.at += 2;
      if (scope !== null) throw new NotMangled('std within a name');
      scope = text('std');
      continue;
    } else if (code === 'S') {
      if (scope !== null) throw new NotMangled('a substitution within a name');
      scope = parseSubstitution(p, true);
      continue;
    } else {
      p.take('L');
      scope = parseUnqualifiedName(p, traits, scope);
    }
    p.remember(scope);
    isRemembered = true;
    // A data member's initializer.
    p.take('M');
  }
  if (scope === null) throw new NotMangled('an empty name');
  // The whole name is a candidate only where it is a type's, and then the type's parser remembers it.
  if (isRemembered) p.substitutions.pop();
  return scope;
}

/** One part of a name, within `scope`. */
export function parseUnqualifiedName(p: Mangled, traits: NameTraits | null, scope: Node | null): Node {
  let name: Node;
  const code = p.peek();
  p.take('L');
  if (isDigit(p.peek())) name = parseSourceName(p);
  else if (p.startsWith('Ut')) {
    p.at += 2;
    name = text(`{unnamed type#${p.index() + 1}}`);
  } else if (p.startsWith('Ul')) name = parseLambda(p);
  else if (p.startsWith('DC')) {
    p.at += 2;
    const names: string[] = [];
    while (!p.take('E')) names.push(p.next(p.number()));
    name = text(`[${names.join(', ')}]`);
  } else if ((code === 'C' || code === 'D') && scope !== null) name = parseConstructor(p, traits, scope);
  else name = parseOperatorName(p, traits);
  for (;;) {
    if (p.take('B')) name = abiTag(name, p.next(p.number()));
    else break;
  }
  return scope === null ? name : nested(scope, name);
}

function parseSourceName(p: Mangled): Node {
  const length = p.number();
  if (length === 0) throw new NotMangled('an empty name');
  const name = p.next(length);
  return text(/^_GLOBAL_[_.$]N/.test(name) ? '(anonymous namespace)' : name);
}

function parseLambda(p: Mangled): Node {
  p.at += 2;
  const before = p.isInLambda;
  p.isInLambda = true;
  const parameters: Node[] = [];
  if (!p.take('v')) while (p.peek() !== 'E') parameters.push(parseType(p));
  p.isInLambda = before;
  p.expect('E');
  return lambda(parameters, p.index() + 1);
}

function parseConstructor(p: Mangled, traits: NameTraits | null, scope: Node): Node {
  const base = scope.baseName;
  if (base === undefined) throw new NotMangled('a constructor of nothing');
  const isConstructor = p.next() === 'C';
  const isInherited = isConstructor && p.take('I');
  if (!'0123456789'.includes(p.next())) throw new NotMangled('no constructor');
  if (isInherited) parseName(p, null);
  if (traits !== null) traits.isSpecialMember = true;
  return isConstructor ? base : prefixed('~', base);
}

function parseOperatorName(p: Mangled, traits: NameTraits | null): Node {
  const code = p.next(2);
  if (code === 'cv') {
    const before = p.mayRefForward;
    p.mayRefForward = before || traits !== null;
    const type = parseType(p);
    p.mayRefForward = before;
    if (traits !== null) traits.isSpecialMember = true;
    return prefixed('operator ', type);
  }
  if (code === 'li') return prefixed('operator"" ', parseSourceName(p));
  if (code[0] === 'v' && isDigit(code[1]!)) return prefixed('operator ', parseSourceName(p));
  const operator = OPERATORS.get(code);
  if (operator === undefined) throw new NotMangled(`no operator ${code}`);
  const sign = operator[0].trimEnd();
  return text(/^[a-z]/.test(sign) ? `operator ${sign}` : `operator${sign}`);
}

function parseLocalName(p: Mangled, traits: NameTraits | null): Node {
  p.expect('Z');
  const encoding = parseEncoding(p);
  p.expect('E');
  if (p.take('s')) {
    parseDiscriminator(p);
    return local(encoding, text('string literal'));
  }
  if (p.take('d')) {
    const number = p.index() + 1;
    return local(encoding, nested(text(`{default arg#${number}}`), parseName(p, traits)));
  }
  const entity = parseName(p, traits);
  parseDiscriminator(p);
  return local(encoding, entity);
}

function parseDiscriminator(p: Mangled): void {
  if (p.peek() !== '_') return;
  if (p.peek(1) === '_') {
    p.at += 2;
    p.digits();
    p.expect('_');
  } else if (isDigit(p.peek(1))) {
    p.at++;
    p.next();
  }
}

/** `St`, `Sa`, `S_`, `S0_`, …; in front of a constructor or destructor `Ss` is spelled out. */
export function parseSubstitution(p: Mangled, isScope: boolean): Node {
  p.expect('S');
  const standard = STANDARD_NAMES.get(p.peek());
  if (standard !== undefined) {
    p.at++;
    const [name, full, base] = standard;
    const isSpelledOut = isScope && (p.peek() === 'C' || p.peek() === 'D');
    let node: Node = { printLeft: (out) => out.add(isSpelledOut ? full : name), baseName: text(base), isSimple: true };
    if (p.peek() === 'B') {
      while (p.take('B')) node = abiTag(node, p.next(p.number()));
      p.remember(node);
    }
    return node;
  }
  const index = p.index(36);
  const parameter = p.isInLambda ? undefined : p.parameterOfSubstitution.get(index);
  const node = (parameter === undefined ? undefined : p.parameters[parameter]) ?? p.substitutions[index];
  if (node === undefined) throw new NotMangled('a substitution of nothing');
  return node;
}
