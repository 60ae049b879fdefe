/**
 * A picture with what it needs to stand alone, in an issue or a message: above it a title and what it is of, below it what
 * its colours mean. Laid out once, written as SVG or drawn on a canvas.
 */
import { pngOf } from './save.js';
import { escapeXml, svgDocument, svgElement } from './svg-text.js';

export interface PictureWords {
  readonly title: string;
  /** Measure and total, window and filter, date: a line each. */
  readonly lines: readonly string[];
  readonly legend: readonly LegendMark[];
}

export interface LegendMark {
  /** As CSS has it, without variables. */
  readonly colour: string;
  readonly text: string;
  /** Of what is drawn as a line; null: an area. */
  readonly line: 'solid' | 'dashed' | null;
}

export interface PictureColours {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
}

export interface Picture {
  /** In pixels, without its words. */
  readonly width: number;
  readonly height: number;
  readonly words: PictureWords;
  readonly colours: PictureColours;
}

const MARGIN = 12;
const TITLE_SIZE = 15;
const TEXT_SIZE = 12;
const LINE_HEIGHT = 17;
const SWATCH = 11;
const LINE = 20;
const DASHES = [5, 3];
const FONT = 'system-ui, sans-serif';
/** Browsers draw no larger canvas. */
const TALLEST = 8000;

interface Laid {
  readonly width: number;
  readonly height: number;
  /** Of the picture itself. */
  readonly top: number;
  readonly texts: readonly { x: number; y: number; text: string; size: number; isBold: boolean; fill: string }[];
  readonly swatches: readonly { x: number; y: number; fill: string; line: LegendMark['line'] }[];
}

/** `content`: SVG source that is drawn at the picture's own size. */
export function svgPicture(picture: Picture, content: string): string {
  const { colours } = picture;
  const { width, height, top, texts, swatches } = layOut(picture);
  const words = texts.map(({ x, y, text, size, isBold, fill }) =>
    svgElement(
      'text',
      { x, y, 'font-size': size, fill, ...(isBold ? { 'font-weight': 'bold' } : {}) },
      escapeXml(text),
    ),
  );
  const marks = swatches.map(({ x, y, fill, line }) =>
    line === null
      ? svgElement('rect', { x, y, width: SWATCH, height: SWATCH, fill })
      : svgElement('path', {
          d: `M${x} ${y + SWATCH / 2}h${LINE}`,
          stroke: fill,
          'stroke-width': 2,
          ...(line === 'dashed' ? { 'stroke-dasharray': DASHES.join(' ') } : {}),
        }),
  );
  const inner = svgElement('g', { transform: `translate(${MARGIN} ${top})` }, content);
  return svgDocument(width, height, colours.ground, [...words, inner, ...marks].join('\n'));
}

/** `draw` draws at the picture's own size. Rejects where the picture is too large for the browser. */
export function pngPicture(picture: Picture, draw: (context: CanvasRenderingContext2D) => void): Promise<Blob> {
  const { width, height, top, texts, swatches } = layOut(picture);
  const canvas = document.createElement('canvas');
  const scale = height > TALLEST ? 1 : 2;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = picture.colours.ground;
  context.fillRect(0, 0, width, height);
  for (const { x, y, text, size, isBold, fill } of texts) {
    context.font = `${isBold ? 'bold ' : ''}${size}px ${FONT}`;
    context.fillStyle = fill;
    context.fillText(text, x, y);
  }
  for (const { x, y, fill, line } of swatches) {
    if (line === null) {
      context.fillStyle = fill;
      context.fillRect(x, y, SWATCH, SWATCH);
    } else drawLine(context, x, y, fill, line);
  }
  context.save();
  context.translate(MARGIN, top);
  draw(context);
  context.restore();
  return pngOf(canvas);
}

function drawLine(context: CanvasRenderingContext2D, x: number, y: number, colour: string, line: string): void {
  context.beginPath();
  context.moveTo(x, y + SWATCH / 2);
  context.lineTo(x + LINE, y + SWATCH / 2);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash(line === 'dashed' ? DASHES : []);
  context.stroke();
  context.setLineDash([]);
}

function layOut({ width, height, words, colours }: Picture): Laid {
  const room = width;
  const texts: Laid['texts'][number][] = [];
  const swatches: Laid['swatches'][number][] = [];
  let y = MARGIN + TITLE_SIZE;
  texts.push({
    x: MARGIN,
    y,
    text: fit(words.title, room, TITLE_SIZE),
    size: TITLE_SIZE,
    isBold: true,
    fill: colours.text,
  });
  for (const line of words.lines) {
    y += LINE_HEIGHT;
    texts.push({ x: MARGIN, y, text: fit(line, room, TEXT_SIZE), size: TEXT_SIZE, isBold: false, fill: colours.muted });
  }
  const top = y + MARGIN;
  y = top + height + MARGIN;
  let x = MARGIN;
  for (const { colour, text, line } of words.legend) {
    const beside = (line === null ? SWATCH : LINE) + 6;
    const shown = fit(text, room - beside, TEXT_SIZE);
    const taken = beside + widthOf(shown, TEXT_SIZE) + 18;
    if (x > MARGIN && x + taken > MARGIN + room) {
      x = MARGIN;
      y += LINE_HEIGHT;
    }
    swatches.push({ x, y, fill: colour, line });
    texts.push({
      x: x + beside,
      y: y + SWATCH - 1,
      text: shown,
      size: TEXT_SIZE,
      isBold: false,
      fill: colours.text,
    });
    x += taken;
  }
  const end = words.legend.length === 0 ? top + height + MARGIN : y + SWATCH + MARGIN;
  return { width: width + 2 * MARGIN, height: Math.ceil(end), top, texts, swatches };
}

function fit(text: string, room: number, size: number): string {
  if (widthOf(text, size) <= room) return text;
  let length = Math.floor((text.length * room) / widthOf(text, size));
  while (length > 1 && widthOf(`${text.slice(0, length)}…`, size) > room) length--;
  return `${text.slice(0, length)}…`;
}

let measuring: CanvasRenderingContext2D | null = null;

function widthOf(text: string, size: number): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return text.length * size * 0.6;
  measuring.font = `${size}px ${FONT}`;
  return measuring.measureText(text).width;
}
