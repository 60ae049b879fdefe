/**
 * Pointer on a plot of time → a span of it. Drag on empty ground makes a new one, on its edges moves them, within it
 * moves the whole; Shift-drag zooms into a span, a drag below the axis pans, the wheel zooms around the pointer, a double click
 * undoes. Positions are pixels from the left of the element.
 */
export interface BrushEvents {
  /** Pixels of the span that is selected, if any. */
  selection(): readonly [left: number, right: number] | null;
  /** While dragging. */
  onPreview(left: number, right: number, purpose: 'select' | 'zoom'): void;
  onSelect(left: number, right: number): void;
  onZoom(left: number, right: number): void;
  onPan(pixels: number, isDone: boolean): void;
  /** `factor` > 1 shows more time. */
  onWheel?(x: number, factor: number): void;
  onHover(x: number | null, y: number): void;
  onReset(): void;
  /** Below this height a drag pans. */
  axisTop(): number;
}

const EDGE = 6;
const LEAST_DRAG = 3;

type Drag =
  | { readonly kind: 'new' | 'zoom' | 'pan'; readonly start: number }
  | { readonly kind: 'edge'; readonly start: number; readonly fixed: number }
  | { readonly kind: 'move'; readonly start: number; readonly left: number; readonly right: number };

export function brush(target: HTMLElement, events: BrushEvents): void {
  let drag: Drag | null = null;
  let moved = false;
  const xOf = (event: MouseEvent): number => event.clientX - target.getBoundingClientRect().left;
  const yOf = (event: MouseEvent): number => event.clientY - target.getBoundingClientRect().top;

  const spanOf = (at: number): readonly [number, number] => {
    if (drag === null || drag.kind === 'pan') return [at, at];
    if (drag.kind === 'move') return [drag.left + at - drag.start, drag.right + at - drag.start];
    const fixed = drag.kind === 'edge' ? drag.fixed : drag.start;
    return at < fixed ? [at, fixed] : [fixed, at];
  };

  target.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = xOf(event);
    drag = beginDrag(at, yOf(event), event.shiftKey, events);
    moved = false;
    target.setPointerCapture(event.pointerId);
  });
  target.addEventListener('pointermove', (event) => {
    const at = xOf(event);
    if (drag === null) {
      target.dataset['cursor'] = cursorAt(at, yOf(event), events);
      events.onHover(at, yOf(event));
      return;
    }
    if (Math.abs(at - drag.start) < LEAST_DRAG && !moved) return;
    moved = true;
    events.onHover(null, 0);
    if (drag.kind === 'pan') events.onPan(drag.start - at, false);
    else events.onPreview(...spanOf(at), drag.kind === 'zoom' ? 'zoom' : 'select');
  });
  target.addEventListener('pointerup', (event) => {
    if (drag === null) return;
    const [at, done] = [xOf(event), drag];
    const span = spanOf(at);
    drag = null;
    if (!moved) return;
    if (done.kind === 'pan') events.onPan(done.start - at, true);
    else if (done.kind === 'zoom') events.onZoom(...span);
    else events.onSelect(...span);
  });
  target.addEventListener('pointercancel', () => {
    drag = null;
    events.onHover(null, 0);
  });
  target.addEventListener('pointerleave', () => {
    if (drag === null) events.onHover(null, 0);
  });
  target.addEventListener('dblclick', () => events.onReset());
  if (events.onWheel === undefined) return;
  target.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || Math.abs(event.deltaY) < Math.abs(event.deltaX)) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 100 : event.deltaY / 3;
      events.onWheel?.(xOf(event), 1.25 ** Math.max(-4, Math.min(4, lines)));
    },
    { passive: false },
  );
}

function beginDrag(at: number, y: number, withShift: boolean, events: BrushEvents): Drag {
  if (y > events.axisTop()) return { kind: 'pan', start: at };
  if (withShift) return { kind: 'zoom', start: at };
  const selection = events.selection();
  if (selection === null) return { kind: 'new', start: at };
  const [left, right] = selection;
  if (Math.abs(at - left) <= EDGE) return { kind: 'edge', start: at, fixed: right };
  if (Math.abs(at - right) <= EDGE) return { kind: 'edge', start: at, fixed: left };
  if (at > left && at < right && right - left > 3 * EDGE) return { kind: 'move', start: at, left, right };
  return { kind: 'new', start: at };
}

function cursorAt(at: number, y: number, events: BrushEvents): string {
  const selection = events.selection();
  if (y > events.axisTop()) return 'pan';
  if (selection === null) return 'select';
  const [left, right] = selection;
  if (Math.abs(at - left) <= EDGE || Math.abs(at - right) <= EDGE) return 'edge';
  return at > left && at < right ? 'move' : 'select';
}
