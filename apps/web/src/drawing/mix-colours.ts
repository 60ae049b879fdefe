/** Two colours as #rrggbb or #rgb → one between them, in sRGB. */
export function mixColours(first: string, second: string, shareOfSecond: number): string {
  const [a, b] = [channelsOf(first), channelsOf(second)];
  const mixed = a.map((channel, at) => Math.round(channel * (1 - shareOfSecond) + b[at]! * shareOfSecond));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(colour: string): number[] {
  const digits = colour.length === 4 ? colour.replaceAll(/[0-9a-f]/gi, '$&$&') : colour;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}
