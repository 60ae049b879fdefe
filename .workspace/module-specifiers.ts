/**
 * Finds every module specifier in a source text: `import`, `export … from`, type imports, `import()` in code and in
 * types, `require()`, `import.meta.resolve()`, `new URL('…', …)` and `/// <reference path>`. A tokenizer rather than a
 * parser, after ECMAScript's lexical grammar: comments, strings, templates and regular expressions are told apart, so
 * that a specifier in a comment or inside a string is none.
 */

/** One specifier as written, or `undefined` where an `import()` or `require()` computes it. */
export interface ModuleSpecifier {
  readonly text: string | undefined;
  /** `url`: the first argument of `new URL`, which need not be a module. */
  readonly kind: 'module' | 'url';
  /** Counted from 1. */
  readonly line: number;
}

interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'mark' | 'reference';
  readonly text: string;
  readonly start: number;
}

/** Returns the specifiers in the order of the text. Never throws: text that cannot be told apart ends the search. */
export function findModuleSpecifiers(source: string): ModuleSpecifier[] {
  const tokens = tokenize(source);
  const found: ModuleSpecifier[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const before = (back: number): string => tokens[at - back]?.text ?? '';
    const after = (ahead: number): Token | undefined => tokens[at + ahead];
    const add = (text: string | undefined, kind: ModuleSpecifier['kind'] = 'module'): void => {
      found.push({ text, kind, line: lineOf(source, token.start) });
    };

    if (token.kind === 'reference') add(token.text);
    if (token.kind === 'string' && (before(1) === 'from' || before(1) === 'import') && before(2) !== '.')
      add(token.text);
    if (token.kind !== 'word' || after(1)?.text !== '(') continue;

    const argument = after(2);
    const isLiteral = argument?.kind === 'string' && (after(3)?.text === ')' || after(3)?.text === ',');
    const isCall = before(1) !== '.' && before(1) !== 'function';
    if ((token.text === 'import' || token.text === 'require') && isCall) add(isLiteral ? argument.text : undefined);
    if (token.text === 'resolve' && before(1) === '.' && before(2) === 'meta')
      add(isLiteral ? argument.text : undefined);
    if (token.text === 'URL' && before(1) === 'new' && isLiteral) add(argument.text, 'url');
  }
  return found;
}

const tokenPattern = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<reference>///\s*<reference\s+path\s*=\s*(?<quote>["'])(?<path>.*?)\k<quote>)`,
    String.raw`(?<comment>//[^\n]*|/\*[^]*?(?:\*/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')`,
    String.raw`(?<word>[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*)`,
    String.raw`(?<number>\.?\d[\w.]*)`,
    String.raw`(?<mark>[^])`,
  ].join('|'),
  'uy',
);
const regexPattern = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const templatePiece = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;
const wordsBeforeRegex = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'void',
  'delete',
  'throw',
  'new',
  'else',
  'do',
]);

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  // Open braces; `true` where the brace was opened by `${` of a template.
  const braces: boolean[] = [];
  let at = 0;

  const matchHere = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const readTemplatePiece = (start: number, isWhole: boolean): void => {
    const text = matchHere(templatePiece)?.[0] ?? '';
    at += text.length;
    if (source[at] === '`') {
      at++;
      tokens.push({ kind: isWhole ? 'string' : 'template', text, start });
    } else {
      at += 2;
      braces.push(true);
      tokens.push({ kind: 'mark', text: '${', start });
    }
  };

  while (at < source.length) {
    const start = at;
    const match = matchHere(tokenPattern);
    if (match === null) break;
    const { reference, path, comment, space, string, word, number } = match.groups!;
    const text = match[0];
    if (text === '`') {
      at++;
      readTemplatePiece(start, true);
    } else if (text === '/' && mayStartRegex(tokens.at(-1))) {
      at += matchHere(regexPattern)?.[0].length ?? 1;
      tokens.push({ kind: 'regex', text: '', start });
    } else if (text === '}' && braces.pop() === true) {
      at++;
      readTemplatePiece(start, false);
    } else {
      at += text.length;
      if (reference !== undefined) tokens.push({ kind: 'reference', text: path ?? '', start });
      else if (string !== undefined) tokens.push({ kind: 'string', text: unescape(text.slice(1, -1)), start });
      else if (word !== undefined) tokens.push({ kind: 'word', text, start });
      else if (number !== undefined) tokens.push({ kind: 'number', text, start });
      else if (comment === undefined && space === undefined) tokens.push({ kind: 'mark', text, start });
      if (text === '{') braces.push(false);
    }
  }
  return tokens;
}

/** A slash divides after a value and starts a regular expression elsewhere. */
function mayStartRegex(previous: Token | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'word') return wordsBeforeRegex.has(previous.text);
  return previous.kind === 'mark' && !')]}'.includes(previous.text);
}

/** Undoes the escapes by which a specifier could be hidden. */
function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (_whole, braced, four, two, other) => {
      const code: string | undefined = braced ?? four ?? two;
      return code === undefined ? String(other) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
