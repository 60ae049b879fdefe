/** Imports that hold a large part of the peak, by the line of the program that imports. */
import { describeArenaPart } from '../arenas.js';
import { countNoun, formatBytes, formatShare } from '../format-quantity.js';
import type { GrowthPlace } from '../../growth/growth.js';
import { moduleOfFile } from '../module-of-file.js';
import type { PeakPart } from '../peak/peak-parts.js';
import { viewOf } from './finding-view.js';
import { cutName, lineFilter, nameLine } from './finding-place.js';
import { MIB, windowOf, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.25;
const LEAST_BYTES = 4 * MIB;
/** Of the peak: other imports that are worth a word. */
const LEAST_OTHER_SHARE = 0.05;
const MOST_OTHERS = 3;

export function findHeldImports({ parts, growth }: FindingSource): Finding | null {
  if (parts === null) return null;
  const { peak } = parts;
  // What is imported again and again is told as what grows.
  const isRepeated = (way: readonly GrowthPlace[]): boolean =>
    way.some(({ file }) => moduleOfFile(file).kind === 'importSystem');
  const grown = growth.growths.flatMap(({ verdict, way }) => (verdict === 'grows' && isRepeated(way) ? way : []));
  const isTold = ({ file, line }: GrowthPlace): boolean =>
    grown.some((each) => each.file === file && each.line === line);
  const imports = parts.parts.filter(({ kind, place }) => kind === 'import' && place !== null && !isTold(place));
  const [first, ...others] = imports;
  const place = first?.place ?? null;
  if (first === undefined || place === null) return null;
  const all = imports.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all < Math.max(LEAST_BYTES, LEAST_SHARE * peak.bytes) || first.bytes < LEAST_OTHER_SHARE * peak.bytes)
    return null;
  const more = others.filter(({ bytes }) => bytes >= LEAST_OTHER_SHARE * peak.bytes).slice(0, MOST_OTHERS);
  const told = [
    `${formatShare(first.bytes, peak.bytes)} of the ${formatBytes(peak.bytes)} that are live at the peak, in ` +
      `${countNoun(first.count, 'allocation')}.`,
    ...(first.arenas === 0 ? [] : [describeArenaPart(first)]),
    ...(more.length === 0
      ? []
      : [`Other imports: ${more.map((each) => `${nameImport(each)} ${formatBytes(each.bytes)}`).join('; ')}.`]),
    'A process that does not need it saves that by importing later, or not at all.',
  ];
  return {
    rule: 'importsHold',
    severity: 'note',
    title:
      first.imported === null
        ? `What ${nameLine(place)} imports holds ${formatBytes(first.bytes)}`
        : `Importing ${nameImport(first)}, holds ${formatBytes(first.bytes)}`,
    text: told.join(' '),
    evidence: { importBytes: first.bytes, allImportBytes: all, peakBytes: peak.bytes },
    bytes: first.bytes,
    location: place,
    way: [place],
    view: viewOf('tree', { measure: 'peak', filter: lineFilter(place), window: windowOf(peak) }),
  };
}

/** "pandas, app/charts.py:4" */
function nameImport({ imported, place }: PeakPart): string {
  const name = imported === null ? '' : `${cutName(imported)}, `;
  return `${name}${place === null ? '?' : nameLine(place)}`;
}
