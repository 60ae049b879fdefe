/** What bands of a timeline may stand for. */
export const BAND_GROUPINGS = ['module', 'library', 'category', 'thread', 'allocator'] as const;

export type BandGrouping = (typeof BAND_GROUPINGS)[number];
