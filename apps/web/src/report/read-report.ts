/**
 * The report in the page's own file: the text of `<script type="application/gzip;base64" id="memscope-report">` → base64
 * → gzip → JSON. Base64 holds no `<`, so that no name of a capture can end the element.
 */
import { REPORT_VERSION, type EmbeddedReport } from '@memscope/model';

/** Null where the page came from a server. Rejects where the file is cut or of another version. */
export async function readReport(): Promise<EmbeddedReport | null> {
  const holder = document.getElementById('memscope-report');
  if (holder === null) return null;
  const packed = Uint8Array.from(atob(holder.textContent.trim()), (character) => character.charCodeAt(0));
  // Once read, the text is of no use to anybody.
  holder.remove();
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const report = (await new Response(unpacked).json()) as EmbeddedReport;
  if (report.version !== REPORT_VERSION) throw new Error(`a report of version ${String(report.version)}`);
  return report;
}
