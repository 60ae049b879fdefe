/**
 * Labels of a flame graph → the same with their lines of source, where these came with the profile or lie in a folder that
 * may be read; only for frames that are wide enough to show one.
 */
import type { FlameLabel, Profile, SourceLookup } from '@memscope/model';

/** In pixels. */
const LEAST_WIDTH = 40;
const LONGEST_LINE = 160;

/** The text of a line of a recorded file, without what stands around it; null where it is not at hand. */
export type FindLine = (file: string, line: number) => string | null;

/** Lines that came with the profiles first: they are those of the recording. */
export function sourceLineOf(profiles: readonly Profile[], sources: SourceLookup | null): FindLine {
  const recorded = profiles.map((profile) => profile.sourceLines());
  return (file, line) => {
    let text = recorded.map((lines) => lines.get(file)?.get(line)).find((each) => each !== undefined);
    if (text === undefined && sources !== null) {
      const found = sources.find(file, line);
      if (typeof found !== 'string') text = found.lines[line - 1];
    }
    const short = text?.trim().slice(0, LONGEST_LINE) ?? '';
    return short === '' ? null : short;
  };
}

/** By node; the first is the root, which is `width` pixels wide. */
export interface LabelledNodes {
  /** Position in `labels`. */
  readonly label: Float64Array | Uint32Array;
  readonly weight: Float64Array | Uint32Array;
  readonly width: number;
}

export function withSources(
  labels: readonly FlameLabel[],
  { label: labelOf, weight, width }: LabelledNodes,
  findLine: FindLine,
): FlameLabel[] {
  const widest = new Float64Array(labels.length);
  for (const [node, label] of labelOf.entries()) {
    if (weight[node]! > widest[label]!) widest[label] = weight[node]!;
  }
  const least = (LEAST_WIDTH * weight[0]!) / width;
  return labels.map((label, at): FlameLabel => {
    if (widest[at]! < least || label.kind === 'native' || label.file === null || label.line === null) return label;
    const source = findLine(label.file, label.line);
    return source === null ? label : { ...label, source };
  });
}
