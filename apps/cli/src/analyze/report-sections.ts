/** The sections of a report by name, in their order; the first screen has the most telling of them, shortened. */
export const REPORT_SECTIONS = [
  'capture',
  'totals',
  'findings',
  'timeline',
  'locations',
  'libraries',
  'modules',
  'allocators',
  'threads',
  'sizes',
  'next',
] as const;

export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** Which sections are printed: what fits a screen, all of them, or those that were asked for; none leaves the table of several captures. */
export type SectionChoice = 'first screen' | 'all' | readonly ReportSection[];

export function isReportSection(text: string): text is ReportSection {
  return (REPORT_SECTIONS as readonly string[]).includes(text);
}
