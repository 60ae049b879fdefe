/** Faults on purpose, one a function: what a build with assertions has to trap, and nothing else would. */
import { allocate, checkArena, enlarge, release } from '../shared/arena';
import { newDirectory, reserveRows, rowAt } from '../shared/rows';

const BYTES: u32 = 100;

export function nothing(): void {
  const block = allocate(BYTES);
  memory.fill(block, 1, BYTES);
  const moved = enlarge(block, BYTES, 300);
  memory.fill(moved, 2, 300);
  release(moved, 300);
  memory.fill(allocate(BYTES), 3, BYTES);
  checkArena();
}

export function writeBehindBlock(): void {
  store<u8>(allocate(BYTES) + BYTES, 1);
  checkArena();
}

export function writeBeforeBlock(): void {
  store<u8>(allocate(BYTES) - 1, 1);
  checkArena();
}

export function writeToFreedBlock(): void {
  const block = allocate(BYTES);
  release(block, BYTES);
  store<u8>(block + 50, 1);
  allocate(BYTES);
}

export function freeTwice(): void {
  const block = allocate(BYTES);
  release(block, BYTES);
  release(block, BYTES);
}

export function freeAnotherSize(): void {
  release(allocate(BYTES), BYTES + 1);
}

export function readRowThatIsNotThere(): void {
  const directory = newDirectory();
  reserveRows(directory, 1, 8);
  rowAt(directory, 1 << 13, 8);
}
