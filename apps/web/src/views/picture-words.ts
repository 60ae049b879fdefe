/** What stands around a saved picture of a view: which view of which capture, of what, when it was recorded, and its legend. */
import { formatLocalTime, type ViewQuery } from '@memscope/model';

import { nameSet } from '../controls/run-chooser.js';
import { readToken } from '../controls/theme.js';
import { visible } from '../dom/visible-text.js';
import type { LegendMark, PictureColours, PictureWords } from '../export/picture.js';
import type { Frame } from './view.js';

/** `total`: the measure and how much it is. `legend` is the one on the screen. */
export function pictureWords(
  { set, state, run }: Pick<Frame, 'set' | 'state' | 'run'>,
  { view, total, legend }: { readonly view: string; readonly total: string; readonly legend: Element },
): PictureWords {
  const moment = run.startMs === null ? null : formatLocalTime(run.startMs);
  const recorded = moment === null ? [] : [`recorded ${moment}`];
  return {
    title: `${view} of ${visible(nameSet(set), 120)}`,
    lines: [[total, ...wordsOfPart(state.query)].join(' · '), [...recorded, 'drawn by memscope'].join(' · ')],
    legend: legendMarks(legend),
  };
}

/** Which part of the recording is shown, and what of it. */
export function wordsOfPart({ window, filter }: ViewQuery): string[] {
  return [
    window === null ? 'the whole recording' : `window ${visible(window, 80)}`,
    ...(filter === null ? [] : [`filter ${visible(filter, 200)}`]),
  ];
}

export function pictureColours(): PictureColours {
  return { ground: readToken('--surface'), text: readToken('--text'), muted: readToken('--text-muted') };
}

/** Each swatch with the words up to the next. */
function legendMarks(legend: Element): LegendMark[] {
  return [...legend.querySelectorAll('.swatch, .change-swatch')].map((swatch) => {
    const { backgroundColor, borderTopColor, borderTopWidth, borderTopStyle } = getComputedStyle(swatch);
    const isLine = borderTopWidth !== '0px';
    const words = [...(swatch.parentElement?.childNodes ?? [])].map((node) => node.textContent?.trim() ?? '');
    return {
      colour: isLine ? borderTopColor : backgroundColor,
      line: !isLine ? null : borderTopStyle === 'dashed' ? 'dashed' : 'solid',
      text: words.filter((each) => each !== '').join(' '),
    };
  });
}
