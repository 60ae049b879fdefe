/** JSON documents for programs, safe to look at on a terminal. */

import type { DocumentName } from '@memscope/model';

/** Indented text without a line end; only ASCII-safe where a terminal could take characters for commands. */
export function writeJson(document: { readonly schema: DocumentName }): string {
  return JSON.stringify(document, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
