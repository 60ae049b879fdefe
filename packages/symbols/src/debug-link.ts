/**
 * From a stripped ELF file to the file that holds its debug sections: by build-id (`.build-id/xx/yyyy.debug` below a
 * folder of debug files) and by the name and CRC-32 in `.gnu_debuglink` (beside the file, in `.debug/` beside it, and
 * under the folder of debug files at the same path), as GDB looks for them ("Debugging Information in Separate Files",
 * GDB manual). A candidate counts only if its build-id is the same or, where one of the two has none, its CRC-32.
 *
 * | .gnu_debuglink | file name, ended by 0 | padding to 4 bytes | CRC-32 of the debug file u32 |
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readBuildId } from './build-id.js';
import { ElfFile, readName } from './elf-file.js';
import { isAbsence, reasonOf } from './symbols-error.js';
import { findInSysroot } from './sysroot.js';

const DEBUG_FOLDER = '/usr/lib/debug';
const MOST_LINK_BYTES = 4096;
const CRC_PIECE_BYTES = 1 << 20;

export interface DebugLink {
  /** A name without folders. */
  readonly name: string;
  readonly crc: number;
}

export interface DebugFileSearch {
  /** The module as the capture names it. */
  readonly modulePath: string;
  /** Where it was found. */
  readonly foundPath: string;
  readonly buildId: string | null;
  readonly link: DebugLink | null;
  readonly sysroots: readonly string[];
  readonly symbolPaths: readonly string[];
}

export interface DebugFile {
  /** Null where none fits. */
  readonly path: string | null;
  /** Candidates that exist but do not fit, each with the reason. */
  readonly rejected: readonly string[];
}

/** Null where the file has none, or one that is damaged or names a folder. */
export function readDebugLink(elf: ElfFile): DebugLink | null {
  const section = elf.findSection('.gnu_debuglink');
  if (!section || section.size > MOST_LINK_BYTES || section.offset + section.size > elf.size) return null;
  const bytes = elf.read(section.offset, section.size, '.gnu_debuglink');
  const name = readName(bytes, 0);
  const crcAt = Math.ceil((Buffer.byteLength(name) + 1) / 4) * 4;
  if (name === '' || name === '.' || name === '..' || name.includes('/') || crcAt + 4 > bytes.length) return null;
  return { name, crc: bytes.readUInt32LE(crcAt) };
}

/** Whether the file itself holds line tables and inlined functions. */
export function hasDebugSections(elf: ElfFile): boolean {
  return elf.findSection('.debug_info') !== undefined || elf.findSection('.zdebug_info') !== undefined;
}

/** Looks at each candidate once; nothing is thrown. */
export function findDebugFile(search: DebugFileSearch): DebugFile {
  const rejected: string[] = [];
  const seen = new Set<string>([search.foundPath]);
  for (const path of candidates(search)) {
    if (path === null || seen.has(path)) continue;
    seen.add(path);
    const fault = whyUnfit(path, search);
    if (fault === null) return { path, rejected };
    if (fault !== '') rejected.push(`${path}: ${fault}`);
  }
  return { path: null, rejected };
}

function* candidates({ buildId, link, ...search }: DebugFileSearch): Generator<string | null> {
  if (buildId !== null && buildId.length > 2) {
    const name = `${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
    for (const folder of search.symbolPaths) {
      yield findInSysroot(folder, `.build-id/${name}`);
      yield findInSysroot(folder, name);
      yield findInSysroot(folder, `${buildId}.debug`);
    }
    for (const sysroot of search.sysroots) yield findInSysroot(sysroot, `${DEBUG_FOLDER}/.build-id/${name}`);
  }
  if (link === null) return;
  const folder = dirname(search.modulePath);
  yield join(dirname(search.foundPath), link.name);
  yield join(dirname(search.foundPath), '.debug', link.name);
  for (const sysroot of search.sysroots) {
    // Where /lib is a link to /usr/lib, packages name the folder either way.
    yield findInSysroot(sysroot, `${folder}/${link.name}`);
    yield findInSysroot(sysroot, `${folder}/.debug/${link.name}`);
    yield findInSysroot(sysroot, `${DEBUG_FOLDER}${folder}/${link.name}`);
    yield findInSysroot(sysroot, `${DEBUG_FOLDER}${folder.replace(/^\/usr(?=\/)/, '')}/${link.name}`);
    yield findInSysroot(sysroot, `${DEBUG_FOLDER}/usr${folder}/${link.name}`);
  }
  for (const symbolPath of search.symbolPaths) yield findInSysroot(symbolPath, link.name);
}

/** Null where it fits, '' where there is no such file. */
function whyUnfit(path: string, { buildId, link }: DebugFileSearch): string | null {
  try {
    const elf = ElfFile.open(path);
    let found: string | null;
    try {
      if (!hasDebugSections(elf)) return 'has no debug sections';
      found = readBuildId(elf);
    } finally {
      elf.close();
    }
    if (buildId !== null && found !== null) return found === buildId ? null : `has build-id ${found}, not ${buildId}`;
    if (link === null) return 'has no build-id';
    const crc = checksum(path);
    return crc === link.crc ? null : `has CRC-32 ${hex(crc)}, not ${hex(link.crc)}`;
  } catch (fault) {
    return isAbsence(fault) ? '' : reasonOf(fault);
  }
}

function checksum(path: string): number {
  const descriptor = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(CRC_PIECE_BYTES);
    let crc = 0;
    for (;;) {
      const length = readSync(descriptor, piece);
      if (length === 0) return crc;
      crc = crc32(piece.subarray(0, length), crc);
    }
  } finally {
    closeSync(descriptor);
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
