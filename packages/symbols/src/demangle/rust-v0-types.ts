/** Types, lifetimes and constants of Rust's v0 mangling (RFC 2603), and the reading of its numbers. */
import { NotMangled } from './printer.js';

const BASIC_TYPES: ReadonlyMap<string, string> = new Map([
  ['a', 'i8'],
  ['b', 'bool'],
  ['c', 'char'],
  ['d', 'f64'],
  ['e', 'str'],
  ['f', 'f32'],
  ['h', 'u8'],
  ['i', 'isize'],
  ['j', 'usize'],
  ['l', 'i32'],
  ['m', 'u32'],
  ['n', 'i128'],
  ['o', 'u128'],
  ['p', '_'],
  ['s', 'i16'],
  ['t', 'u16'],
  ['u', '()'],
  ['v', '...'],
  ['x', 'i64'],
  ['y', 'u64'],
  ['z', '!'],
]);
const SIGNED_TYPES = 'asxlni';
const MOST_DEPTH = 200;
const MOST_STEPS = 50_000;
const MOST_CHARACTERS = 1 << 16;

export abstract class RustTypes {
  text = '';
  readonly #mangled: string;
  #at = 0;
  #depth = 0;
  #steps = 0;
  /** Lifetimes that enclosing `for<…>` name. */
  #boundLifetimes = 0;

  constructor(mangled: string) {
    this.#mangled = mangled;
  }

  abstract path(isValue: boolean): void;
  abstract identifier(): string;

  genericArgument(): void {
    if (this.take('L')) this.#lifetime();
    else if (this.take('K')) this.#constant();
    else this.type();
  }

  type(): void {
    this.deeper(() => this.#oneType());
  }

  #oneType(): void {
    const code = this.peek();
    const basic = BASIC_TYPES.get(code);
    if (basic !== undefined) {
      this.next();
      this.add(basic);
      return;
    }
    switch (code) {
      case 'A':
      case 'S':
        this.next();
        this.add('[');
        this.type();
        if (code === 'A') {
          this.add('; ');
          this.#constant();
        }
        this.add(']');
        return;
      case 'T': {
        this.next();
        this.add('(');
        const count = this.list(() => this.type(), ', ');
        this.add(count === 1 ? ',)' : ')');
        return;
      }
      case 'R':
      case 'Q':
        this.next();
        this.add('&');
        if (this.take('L')) {
          const before = this.text.length;
          this.#lifetime();
          // A lifetime that was erased is not written.
          if (this.text.endsWith("'_")) this.text = this.text.slice(0, before);
          else this.add(' ');
        }
        if (code === 'Q') this.add('mut ');
        this.type();
        return;
      case 'P':
      case 'O':
        this.next();
        this.add(code === 'P' ? '*const ' : '*mut ');
        this.type();
        return;
      case 'F':
        this.next();
        this.#function();
        return;
      case 'D':
        this.next();
        this.#dynamic();
        return;
      case 'B':
        this.next();
        this.backReference(() => this.type());
        return;
      default:
        this.path(false);
    }
  }

