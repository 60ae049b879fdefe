/** JSON → what stands in a report: gzip, base64. */
import { gzipSync } from 'node:zlib';

/** The most that the smallest level gains on the usual one, which takes a seventh of its time. */
const MOST_GAIN = 0.1;

/** Of the smallest size only where that may fit into `most` bytes and the usual one does not. */
export function packText(json: string, most = Infinity): string {
  const text = gzipSync(json, { level: 6 }).toString('base64');
  if (text.length <= most || text.length * (1 - MOST_GAIN) > most) return text;
  return gzipSync(json, { level: 9 }).toString('base64');
}
