/**
 * Folders of `--source` → the same profiles with the lines that their Python frames mention, as if they had come with the
 * recording: a report takes them along. Only files in those folders are read, and only so many lines of so many letters.
 */
import { PYTHON_FRAME, type Profile, type SourceLookup } from '@memscope/model';

const MOST_LINES = 20_000;
/** UTF-16 units of a line. */
const LONGEST_LINE = 300;

/** Lines that came with a profile stay: they are those of the recording. */
export function takeSourceLines(profile: Profile, sources: SourceLookup): Profile {
  const lines = new Map(Array.from(profile.sourceLines(), ([file, texts]) => [file, new Map(texts)]));
  let left = MOST_LINES;
  for (const [file, wanted] of mentionedLines(profile)) {
    const found = sources.find(file, Math.max(...wanted));
    if (typeof found === 'string') continue;
    const texts = lines.get(file) ?? new Map<number, string>();
    for (const line of wanted) {
      if (left === 0) break;
      if (texts.has(line)) continue;
      texts.set(line, found.lines[line - 1]!.trimEnd().slice(0, LONGEST_LINE));
      left--;
    }
    if (texts.size > 0) lines.set(file, texts);
  }
  return { ...profile, sourceLines: () => lines };
}

function mentionedLines(profile: Profile): Map<string, number[]> {
  const { frames } = profile.stackTables();
  const byFile = new Map<string, Set<number>>();
  for (let frame = 0; frame < frames.length; frame++) {
    const [file, line] = [frames.file[frame], frames.line[frame]!];
    if (frames.kind[frame] !== PYTHON_FRAME || file === null || file === undefined || line <= 0) continue;
    byFile.set(file, (byFile.get(file) ?? new Set()).add(line));
  }
  return new Map(Array.from(byFile, ([file, lines]) => [file, [...lines].sort((a, b) => a - b)]));
}
