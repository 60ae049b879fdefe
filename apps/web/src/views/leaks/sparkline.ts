/** Live bytes over time → a small area chart, from 0 to its own greatest value. */
const SPACE = 'http://www.w3.org/2000/svg';

/** SVG path data of the outline, in a box of `width` by `height`; empty without values. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (values.length === 0 || most === 0) return '';
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      const [x, y] = [index * step, height - (value / most) * (height - 2) - 1];
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

export function sparkline(values: readonly number[], title: string, width = 140, height = 28): SVGSVGElement {
  const svg = document.createElementNS(SPACE, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: `0 0 ${width} ${height}`,
    class: 'sparkline',
    role: 'img',
    'aria-label': title,
    preserveAspectRatio: 'none',
  })) {
    svg.setAttribute(name, value);
  }
  const line = sparklinePath(values, width, height);
  if (line === '') return svg;
  const area = document.createElementNS(SPACE, 'path');
  area.setAttribute('class', 'sparkline-area');
  area.setAttribute('d', `${line}L${width} ${height}L0 ${height}Z`);
  const stroke = document.createElementNS(SPACE, 'path');
  stroke.setAttribute('class', 'sparkline-line');
  stroke.setAttribute('d', line);
  svg.append(area, stroke);
  return svg;
}
