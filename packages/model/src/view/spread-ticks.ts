/** Ticks `fromTick`..`toTick` in at most `steps` groups of equally many: the last tick of each. */
export function spreadOverTicks(fromTick: number, toTick: number, steps: number): Uint32Array {
  const count = toTick - fromTick + 1;
  const groups = Math.max(1, Math.min(steps, count));
  return Uint32Array.from({ length: groups }, (_, group) => fromTick + Math.ceil(((group + 1) * count) / groups) - 1);
}
