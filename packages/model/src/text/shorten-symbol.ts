/**
 * Names of C++ and Rust functions → the same without what fills their brackets, as far as it takes to fit:
 * "<Map<Iter<u8>, F> as Iterator>::next" → "<Map<…> as Iterator>::next". The deepest go first, and never a part of one, so
 * that what is left reads as one name.
 */

const ELIDED = '…';
const CLOSING: Readonly<Record<string, string>> = { '<': '>', '(': ')' };
/** "operator<<", "operator->": no brackets; "(anonymous namespace)" is a name. */
const PLAIN = /operator(?:\(\)|[<>=!-]+)|->|=>|\(anonymous namespace\)/y;

interface Bracket {
  readonly from: number;
  readonly to: number;
  /** How many are around it. */
  readonly depth: number;
}

/** Null where brackets do not pair, so that nothing is known of it. */
function bracketsOf(name: string): Bracket[] | null {
  const found: Bracket[] = [];
  const open: number[] = [];
  for (let at = 0; at < name.length; at++) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(name);
    if (plain !== null) {
      at += plain[0].length - 1;
      continue;
    }
    const letter = name[at]!;
    if (letter in CLOSING) open.push(at);
    else if (letter === '>' || letter === ')') {
      const from = open.pop();
      if (from === undefined || CLOSING[name[from]!] !== letter) return null;
      found.push({ from, to: at, depth: open.length });
    }
  }
  return open.length === 0 ? found : null;
}

/** At most `longest` characters, where leaving out brackets is enough; else as short as that makes it. */
export function shortenSymbol(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const brackets = bracketsOf(name);
  if (brackets === null) return name;
  let shorter = name;
  const deepest = brackets.reduce((most, { depth }) => Math.max(most, depth), 0);
  for (let depth = deepest; depth >= 0 && shorter.length > longest; depth--) {
    shorter = elide(
      name,
      brackets.filter((each) => each.depth === depth),
    );
  }
  return shorter;
}

/** `brackets` do not overlap; they are in the order of their ends. */
function elide(name: string, brackets: readonly Bracket[]): string {
  let text = '';
  let end = 0;
  for (const { from, to } of brackets) {
    const isLong = to - from - 1 > ELIDED.length;
    text += isLong ? `${name.slice(end, from + 1)}${ELIDED}` : name.slice(end, to);
    end = to;
  }
  return text + name.slice(end);
}
