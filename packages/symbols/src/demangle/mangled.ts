/** A mangled C++ name while it is parsed: the place reached, and what back references in it may mean. */
import { NotMangled, type Node } from './printer.js';
import type { Forward } from './pack-nodes.js';

const MOST_DEPTH = 200;

/** The parsers of the other parts of the grammar, which all lead back to each other. */
export interface Grammar {
  readonly encoding: (p: Mangled, withResult?: boolean) => Node;
  readonly name: (p: Mangled, traits: NameTraits | null) => Node;
  readonly unqualifiedName: (p: Mangled, traits: NameTraits | null, scope: Node | null) => Node;
  readonly substitution: (p: Mangled, isScope: boolean) => Node;
  readonly expression: (p: Mangled) => Node;
  readonly literal: (p: Mangled) => Node;
}

/** What a name says of the function it belongs to. */
export interface NameTraits {
  /** Constructors, destructors and conversions have no result in their encoding. */
  isSpecialMember: boolean;
  endsWithArguments: boolean;
  qualifiers: string;
}

export class Mangled {
  readonly text: string;
  readonly grammar: Grammar;
  at = 0;
  /** What `S_`, `S0_`, … stand for. */
  readonly substitutions: Node[] = [];
  /** Which substitutions are bare template parameters: within another template they stand for its own arguments. */
  readonly parameterOfSubstitution = new Map<number, number>();
  /** What `T_`, `T0_`, … stand for. */
  parameters: Node[] = [];
  readonly forwards: Forward[] = [];
  /** Set while the type of a conversion operator is parsed: its parameters' arguments come behind it. */
  mayRefForward = false;
  /** Set among the parameters of a lambda: template parameters there are `auto`. */
  isInLambda = false;
  #depth = 0;

  constructor(text: string, grammar: Grammar) {
    this.text = text;
    this.grammar = grammar;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  startsWith(code: string): boolean {
    return this.text.startsWith(code, this.at);
  }

  /** Takes `code` if it comes next. */
  take(code: string): boolean {
    if (!this.startsWith(code)) return false;
    this.at += code.length;
    return true;
  }

  expect(code: string): void {
    if (!this.take(code)) throw new NotMangled(`no ${code} at ${this.at}`);
  }

  next(length = 1): string {
    if (this.at + length > this.text.length) throw new NotMangled('ends early');
    const taken = this.text.slice(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  /** Digits as they stand, '' for none. */
  digits(): string {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.text.slice(start, this.at);
  }

  number(): number {
    const digits = this.digits();
    if (digits === '' || digits.length > 9) throw new NotMangled(`no number at ${this.at}`);
    return Number(digits);
  }

  /** `_` is 0, `0_` is 1, …: the form of indices, in base 10 or 36. */
  index(base: 10 | 36 = 10): number {
    const start = this.at;
    const isPart =
      base === 10 ? isDigit : (character: string) => isDigit(character) || (character >= 'A' && character <= 'Z');
    while (isPart(this.peek())) this.at++;
    const digits = this.text.slice(start, this.at);
    this.expect('_');
    if (digits.length > 6) throw new NotMangled('an index is too large');
    return digits === '' ? 0 : Number.parseInt(digits, base) + 1;
  }

  /** Parses one level deeper. */
  deeper<T>(parse: () => T): T {
    if (++this.#depth > MOST_DEPTH) throw new NotMangled('too deep');
    const result = parse();
    this.#depth--;
    return result;
  }

  remember(node: Node): Node {
    this.substitutions.push(node);
    return node;
  }
}

export function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