  #function(): void {
    this.#withBinder(() => {
      if (this.take('U')) this.add('unsafe ');
      if (this.take('K'))
        this.add(this.take('C') ? 'extern "C" ' : `extern "${this.identifier().replaceAll('_', '-')}" `);
      this.add('fn(');
      this.list(() => this.type(), ', ');
      this.add(')');
      if (this.take('u')) return;
      this.add(' -> ');
      this.type();
    });
  }

  #dynamic(): void {
    this.add('dyn ');
    this.#withBinder(() => this.list(() => this.#dynamicTrait(), ' + '));
    if (!this.take('L')) throw new NotMangled('no lifetime');
    const before = this.text.length;
    this.add(' + ');
    this.#lifetime();
    if (this.text.endsWith("'_")) this.text = this.text.slice(0, before);
  }

  /** Associated types go into the trait's own angle brackets. */
  #dynamicTrait(): void {
    this.path(false);
    let isFirst = true;
    const isGeneric = this.text.endsWith('>');
    while (this.take('p')) {
      if (isFirst && isGeneric) this.text = `${this.text.slice(0, -1)}, `;
      else this.add(isFirst ? '<' : ', ');
      isFirst = false;
      this.add(`${this.identifier()} = `);
      this.type();
    }
    if (!isFirst) this.add('>');
  }

  #withBinder(inner: () => void): void {
    const before = this.#boundLifetimes;
    const count = this.take('G') ? this.base62() + 1 : 0;
    if (count > MOST_DEPTH) throw new NotMangled('too many lifetimes');
    if (count > 0) {
      this.add('for<');
      for (let index = 0; index < count; index++) {
        this.#boundLifetimes++;
        this.add(`${index > 0 ? ', ' : ''}${this.#nameOfLifetime(1)}`);
      }
      this.add('> ');
    }
    inner();
    this.#boundLifetimes = before;
  }

  #lifetime(): void {
    const index = this.base62();
    this.add(index === 0 ? "'_" : this.#nameOfLifetime(index));
  }

  #nameOfLifetime(index: number): string {
    const depth = this.#boundLifetimes - index;
    if (depth < 0) throw new NotMangled('an unbound lifetime');
    return depth < 26 ? `'${String.fromCodePoint(97 + depth)}` : `'_${depth}`;
  }

  #constant(): void {
    if (this.take('B')) {
      this.backReference(() => this.#constant());
      return;
    }
    const type = this.next();
    if (type === 'p') return this.add('_');
    const isNegative = SIGNED_TYPES.includes(type) && this.take('n');
    const digits = this.#hexadecimal();
    const value = BigInt(`0x${digits === '' ? '0' : digits}`);
    if (type === 'b') this.add(value === 0n ? 'false' : 'true');
    else if (type === 'c')
      this.add(value <= 0x10_ffffn ? `'${String.fromCodePoint(Number(value))}'` : `'\\u{${digits}}'`);
    else if (`${SIGNED_TYPES}htmyoj`.includes(type)) this.add(`${isNegative ? '-' : ''}${value}`);
    else throw new NotMangled(`no constant of type ${type}`);
  }

  #hexadecimal(): string {
    const end = this.#mangled.indexOf('_', this.#at);
    const digits = end < 0 ? 'x' : this.next(end - this.#at);
    this.next();
    if (!/^[0-9a-f]{0,32}$/.test(digits)) throw new NotMangled('no constant');
    return digits;
  }

  backReference(read: () => void): void {
    const start = this.#at - 1;
    const target = this.base62();
    if (target >= start) throw new NotMangled('a reference ahead');
    const back = this.#at;
    this.#at = target;
    this.deeper(read);
    this.#at = back;
  }

  /** Up to `E`; returns how many there were. */
  list(read: () => void, separator: string): number {
    let count = 0;
    while (!this.take('E')) {
      if (count++ > 0) this.add(separator);
      read();
    }
    return count;
  }

  /** Reads without writing. */
  silently(read: () => void): void {
    const before = this.text;
    read();
    this.text = before;
  }

  disambiguator(): number {
    return this.take('s') ? this.base62() + 1 : 0;
  }

  /** `_` is 0, `0_` is 1, … in digits 0-9, a-z, A-Z. */
  base62(): number {
    let value = 0;
    for (let isFirst = true; ; isFirst = false) {
      const character = this.next();
      if (character === '_') return isFirst ? 0 : value + 1;
      const digit = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(character);
      if (digit < 0) throw new NotMangled('no number');
      // Hashes of crates have 64 bits; only small numbers are ever used.
      value = value * 62 + digit;
    }
  }

  decimal(): number {
    let digits = this.next();
    if (digits !== '0') while (/\d/.test(this.peek())) digits += this.next();
    if (!/^\d{1,6}$/.test(digits)) throw new NotMangled('no length');
    return Number(digits);
  }

  deeper(read: () => void): void {
    if (++this.#depth > MOST_DEPTH || ++this.#steps > MOST_STEPS) throw new NotMangled('too deep');
    read();
    this.#depth--;
  }

  add(text: string): void {
    this.text += text;
    if (this.text.length > MOST_CHARACTERS) throw new NotMangled('too long');
  }

  peek(): string {
    return this.#mangled[this.#at] ?? '';
  }

  take(code: string): boolean {
    if (this.peek() !== code) return false;
    this.#at++;
    return true;
  }

  next(length = 1): string {
    if (this.#at + length > this.#mangled.length) throw new NotMangled('ends early');
    this.#at += length;
    return this.#mangled.slice(this.#at - length, this.#at);
  }
}
