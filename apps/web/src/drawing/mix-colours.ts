/** Two colours as #rrggbb → one between them, in sRGB. */
export function mixColours(first: string, second: string, shareOfSecond: number): string {
  const channel = (at: number): string => {
    const [a, b] = [first, second].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    const mixed = Math.round((a ?? 0) * (1 - shareOfSecond) + (b ?? 0) * shareOfSecond);
    return mixed.toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
