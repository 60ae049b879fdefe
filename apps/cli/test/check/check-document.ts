/** `memscope check` as a document. */
import { expect } from 'vitest';
import type { CheckDocument } from '@memscope/model';

import { runOnDisk } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';

/** What `check … --json` says, held against its schema, and the code it ends with. */
export async function check(...args: string[]): Promise<CheckDocument & { readonly code: number }> {
  const { code, stdout, stderr } = await runOnDisk(['check', ...args, '--json']);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as CheckDocument;
  expectValid('check-1', document);
  return { ...document, code };
}
