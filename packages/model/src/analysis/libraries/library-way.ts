/** The way from the application to a library's memory → its steps: "serve.py:31", "torch.nn", "ATen". */
import { nameCategory } from './library-rule.js';
import type { LibraryUsage } from './library-usage.js';

export interface LibraryWay extends Pick<LibraryUsage, 'category' | 'library' | 'through'> {
  readonly application: { readonly file: string | null; readonly line: number } | null;
}

/** From the application inwards; empty where no frame of the application leads there. */
export function stepsToLibrary({ application, through, library, category }: LibraryWay): string[] {
  if (application === null) return [];
  const { file, line } = application;
  const name = (file ?? '?').replace(/^.*[\\/](?=[^\\/])/, '');
  const title = nameCategory(category ?? '');
  return [
    line > 0 ? `${name}:${line}` : name,
    ...(through === null ? [] : [through]),
    ...(library === null || library === 'application' || library === through
      ? []
      : [isCategoryItself(title, library) ? title : library]),
  ];
}

/** Whether a library is all of its category: "import system", "python import system". */
export function isCategoryItself(title: string, library: string | null): boolean {
  return library === title || library === `python ${title}`;
}
