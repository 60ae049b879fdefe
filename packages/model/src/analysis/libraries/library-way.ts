/** The way from the application to a library's memory → its steps: "serve.py:31", "torch.nn", "ATen". */
import type { LibraryUsage } from './library-usage.js';

export interface LibraryWay extends Pick<LibraryUsage, 'library' | 'through'> {
  readonly application: { readonly file: string | null; readonly line: number } | null;
}

/** From the application inwards; empty where no frame of the application leads there. */
export function stepsToLibrary({ application, through, library }: LibraryWay): string[] {
  if (application === null) return [];
  const { file, line } = application;
  const name = (file ?? '?').replace(/^.*[\\/](?=[^\\/])/, '');
  return [
    line > 0 ? `${name}:${line}` : name,
    ...(through === null ? [] : [through]),
    ...(library === null || library === 'application' || library === through ? [] : [library]),
  ];
}
