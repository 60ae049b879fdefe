/** Which package may import which, and where each runs: the table that `import-direction.ts` checks. */

/** What one package may do. */
export interface PackageRule {
  /** The name in its package.json. */
  readonly name: string;
  /** Folders of the workspace's packages that it may import. */
  readonly mayImport: readonly string[];
  /** Folders of packages that only its tests use: allowed as devDependencies, never in its sources. */
  readonly testsMayUse?: readonly string[];
  /** Files that it exports beside its index, because they bring along what users of the index do without. */
  readonly alsoExports?: readonly string[];
  /** Whether it may import Node's own modules. */
  readonly runsOnlyInNode: boolean;
  /** Whether its dependencies are bundled, so that they may be devDependencies. */
  readonly isBundled?: boolean;
}

/** The table, by folder. A package that is not in it fails the check. */
export const importTable: Readonly<Record<string, PackageRule>> = {
  'packages/kernel': { name: '@memscope/kernel', mayImport: [], runsOnlyInNode: true },
  'packages/model': {
    name: '@memscope/model',
    mayImport: [],
    alsoExports: [
      'analysis/libraries/parse-library-rules',
      'diff/compared-measures',
      'documents/all-documents',
      'documents/baseline',
      'documents/check-config',
      'history/find-trend',
      'out-of-memory',
      'recorded',
      'text/printable',
      'view/groupings',
      'view/view-choices',
      'view/view-parts',
    ],
    runsOnlyInNode: false,
  },
  'packages/store': {
    name: '@memscope/store',
    mayImport: ['packages/model'],
    alsoExports: ['cache-folder', 'profile-meta', 'profile-writer', 'remap-lifetimes', 'sum-native-sites'],
    runsOnlyInNode: true,
  },
  'packages/symbols': {
    name: '@memscope/symbols',
    mayImport: ['packages/model'],
    testsMayUse: ['packages/kernel'],
    runsOnlyInNode: true,
  },
  'packages/ingest': {
    name: '@memscope/ingest',
    mayImport: ['packages/kernel', 'packages/model', 'packages/symbols', 'packages/store'],
    runsOnlyInNode: true,
  },
  'packages/query': {
    name: '@memscope/query',
    mayImport: ['packages/model'],
    testsMayUse: ['packages/store', 'packages/ingest'],
    runsOnlyInNode: false,
  },
  'packages/server': {
    name: '@memscope/server',
    mayImport: ['packages/model', 'packages/query', 'packages/store', 'packages/ingest'],
    runsOnlyInNode: true,
  },
  'apps/cli': {
    name: 'memscope',
    mayImport: [
      'packages/server',
      'packages/query',
      'packages/ingest',
      'packages/store',
      'packages/symbols',
      'packages/model',
    ],
    runsOnlyInNode: true,
    isBundled: true,
  },
  'apps/web': {
    name: '@memscope/web',
    mayImport: ['packages/model', 'packages/query'],
    runsOnlyInNode: false,
    isBundled: true,
  },
  fixtures: { name: '@memscope/fixtures', mayImport: [], runsOnlyInNode: true },
  bench: {
    name: '@memscope/bench',
    mayImport: [
      'packages/kernel',
      'packages/model',
      'packages/symbols',
      'packages/store',
      'packages/ingest',
      'fixtures',
    ],
    runsOnlyInNode: true,
  },
};

/** What may stand at the top level, besides dotfiles and what Git ignores. */
export const topLevel: readonly string[] = [
  'LICENSE',
  'README.md',
  'apps',
  'bench',
  'fixtures',
  'package.json',
  'packages',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
];
