/** Open profiles → what questions are put to, with what answering needs of this place. */
import * as vm from 'node:vm';
import { boundedPatternTester, type Profile } from '@memscope/model';
import { OpenRun, type QueryHost } from '@memscope/query';

import { memscopeVersion } from '../beside-program.js';

export function queryHost(): QueryHost {
  return { testPattern: boundedPatternTester(vm), memscopeVersion: memscopeVersion() };
}

/** Profiles that one question is put to, as one; with `lines` those tell both sides apart. Whoever opened them closes them. */
export function runOf(head: readonly Profile[], base: readonly Profile[] = [], lines = false): OpenRun {
  return new OpenRun({ head, base, lines }, queryHost());
}
