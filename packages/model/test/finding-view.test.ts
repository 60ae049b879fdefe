import { describe, expect, it } from 'vitest';

import { commandOf, viewOf } from '../src/analysis/findings/finding-view.js';

describe('the command that shows a finding', () => {
  it('names the view alone where it needs no selection', () => {
    expect(commandOf(viewOf('leaks'), ['app.bin'])).toBe('memscope leaks app.bin');
    // Where a filter would print another number than the finding's, all that is there is printed, which says it.
    const near = viewOf('tree', { measure: 'peak', filter: 'line:app.py:3', exact: false });
    expect(commandOf(near, ['app.bin'])).toBe('memscope leaks app.bin');
  });

  it('names measure, window and filter', () => {
    const view = viewOf('tree', { measure: 'leaked', window: '1s..3s', filter: 'function:serve' });
    expect(commandOf(view, ['/srv/app.bin'])).toBe(
      'memscope tree /srv/app.bin --measure leaked --window 1s..3s --filter function:serve',
    );
  });

  it('quotes what a shell would take apart, quotes included', () => {
    const view = viewOf('tree', { filter: 'function:"<module>" $(reboot) \'x\'' });
    expect(commandOf(view, ['my app.bin'])).toBe(
      "memscope tree 'my app.bin' --filter 'function:\"<module>\" $(reboot) '\\''x'\\'''",
    );
  });

  it('keeps a file that starts with a dash from being taken for a flag', () => {
    expect(commandOf(viewOf('leaks'), ['-x.bin'])).toBe('memscope leaks ./-x.bin');
  });
});
