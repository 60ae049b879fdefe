/** The legend of what changed: a scale from blue (shrank) over grey (the same) to red (grew), with the least of each step. */
import { formatBytes, formatCount } from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import type { ChangeScale } from '../../drawing/change-scale.js';
import type { ChangeColours } from '../../drawing/palette.js';

export function changeLegend({ steps }: ChangeScale, counts: boolean, colours: ChangeColours): HTMLElement[] {
  const format = counts ? formatCount : formatBytes;
  const step = (colour: string, text: string, title: string): HTMLElement =>
    element(
      'span',
      { class: 'change-step', title },
      styled(element('span', { class: 'change-swatch', 'aria-hidden': 'true' }), { background: colour }),
      element('span', {}, text),
    );
  const shrank = steps.map((least, at) =>
    step(colours.shrunk[at]!, `−${format(least)}`, `shrank by ${format(least)} or more`),
  );
  const grew = steps.map((least, at) =>
    step(colours.grown[at]!, `+${format(least)}`, `grew by ${format(least)} or more`),
  );
  const same = step(colours.same, 'less', `changed by less than ${format(steps[0]!)}`);
  return [
    element(
      'li',
      { class: 'change-scale', 'aria-label': 'From what shrank to what grew, by the least change of each colour' },
      element('span', { class: 'change-end' }, 'shrank'),
      ...shrank.toReversed(),
      same,
      ...grew,
      element('span', { class: 'change-end' }, 'grew'),
    ),
    element(
      'li',
      { title: 'Parts of it grew and parts of it shrank, and the sum of both is about 0' },
      styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), { background: colours.mixed }),
      'grew and shrank below',
    ),
    element('li', {}, element('span', { class: 'mark-example' }, 'new:'), 'not in the base'),
    element('li', {}, element('span', { class: 'mark-example' }, 'gone:'), 'not in the head'),
  ];
}
