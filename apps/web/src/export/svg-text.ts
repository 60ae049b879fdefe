/** Texts and attributes → SVG source, escaped (w3.org/TR/xml). Control characters, which XML forbids, become escapes. */
import { printable } from '@memscope/model';

export function escapeXml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | null = null,
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return content === null ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

export function svgDocument(width: number, height: number, background: string, content: string): string {
  const box = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` };
  const ground = svgElement('rect', { width, height, fill: background });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement('svg', { ...box, 'font-family': 'system-ui, sans-serif' }, ground + content)}\n`;
}
