/** Open profiles → what questions are put to, with what answering needs of this place. */
import * as vm from 'node:vm';
import { boundedPatternTester, type Profile } from '@memscope/model';
import { cacheProfile, OpenRun, type QueryHost } from '@memscope/query';

import { memscopeVersion } from '../beside-program.js';

export function queryHost(): QueryHost {
  return { testPattern: boundedPatternTester(vm), memscopeVersion: memscopeVersion(), asksOnce: true };
}

/** Profiles that one question is put to, as one; with `lines` those tell both sides apart. Whoever opened them closes them. */
export function runOf(head: readonly Profile[], base: readonly Profile[] = [], lines = false): OpenRun {
  return new OpenRun({ head: head.map(readOnce), base: base.map(readOnce), lines }, queryHost());
}

const known = new WeakMap<Profile, Profile>();

/** A profile that is read as little as can be; the same for the same, as what is found of it is kept with it. */
function readOnce(profile: Profile): Profile {
  let cached = known.get(profile);
  if (cached === undefined) known.set(profile, (cached = cacheProfile(profile, 'once')));
  return cached;
}
