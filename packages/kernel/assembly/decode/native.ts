/**
 * Native stacks and what was mapped where. Native nodes number themselves 1, 2, 3, … in file order; row 0 is the empty
 * stack. Each keeps the generation of memory maps that held when it was written.
 */
import { appendRow, newTable } from '../shared/table';

@unmanaged
export class NativeNode {
  ip: u64;
  parent: u32;
  generation: u32;
}

@unmanaged
export class Segment {
  loadAddress: u64;
  virtualAddress: u64;
  size: u64;
  file: u32;
  generation: u32;
}

const NATIVE_NODE_SIZE: u32 = offsetof<NativeNode>();
const SEGMENT_SIZE: u32 = offsetof<Segment>();

const nodes = newTable(NATIVE_NODE_SIZE, 1 << 10);
const segments = newTable(SEGMENT_SIZE, 1 << 8);
let generation: u32 = 0;

// The empty stack.
memory.fill(appendRow(nodes), 0, NATIVE_NODE_SIZE);

/** Appends a native node. A parent that does not come before it is no parent: the node becomes a root. */
export function appendNativeNode(ip: u64, parent: u64): void {
  const below = parent < <u64>nodes.length ? <u32>parent : 0;
  const node = changetype<NativeNode>(appendRow(nodes));
  node.ip = ip;
  node.parent = below;
  node.generation = generation;
}

/** A new generation of memory maps begins: what was mapped before no longer counts. */
export function startMemoryMap(): void {
  generation++;
}

export function appendSegment(file: u32, loadAddress: u64, virtualAddress: u64, size: u64): void {
  const segment = changetype<Segment>(appendRow(segments));
  segment.loadAddress = loadAddress;
  segment.virtualAddress = virtualAddress;
  segment.size = size;
  segment.file = file;
  segment.generation = generation;
}

@inline
export function nativeNodeAt(row: u32): NativeNode {
  return changetype<NativeNode>(nodes.rows + row * NATIVE_NODE_SIZE);
}

@inline
export function segmentAt(row: u32): Segment {
  return changetype<Segment>(segments.rows + row * SEGMENT_SIZE);
}

export function nativeTable(): usize {
  return nodes.rows;
}
export function nativeLength(): u32 {
  return nodes.length;
}
export function segmentTable(): usize {
  return segments.rows;
}
export function segmentLength(): u32 {
  return segments.length;
}
