/**
 * What a command prints in a terminal of 80 columns → a picture of it, as it stands in the README (`npm run screenshots --
 * --readme` makes that one):
 *
 *     node .workspace/draw-terminal.mjs .readme/analyze.svg analyze fixtures/growth/l_cache.bin
 *
 * Each stretch of one style is a text that is as wide as its columns, whatever font there is.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [COLUMN, LINE, MARGIN, TITLE] = [8.4, 16.5, 20, 28];
/** By the code of "Select Graphic Rendition": a class of the picture. */
/** @type {Readonly<Record<number, string>>} */
const CLASSES = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 34: 'u', 35: 'm', 36: 'c' };
const STYLE =
  'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb;white-space:pre}' +
  '.b{font-weight:700;fill:#fff}.d{fill:#8b98a9}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#e3b341}.u{fill:#79c0ff}' +
  '.m{fill:#d2a8ff}.c{fill:#76e3ea}';

const cli = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const [output, command, capture, ...rest] = process.argv.slice(2);
if (output === undefined || command === undefined || capture === undefined)
  throw new Error('draw-terminal.mjs OUTPUT.svg COMMAND CAPTURE [OPTION…]');
const folder = mkdtempSync(join(tmpdir(), 'memscope-picture-'));
try {
  const profile = join(folder, `${basename(capture)}.memscope`);
  const args = [cli, command, capture, '-o', profile, ...rest];
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: '1', COLUMNS: '80' };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  writeFileSync(output, `${draw(stdout.trimEnd().split('\n'), `${command} of ${basename(capture)}`)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * @param {readonly string[]} lines
 * @param {string} subject
 */
function draw(lines, subject) {
  const width = Math.round(2 * MARGIN + 80 * COLUMN);
  const height = Math.ceil(TITLE + lines.length * LINE + MARGIN / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What memscope prints: ${escape(subject)}">`,
    `<style>${STYLE}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0f1720"/>`,
    ...lines.flatMap((line, at) => drawLine(line, TITLE + at * LINE)),
    '</svg>',
  ].join('\n');
}

/**
 * @param {string} line
 * @param {number} y
 */
function drawLine(line, y) {
  const texts = [];
  /** @type {ReadonlySet<string>} */
  let classes = new Set();
  let column = 0;
  // eslint-disable-next-line no-control-regex
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    if (part.startsWith('\u001b')) classes = styled(classes, part);
    else if (part !== '') {
      const columns = Array.from(part).length;
      const style = classes.size === 0 ? '' : ` class="${[...classes].join(' ')}"`;
      const place = `x="${(MARGIN + column * COLUMN).toFixed(1)}" y="${y.toFixed(1)}" textLength="${(columns * COLUMN).toFixed(1)}"`;
      if (part.trim() !== '')
        texts.push(
          `<text ${place} lengthAdjust="spacingAndGlyphs" xml:space="preserve"${style}>${escape(part)}</text>`,
        );
      column += columns;
    }
  }
  return texts;
}

/**
 * @param {ReadonlySet<string>} classes
 * @param {string} sequence
 */
function styled(classes, sequence) {
  const next = new Set(classes);
  for (const code of sequence.slice(2, -1).split(';').map(Number)) {
    if (code === 0) next.clear();
    else if (code === 22) for (const each of 'bd') next.delete(each);
    else if (code === 39) for (const each of 'rgyumc') next.delete(each);
    else if (CLASSES[code] !== undefined) next.add(CLASSES[code]);
  }
  return next;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (each) => `&#${each.codePointAt(0)};`);
}
