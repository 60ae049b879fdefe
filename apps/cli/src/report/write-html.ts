/**
 * The built page (index.html with its script, style and icon as files) and a report → one HTML file. The policy in it
 * lets exactly that script and that style run, by their digests, and nothing be fetched from anywhere. The report and its
 * profiles are JSON, gzip, base64: no text of a capture is markup.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedReport, ReportLimits } from '@memscope/model';

import { cutText } from './label-table.js';
import { packText } from './pack-text.js';

/** The page's parts as text, ready to be inlined. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/** Says that the file is one of ours. */
export const REPORT_MARK = '<!doctype html><!-- memscope report -->';

/** Reads the page's parts from the folder of the built page of reports. Throws where the folder holds no such page. */
export async function readPageParts(folder: string): Promise<PageParts> {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const read = async (pattern: RegExp, what: string): Promise<string> => {
    const name = pattern.exec(html)?.[1];
    if (name === undefined) throw new Error(`${folder}: index.html names no ${what}`);
    return readFile(join(folder, 'assets', name), 'utf8');
  };
  const [script, style, icon] = await Promise.all([
    read(/<script type="module"[^>]* src="\.\/assets\/([\w.-]+\.js)"/, 'script'),
    read(/<link rel="stylesheet"[^>]* href="\.\/assets\/([\w.-]+\.css)"/, 'style'),
    read(/<link rel="icon"[^>]* href="\.\/assets\/([\w.-]+\.svg)"/, 'icon'),
  ]);
  return { script: inlineScript(script), style: inlineStyle(style), icon };
}

/** `report` as `packReport` makes it, `profiles` as `embedProfiles` does; empty: none. */
export function writeHtml({ script, style, icon }: PageParts, report: string, profiles: string): string {
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'img-src data: blob:',
    // In which regular expressions are stopped.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `${REPORT_MARK}
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>memscope</title>
    <link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}" />
    <style>${style}</style>
  </head>
  <body>
    <noscript>memscope draws its views with JavaScript, which is off or forbidden here.</noscript>
    <script type="application/gzip;base64" id="memscope-report">${report}</script>
    <script type="application/gzip;base64" id="memscope-profiles">${profiles}</script>
    <script type="module">${script}</script>
  </body>
</html>
`;
}

/** Texts beyond the report's bound are cut, whatever they are. */
export function packReport(report: EmbeddedReport): string {
  const { text }: ReportLimits = report.limits;
  const json = JSON.stringify(report, (_, value: unknown) =>
    typeof value === 'string' && value.length > text + 1 ? cutText(value, text) : value,
  );
  return packText(json);
}

/** Within strings, expressions and templates an escape means the same, and nothing else of a script holds these. */
function inlineScript(script: string): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, String.raw`\x3c`);
}

function inlineStyle(style: string): string {
  if (/<\/style/i.test(style)) throw new Error('the style of the page would end its element');
  return style;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
