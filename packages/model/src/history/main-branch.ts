/** Branches of a history → the one that is meant where none is named. */
const USUAL = ['main', 'master', 'trunk', 'develop'];

/** The only one, or the one of a usual name; null where there is none, or nobody can know. */
export function mainBranch(branches: readonly string[]): string | null {
  if (branches.length < 2) return branches[0] ?? null;
  return USUAL.find((name) => branches.includes(name)) ?? null;
}
