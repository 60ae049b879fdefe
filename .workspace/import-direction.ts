/**
 * Checks that imports point only along one table: which package may use which, and where it runs. Looks at every
 * source file, at each package.json and at the project references, and returns what breaks the table with file and
 * line. Tests and build scripts are not sources.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';

import { importTable, topLevel, type PackageRule } from './import-table.ts';
import { findModuleSpecifiers, type ModuleSpecifier } from './module-specifiers.ts';

/** One breach of the table. */
export interface Violation {
  /** From the workspace's folder, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const ignoredByGit = /^node_modules$|\.(?:memscope|tgz)$/;

const sourceFolders = ['src', 'assembly'];
const sourceFile = /\.[cm]?[jt]sx?$/;

interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Returns every breach in the workspace at `root`, by folder and file. */
export function findViolations(root: string, table: Readonly<Record<string, PackageRule>> = importTable): Violation[] {
  const violations: Violation[] = [];
  for (const name of readdirSync(root)) {
    if (name.startsWith('.') || topLevel.includes(name) || ignoredByGit.test(name)) continue;
    violations.push({ file: name, line: 1, message: `${name} does not belong at the top level` });
  }
  for (const folder of packageFolders(root)) {
    const rule = table[folder];
    if (rule === undefined) {
      violations.push({ file: `${folder}/package.json`, line: 1, message: `${folder} is not in the import table` });
      continue;
    }
    const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    violations.push(...checkManifest(root, folder, rule, manifest, table), ...checkReferences(root, folder, rule));
    for (const file of sourceFolders.flatMap((name) => filesBelow(root, `${folder}/${name}`))) {
      for (const specifier of findModuleSpecifiers(readFileSync(join(root, file), 'utf8'))) {
        const message = checkSpecifier(specifier, file, folder, rule, manifest, table);
        if (message !== undefined) violations.push({ file, line: specifier.line, message });
      }
    }
    violations.push(...findCircles(root, folder));
  }
  return violations;
}

/** Files of a package that import each other, on whatever way and be it types alone: one violation for each circle. */
function findCircles(root: string, folder: string): Violation[] {
  const files = sourceFolders.flatMap((name) => filesBelow(root, `${folder}/${name}`));
  const known = new Set(files);
  const importsOf = new Map(
    files.map((file) => [
      file,
      findModuleSpecifiers(readFileSync(join(root, file), 'utf8')).flatMap(({ text, line }) => {
        if (text === undefined || !text.startsWith('.')) return [];
        const target = pathFrom(file, `../${text}`).replace(/\.js$/, '.ts');
        return known.has(target) ? [{ target, line }] : [];
      }),
    ]),
  );
  const violations: Violation[] = [];
  const finished = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): void => {
    way.push(file);
    for (const { target, line } of importsOf.get(file)!) {
      const start = way.indexOf(target);
      if (start >= 0) {
        const names = [...way.slice(start), target].map((each) => each.slice(folder.length + 1));
        violations.push({ file, line, message: `closes a circle of imports: ${names.join(' → ')}` });
      } else if (!finished.has(target)) visit(target);
    }
    way.pop();
    finished.add(file);
  };
  for (const file of files) if (!finished.has(file)) visit(file);
  return violations;
}

/** Folders that hold a package, whether or not the table knows them. */
function packageFolders(root: string): string[] {
  const below = ['packages', 'apps'].flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [],
  );
  return [...below, 'fixtures', 'bench'].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (name === 'node_modules' || name === 'dist') return [];
    if (statSync(join(root, path)).isDirectory()) return filesBelow(root, path);
    return sourceFile.test(name) ? [path] : [];
  });
}

function checkSpecifier(
  specifier: ModuleSpecifier,
  file: string,
  folder: string,
  rule: PackageRule,
  manifest: Manifest,
  table: Readonly<Record<string, PackageRule>>,
): string | undefined {
  const { text, kind } = specifier;
  if (text === undefined) return 'imports a computed path, which cannot be checked';
  if (text.startsWith('.')) {
    const target = pathFrom(file, `../${text}`);
    if (isWithin(target, folder)) return undefined;
    // A URL may name a file that is no source, as long as it is not another package's.
    const isForeign = kind === 'module' || Object.keys(table).some((other) => isWithin(target, other));
    return isForeign ? `${text} leaves ${folder}` : undefined;
  }
  if (kind === 'url') return undefined;
  if (text.startsWith('/') || text.startsWith('file:')) return `${text} is an absolute path`;
  if (text.startsWith('node:')) return rule.runsOnlyInNode ? undefined : `${text}: ${folder} must run anywhere`;
  if (text.startsWith('#')) return `${text} hides where it points to`;

  const packageName = packageNameOf(text);
  const target = Object.keys(table).find((other) => table[other]?.name === packageName);
  if (target === undefined && packageName.startsWith('@memscope/')) return `${packageName} is not in the import table`;
  if (target !== undefined) {
    if (target === folder) return `${text}: a package imports its own files by relative paths`;
    if (!rule.mayImport.includes(target)) return `${folder} may not import ${target}`;
    const path = text.slice(packageName.length + 1);
    if (path && !table[target]?.alsoExports?.includes(path)) return `${text} reaches past the package's index`;
  }
  const declared = { ...manifest.dependencies, ...(rule.isBundled ? manifest.devDependencies : {}) };
  return packageName in declared ? undefined : `${packageName} is not among the dependencies in ${folder}/package.json`;
}

/** A path from the workspace's folder, with slashes. */
function pathFrom(start: string, relativePath: string): string {
  return normalize(join(start, relativePath)).replaceAll(sep, '/');
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function checkManifest(
  root: string,
  folder: string,
  rule: PackageRule,
  manifest: Manifest,
  table: Readonly<Record<string, PackageRule>>,
): Violation[] {
  const file = `${folder}/package.json`;
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const violations: Violation[] = [];
  const add = (needle: string, message: string): void => {
    const line = lines.findIndex((text) => text.includes(`"${needle}"`)) + 1;
    violations.push({ file, line: Math.max(line, 1), message });
  };

  if (manifest.name !== rule.name) add('name', `the import table calls ${folder} ${rule.name}`);
  const allowed = ['.', ...(rule.alsoExports ?? []).map((name) => `./${name}`)];
  const exported = Object.keys(manifest.exports ?? {});
  if (exported.some((path) => !allowed.includes(path))) {
    add('exports', `a package exports only ${allowed.map((path) => `"${path}"`).join(' and ')}`);
  }

  const forUse = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  const all = { ...forUse, ...manifest.devDependencies };
  for (const [other, otherRule] of Object.entries(table)) {
    // Tests of every package may use the fixtures, which are never a dependency of the package itself.
    const isForTests = other === 'fixtures' || rule.testsMayUse?.includes(other) === true;
    const declared = isForTests ? forUse : all;
    if (otherRule.name in declared && !rule.mayImport.includes(other)) {
      add(otherRule.name, `${folder} may not depend on ${other}`);
    }
  }
  return violations;
}

function checkReferences(root: string, folder: string, rule: PackageRule): Violation[] {
  const file = `${folder}/tsconfig.json`;
  if (!existsSync(join(root, file))) return [];
  const text = readFileSync(join(root, file), 'utf8');
  const config: { references?: ReadonlyArray<{ path: string }> } = JSON.parse(text);
  return (config.references ?? []).flatMap(({ path }) => {
    const target = pathFrom(folder, path);
    if (rule.mayImport.includes(target)) return [];
    const line = text.slice(0, text.indexOf(`"${path}"`)).split('\n').length;
    return [{ file, line, message: `${folder} may not refer to ${target}` }];
  });
}
