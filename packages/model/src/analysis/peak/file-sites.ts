/**
 * Sites → those that map files, weights as a rule. Told from native frames by name or, where they have none, by module
 * and size; without native stacks from the package that the innermost Python frame belongs to. Sources: at::MapAllocator
 * of PyTorch; memmap2, which safetensors uses; numpy.memmap.
 */
import type { Profile, SiteKeys, StackTables } from '../../profile.js';
import { ALLOCATOR_NAMES, NATIVE_FRAME } from '../../tables.js';
import { moduleOfFile } from '../module-of-file.js';

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');
/** PyTorch's library holds oneDNN, which maps 256 KiB at a time for code that it generates. */
const LEAST_FILE_BYTES = 1 << 20;

const FILE_FUNCTION = /\bMapAllocator\b|\bmemmap2\b|map_copy_read_only|\bMemoryMappedFile\b|llama_mmap/;
const SHARING_FUNCTION = /share_memory|new_shared|shared_cpu|shared_memory/;
const FILE_MODULE = /(?:^|\/)(?:_safetensors_rust|mmap\.cpython|mmap\.so)[^/]*$/;
const TORCH_MODULE = /(?:^|\/)libtorch[^/]*$/;
const FILE_PACKAGES = new Set(['safetensors']);

const known = new WeakMap<Profile, Uint8Array>();

/** By site: 1 where it maps files, whenever that was. Found once for an open profile. */
export function findFileSites(profile: Profile): Uint8Array {
  let files = known.get(profile);
  if (files === undefined) known.set(profile, (files = searchFileSites(profile)));
  return files;
}

function searchFileSites(profile: Profile): Uint8Array {
  const sites = profile.siteKeys();
  const files = new Uint8Array(sites.length);
  const all = profile.narrowWeights('total') ?? profile.narrowWeights('peak')!;
  const isFile = fileTester(profile.stackTables(), sites);
  for (let site = 0; site < sites.length; site++) {
    if (sites.allocator[site] !== MMAP) continue;
    if (all.bytes[site]! >= LEAST_FILE_BYTES * Math.max(1, all.count[site]!) && isFile(site)) files[site] = 1;
  }
  return files;
}

function fileTester(tables: StackTables, { pythonStack, nativeStack }: SiteKeys): (site: number) => boolean {
  const { frames, modules, stacks } = tables;
  const nativeFile = (stack: number): boolean | null => {
    for (let row = stack; row !== 0; row = stacks.parent[row]!) {
      const frame = stacks.frame[row]!;
      if (frames.kind[frame] !== NATIVE_FRAME) return null;
      const name = frames.functionName[frame] ?? null;
      const path = modules.path[frames.module[frame]!] ?? '';
      if (FILE_MODULE.test(path) || (name !== null && FILE_FUNCTION.test(name))) return true;
      // PyTorch maps nothing else but shared memory, which the Python stack tells.
      if (TORCH_MODULE.test(path) && name === null) return true;
      if (name !== null && TORCH_MODULE.test(path) && !/^m(?:un)?map/.test(name)) return false;
    }
    return null;
  };
  const pythonFile = (stack: number): boolean => {
    const file = frames.file[stacks.frame[stack]!] ?? null;
    const { name, shortFile } = moduleOfFile(stack === 0 ? null : file);
    return FILE_PACKAGES.has(name) || name === 'torch' || /^numpy\/_?core\/memmap\.py$/.test(shortFile);
  };
  const isShared = (stack: number): boolean => {
    for (let row = stack; row !== 0; row = stacks.parent[row]!) {
      const frame = stacks.frame[row]!;
      if (SHARING_FUNCTION.test(frames.functionName[frame] ?? '')) return true;
      if (/multiprocessing[\\/]reductions\.py$/.test(frames.file[frame] ?? '')) return true;
    }
    return false;
  };
  return (site) => {
    const python = pythonStack[site]!;
    const native = nativeStack?.[site] ?? 0;
    const told = native === 0 ? null : nativeFile(native);
    return (told ?? (native === 0 && pythonFile(python))) && !isShared(python);
  };
}
