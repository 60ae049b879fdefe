/** Modules of native code → lines for people: a table of all, and below it why frames of some have no name. */
import { countNoun, formatCount, formatShare, type ModuleSymbols, type SymbolNotes } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { isTroubled } from '../reading/warn-symbols.js';
import { captureName } from '../terminal/capture-name.js';
import { shortenMiddle } from '../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { wrapText } from '../terminal/wrap-text.js';

/** From this width on, build ids are shown whole. */
const WIDE = 110;
const SHORT_BUILD_ID = 8;
const REASON_WIDTH = 400;
const NAME_WIDTH = 60;

const REMEDIES =
  '--sysroot DIR, the root of the machine or image that was recorded; --symbol-path DIR, debug files by build id; or ' +
  'memscope symbols pack where the capture was made, and its file beside the capture. A profile keeps the names it has: ' +
  'where files have come since, --force looks again.';
const STRIPPED =
  'Modules that were found and still have frames without names are stripped: give their debug files with ' +
  '--symbol-path, or have them fetched with --debuginfod.';

const ORIGINS: Readonly<Record<ModuleSymbols['from'], string>> = {
  files: 'found',
  cache: 'found, cached',
  bundle: 'in the bundle',
};

const STATES: Readonly<Record<Exclude<ModuleSymbols['status'], 'found'>, string>> = {
  missing: 'missing',
  mismatch: 'other file',
  unreadable: 'unreadable',
};

/** `modules` are those of the notes, in the order to be shown. */
export function drawModules(
  path: string,
  symbols: SymbolNotes,
  modules: readonly ModuleSymbols[],
  style: ReportStyle,
): string[] {
  const { width, palette, count } = style;
  const frames = modules.reduce((sum, { positions }) => sum + positions, 0);
  const named = modules.reduce((sum, { resolved }) => sum + resolved, 0);
  const { asMemray, byModule, pythonOnly } = symbols.joined;
  const program = symbols.symbolizer === null ? 'no symbolizer' : `by ${printable(symbols.symbolizer)}`;
  const shown = modules.slice(0, count);
  const troubled = shown.filter((module) => isTroubled(module));
  return [
    heading('Modules of native code', shortenMiddle(captureName(path), width - 24), style),
    ...paragraph(
      `${formatCount(named)} of ${countNoun(frames, 'frame')} in ${countNoun(modules.length, 'module')} ${named === 1 ? 'has a name' : 'have names'} ` +
        `(${program}).`,
      style,
    ),
    ...paragraph(
      `Stacks: ${countNoun(asMemray, 'site')} joined as memray does, ${formatCount(byModule)} where the interpreter ` +
        `is entered, ${formatCount(pythonOnly)} without native frames.`,
      style,
    ),
    ...symbols.warnings.flatMap((warning) => paragraph(printable(warning), style)),
    '',
    ...layOutTable(
      columnsOf(style),
      shown.map((module) => cellsOf(module, width)),
      {
        width,
        titlePaint: palette.faint,
      },
    ),
    ...(shown.length < modules.length
      ? paragraph(`And ${formatCount(modules.length - shown.length)} more.`, style)
      : []),
    ...(troubled.length === 0 ? [] : ['', heading('Why frames have no name', '', style)]),
    ...explain(troubled, style),
    ...(troubled.length === 0 ? [] : ['', heading('What gives them names', '', style), ...paragraph(REMEDIES, style)]),
    ...(shown.some(isStripped) ? ['', ...paragraph(STRIPPED, style).map((line) => palette.faint(line))] : []),
  ];
}

function isStripped({ status, positions, resolved, warning }: ModuleSymbols): boolean {
  return status === 'found' && warning === null && resolved < positions;
}

function columnsOf({ palette, width }: ReportStyle): TableColumn[] {
  return [
    { title: 'Frames', align: 'right', paint: palette.number },
    { title: 'Named', align: 'right' },
    { title: 'Symbols' },
    { title: 'Build id' },
    { title: 'Module', shorten: width < WIDE ? 'end' : 'middle', least: 12 },
  ];
}

function cellsOf(module: ModuleSymbols, width: number): string[] {
  const { positions, resolved, status, from, buildId, name, path } = module;
  const id = printable(buildId ?? '');
  return [
    formatCount(positions),
    positions === 0 ? '' : formatShare(resolved, positions),
    status === 'found' || from === 'bundle' ? ORIGINS[from] : STATES[status],
    width < WIDE ? id.slice(0, SHORT_BUILD_ID) : shortenMiddle(id, 40),
    printable(width < WIDE ? name : path),
  ];
}

/** Modules of one reason share a paragraph. */
function explain(modules: readonly ModuleSymbols[], { width, palette }: ReportStyle): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason, warning } of modules) {
    const why = [warning, reason].filter((text) => text !== null).join('; ');
    const sentence = shortenMiddle(printable(why === '' ? 'its symbols do not say' : why), REASON_WIDTH);
    const known = names.get(sentence) ?? [];
    known.push(shortenMiddle(printable(name), NAME_WIDTH));
    names.set(sentence, known);
  }
  return [...names].flatMap(([why, of]) =>
    wrapText(`${of.join(', ')}: ${why}`, width - 4).map((line, index) =>
      palette.faint(index === 0 ? `  ${line}` : `    ${line}`),
    ),
  );
}
