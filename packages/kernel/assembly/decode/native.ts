/**
 * Native stacks and what was mapped where. Native nodes number themselves 1, 2, 3, … in file order; row 0 is the empty
 * stack. Each keeps the generation of memory maps that held when it was written.
 */
import { allocate, allocateZeroed, enlarge } from '../shared/arena';

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

let nodes: usize = allocateZeroed(NATIVE_NODE_SIZE << 10);
let capacity: u32 = 1 << 10;
let count: u32 = 1;

let segments: usize = allocate(SEGMENT_SIZE << 8);
let segmentCapacity: u32 = 1 << 8;
let segmentCount: u32 = 0;
let generation: u32 = 0;

/** Appends a native node. A parent that does not come before it is no parent: the node becomes a root. */
export function appendNativeNode(ip: u64, parent: u64): void {
  if (count == capacity) {
    nodes = enlarge(nodes, capacity * NATIVE_NODE_SIZE, capacity * NATIVE_NODE_SIZE * 2);
    capacity <<= 1;
  }
  const node = changetype<NativeNode>(nodes + count * NATIVE_NODE_SIZE);
  node.ip = ip;
  node.parent = parent < <u64>count ? <u32>parent : 0;
  node.generation = generation;
  count++;
}

/** A new generation of memory maps begins: what was mapped before no longer counts. */
export function startMemoryMap(): void {
  generation++;
}

export function appendSegment(file: u32, loadAddress: u64, virtualAddress: u64, size: u64): void {
  if (segmentCount == segmentCapacity) {
    segments = enlarge(segments, segmentCapacity * SEGMENT_SIZE, segmentCapacity * SEGMENT_SIZE * 2);
    segmentCapacity <<= 1;
  }
  const segment = changetype<Segment>(segments + segmentCount * SEGMENT_SIZE);
  segment.loadAddress = loadAddress;
  segment.virtualAddress = virtualAddress;
  segment.size = size;
  segment.file = file;
  segment.generation = generation;
  segmentCount++;
}

@inline
export function nativeNodeAt(row: u32): NativeNode {
  return changetype<NativeNode>(nodes + row * NATIVE_NODE_SIZE);
}

@inline
export function segmentAt(row: u32): Segment {
  return changetype<Segment>(segments + row * SEGMENT_SIZE);
}

export function nativeTable(): usize {
  return nodes;
}
export function nativeLength(): u32 {
  return count;
}
export function segmentTable(): usize {
  return segments;
}
export function segmentLength(): u32 {
  return segmentCount;
}
