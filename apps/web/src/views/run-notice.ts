/** What stands in the place of the views while a run is not ready: its progress, why it failed, or that there is none. */
import { formatBytes, formatShare, type Run } from '@memscope/model';

import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';

/** With many modules, or symbols that are fetched, it takes a while. */
const NAMING = 'Symbols are looked up in the modules’ files, in symbol bundles and where debuginfod is set.';

export function progressNotice({ state, name, readBytes, totalBytes, message }: Run): HTMLElement {
  if (state === 'failed') {
    return element(
      'div',
      { class: 'notice error', role: 'alert' },
      element('strong', {}, `${visible(name, 80)} could not be read`),
      element('span', {}, visible(message ?? 'The server does not say why.', 600)),
    );
  }
  if (state === 'recording') {
    return element(
      'div',
      { class: 'notice progress', role: 'status' },
      element('strong', {}, `${visible(name, 80)} is still being recorded`),
      element('span', {}, visible(`It is shown as soon as its recording has ended: ${message ?? ''}`, 300)),
    );
  }
  const titles = {
    waiting: 'is waiting to be read',
    reading: 'is being read',
    resolving: 'is read, its native frames are being named',
    writing: 'is read, its profile is being written',
  };
  const title = state === 'ready' || state === 'gone' ? `is ${state}` : titles[state];
  const amount =
    totalBytes === null
      ? formatBytes(readBytes)
      : `${formatBytes(readBytes)} of ${formatBytes(totalBytes)}, ${formatShare(readBytes, totalBytes)}`;
  return element(
    'div',
    { class: 'notice progress', role: 'status' },
    element('strong', {}, `${visible(name, 80)} ${title}`),
    element('progress', {
      max: totalBytes ?? undefined,
      value: totalBytes === null ? undefined : readBytes,
      'aria-label': 'Read so far',
    }),
    element(
      'span',
      {},
      state === 'resolving' ? NAMING : state === 'waiting' ? 'It starts as soon as a core is free.' : amount,
    ),
  );
}

/** `showFirst` null: there is no other. */
export function goneNotice({ name, message }: Run, showFirst: (() => void) | null): HTMLElement {
  return element(
    'div',
    { class: 'notice empty', role: 'status' },
    element('strong', {}, `${visible(name, 80)} has gone`),
    element('span', {}, `Nothing more can be said of it: ${visible(message ?? 'nobody knows why', 300)}.`),
    firstRunButton(showFirst),
  );
}

function firstRunButton(showFirst: (() => void) | null): HTMLElement | null {
  if (showFirst === null) return null;
  return element('button', { type: 'button', class: 'button', onclick: showFirst }, 'Show the first one');
}

/** `choose` null: the server takes no captures. */
export function noRunsNotice(
  wasNamed: boolean,
  showFirst: (() => void) | null,
  choose: (() => void) | null,
): HTMLElement {
  return element(
    'div',
    { class: 'notice empty', role: 'status' },
    element('strong', {}, wasNamed ? 'That run is not here' : 'No captures yet'),
    element(
      'span',
      {},
      wasNamed
        ? 'The link names a run that this server does not have.'
        : `${choose === null ? '' : 'Drop one on this page. '}Captures also appear as soon as they lie in the folders that memscope serve watches.`,
    ),
    wasNamed
      ? null
      : element('span', {}, 'To record one: ', element('code', {}, 'python -m memray run -o capture.bin app.py')),
    firstRunButton(showFirst),
    choose === null || wasNamed
      ? null
      : element('button', { type: 'button', class: 'button', onclick: choose }, 'Choose captures…'),
  );
}
