/** What is named of the head and of the baseline → the tests of both, where they are folders that pytest-memray filled. */
import { existsSync } from 'node:fs';
import { printable } from '@memscope/model/text/printable';
import { StoreError } from '@memscope/store';

import { UsageError } from '../../exit-code.js';
import { isFolder } from '../../options/require-folder.js';
import type { ChosenBaseline } from '../chosen-baseline.js';
import type { BaseTests } from './check-tests.js';
import { captureNames, isTestFolder, listTests, type TestCapture } from './list-tests.js';

/** Null where captures are named, not what pytest left of its tests. Throws `UsageError`, and `StoreError` for what is not there. */
export function sidesOfTests(
  head: readonly string[],
  named: readonly string[],
  { tests }: ChosenBaseline,
): { readonly base: BaseTests | null; readonly head: readonly TestCapture[] } | null {
  const isOfTests = head.some((path) => isTestFolder(path));
  if (tests === null && !isOfTests) return null;
  const [folder = '', other] = head;
  if (other !== undefined) refuseTests(`several are named, ${printable(folder)} and ${printable(other)}`);
  if (!isOfTests) refuseTests(`the baseline is of tests, and ${printable(folder)} ${whyNoTests(folder, 'the head')}`);
  const [path] = named;
  if (path !== undefined && tests === null)
    refuseTests(
      `${printable(folder)} is of tests, and the baseline ${printable(path)} ${whyNoTests(path, 'the baseline')}`,
    );
  return { base: tests, head: listTests(head[0]!) };
}

function refuseTests(why: string): never {
  throw new UsageError(
    `check: ${why}; of tests name one folder that pytest-memray filled, and as the baseline another, or a file of \`memscope baseline update\``,
  );
}

/** A folder that is missing or empty is what a missing capture is. Throws `StoreError`. */
function whyNoTests(path: string, side: string): string {
  const missing = (found: string): StoreError =>
    new StoreError('cannotRead', path, `${found}; ${side} has to be a folder that pytest-memray filled`);
  if (!existsSync(path)) throw missing('is not there');
  if (!isFolder(path)) return 'is no folder';
  if (captureNames(path).length === 0) throw missing('holds no capture');
  return 'holds other captures than those of tests';
}
