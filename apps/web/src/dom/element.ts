/**
 * Elements from plain descriptions. Children that are texts become text nodes, so nothing that comes from a capture is
 * ever read as markup; there is no other way in this page to make an element.
 */
export type Child = Node | string | null | false;

type Listeners = {
  readonly [Name in keyof HTMLElementEventMap as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void;
};

export type Attributes = Listeners & {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
};

/** `true` sets an attribute without a value; null, undefined and `false` leave it out; `onclick` and the like listen. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value as EventListener);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, String(value));
  }
  append(made, children);
  return made;
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== false) parent.append(child);
}

/** A path, which may go on in the next line behind each of its folders. */
export function breakable(path: string): Child[] {
  return path.split(/(?<=\/)/).flatMap((part, at) => (at === 0 ? [part] : [element('wbr'), part]));
}

/** A titled box. */
export function panel(title: string, ...children: readonly Child[]): HTMLElement {
  return element('section', { class: 'panel' }, element('h2', {}, title), ...children);
}

/** A line icon of 16 by 16 from SVG path data that this page wrote. */
export function icon(path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [name, value] of [
    ['viewBox', '0 0 16 16'],
    ['width', '16'],
    ['height', '16'],
    ['aria-hidden', 'true'],
    ['class', 'icon'],
  ] as const) {
    svg.setAttribute(name, value);
  }
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

/** Sets custom properties and styles through CSSOM, which the Content-Security-Policy allows. */
export function styled<Made extends HTMLElement | SVGElement>(
  made: Made,
  styles: Readonly<Record<string, string>>,
): Made {
  for (const [name, value] of Object.entries(styles)) made.style.setProperty(name, value);
  return made;
}
