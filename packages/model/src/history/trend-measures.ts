/** The metrics of a history: each a total of a run, in bytes, allocations or milliseconds. */
export const TREND_MEASURES = ['peak', 'leaked', 'total', 'count', 'rss', 'duration'] as const;
export type TrendMeasure = (typeof TREND_MEASURES)[number];
