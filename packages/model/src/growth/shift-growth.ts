/** What grows, with its times on another clock: that of a set of runs, which began before this one did. */
import type { DescribedWay, Growth, GrowthAnswer } from './growth.js';

/** The recording began `byMs` after the other clock did. */
export function shiftGrowth(answer: GrowthAnswer, byMs: number): GrowthAnswer {
  if (byMs === 0) return answer;
  const later = <Time extends number | null>(ms: Time): Time => (ms === null ? ms : ((ms + byMs) as Time));
  const shiftWay = <Way extends DescribedWay>(way: Way): Way => ({
    ...way,
    startMs: later(way.startMs),
    lastMs: later(way.lastMs),
    endMs: later(way.endMs),
  });
  const { growths, little, level } = answer;
  return {
    ...answer,
    growths: growths.map((growth): Growth => {
      const { sinceMs, levelMs, idle, beside } = growth;
      return {
        ...shiftWay(growth),
        sinceMs: later(sinceMs),
        levelMs: later(levelMs),
        idle: idle === null ? null : { fromMs: later(idle.fromMs), toMs: later(idle.toMs) },
        beside: beside.map(shiftWay),
      };
    }),
    little: little.map(shiftWay),
    level:
      level === null
        ? null
        : {
            ...level,
            fromMs: later(level.fromMs),
            rise: level.rise === null ? null : { ...level.rise, sinceMs: later(level.rise.sinceMs) },
            fewArenas: level.fewArenas === null ? null : { ...level.fewArenas, lastMs: later(level.fewArenas.lastMs) },
          },
  };
}
