/**
 * The report in the page's own file: the text of `<script type="application/gzip;base64" id="memscope-report">` → base64
 * → gzip → JSON, and beside it the profiles. Base64 holds no `<`, so that no name of a capture can end the element.
 */
import { REPORT_VERSION, type EmbeddedReport, type Packed } from '@memscope/model';

/** Rejects where the file is cut or of another version. */
export async function readReport(): Promise<EmbeddedReport> {
  const report = (await unpack(takeText('memscope-report'))) as EmbeddedReport;
  if (report.version !== REPORT_VERSION) throw new Error(`a report of version ${String(report.version)}`);
  return report;
}

/** To be called before the page is drawn; what it gives unpacks those of each run, the head's first, when they are asked for. */
export function takeProfiles(): () => Promise<readonly Packed[]> {
  const text = takeText('memscope-profiles');
  return async () => (await unpack(text)) as readonly Packed[];
}

function takeText(id: string): string {
  const holder = document.getElementById(id);
  if (holder === null) throw new Error(`there is no ${id}`);
  holder.remove();
  return holder.textContent.trim();
}

async function unpack(text: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(unpacked).json();
}
