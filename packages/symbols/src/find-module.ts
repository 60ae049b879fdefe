/**
 * A mapped module → the file that it was mapped from, on this machine or below a sysroot, and the file with its debug
 * sections. A file whose loadable segments differ from those that were mapped, is another file: it is not used.
 */
import { isAbsolute, resolve } from 'node:path';
import { readBuildId } from './build-id.js';
import { findDebugFile, hasDebugSections, readDebugLink } from './debug-link.js';
import { ElfFile, SEGMENT_LOAD } from './elf-file.js';
import type { MappedModule } from './place-addresses.js';
import { isAbsence, reasonOf } from './symbols-error.js';
import { findInSysroot } from './sysroot.js';

/**
 * - `found`: its file is at hand.
 * - `missing`: no file stands at the path.
 * - `mismatch`: a file stands there, but not the one that was mapped.
 * - `unreadable`: a file stands there that cannot be read, or is no ELF file.
 */
export type ModuleStatus = 'found' | 'missing' | 'mismatch' | 'unreadable';

export interface FoundModule {
  readonly status: ModuleStatus;
  /** The file's path on this machine. */
  readonly path: string | null;
  readonly size: number;
  readonly modifiedMs: number;
  readonly buildId: string | null;
  /** The file with debug sections: the module's own or a separate one; null without any. */
  readonly debugPath: string | null;
  /** Why there is no usable file, or what else is to be said. */
  readonly reason: string | null;
}

export interface SearchPlaces {
  /** Folders that stand for `/` of the machine that was recorded; `/` itself where none is given. */
  readonly sysroots: readonly string[];
  /** Folders with debug files (by build-id or name) or with the modules themselves (by name). */
  readonly symbolPaths: readonly string[];
}

/** Never throws for what files hold. */
export function findModule(module: MappedModule, places: SearchPlaces): FoundModule {
  if (!isAbsolute(module.path)) return absent('missing', 'was not mapped from a file with an absolute path');
  const sysroots = places.sysroots.length > 0 ? places.sysroots.map((folder) => resolve(folder)) : ['/'];
  const symbolPaths = places.symbolPaths.map((folder) => resolve(folder));
  const name = module.path.slice(module.path.lastIndexOf('/') + 1);
  const candidates = [
    ...sysroots.map((sysroot) => findInSysroot(sysroot, module.path)),
    ...symbolPaths.map((folder) => (name === '' ? null : findInSysroot(folder, name))),
  ];
  let worst: FoundModule | null = null;
  for (const path of candidates) {
    if (path === null) continue;
    const found = lookAt(path, module, sysroots, symbolPaths);
    if (found.status === 'found') return found;
    if (worst === null || worst.status === 'missing') worst = found;
  }
  return worst ?? absent('missing', 'no such file');
}

function lookAt(
  path: string,
  module: MappedModule,
  sysroots: readonly string[],
  symbolPaths: readonly string[],
): FoundModule {
  try {
    const elf = ElfFile.open(path);
    try {
      const known = { path, size: elf.size, modifiedMs: elf.modifiedMs, buildId: readBuildId(elf) };
      const difference = findDifference(elf, module);
      if (difference !== null) return { ...known, status: 'mismatch', debugPath: null, reason: difference };
      if (hasDebugSections(elf)) return { ...known, status: 'found', debugPath: path, reason: null };
      const link = readDebugLink(elf);
      const debug = findDebugFile({
        modulePath: module.path,
        foundPath: path,
        buildId: known.buildId,
        link,
        sysroots,
        symbolPaths,
      });
      const reason =
        debug.path === null && debug.rejected.length > 0 ? `debug file not used: ${debug.rejected[0]}` : null;
      return { ...known, status: 'found', debugPath: debug.path, reason };
    } finally {
      elf.close();
    }
  } catch (fault) {
    if (isAbsence(fault)) return absent('missing', 'no such file');
    return { ...absent('unreadable', reasonOf(fault)), path };
  }
}

function absent(status: ModuleStatus, reason: string): FoundModule {
  return { status, path: null, size: 0, modifiedMs: 0, buildId: null, debugPath: null, reason };
}

/** What of the mapped segments the file does not have; null where all fit. */
function findDifference(elf: ElfFile, module: MappedModule): string | null {
  const inFile = new Set<string>();
  for (const { type, address, memorySize } of elf.segments) {
    if (type === SEGMENT_LOAD) inFile.add(`${address}:${memorySize}`);
  }
  for (const [address, size] of module.segments) {
    if (size === 0n || inFile.has(`${address}:${size}`)) continue;
    return `another file was mapped: its segment at 0x${address.toString(16)} had ${size} bytes, which no segment of this file has`;
  }
  return null;
}
