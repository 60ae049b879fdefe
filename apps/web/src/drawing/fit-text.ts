/** A text → as much of it as fits into so many pixels, with an ellipsis; empty where not even three characters fit. */

let context: CanvasRenderingContext2D | null = null;

/** `font` as in CSS. */
export function fitText(text: string, width: number, font: string): string {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return '';
  context.font = font;
  const whole = context.measureText(text).width;
  if (whole <= width) return text;
  let length = Math.floor((text.length * width) / whole);
  while (length >= 3 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return length < 3 ? '' : `${text.slice(0, length)}…`;
}
