/** What a frame, a thread, a module or whose memory it is is called in the answers of the API. */
import { Type } from 'typebox';

import { PYTHON_MODULE_KINDS } from '../analysis/module-of-file.js';
import { lineNumber, oneOf, orNull, sharedPart, text, type Declared } from './vocabulary.js';

export const FlameLabel = sharedPart(
  'label',
  'label',
  'What a frame, a thread, a module or an owner of memory is called in answers of the API: as recorded, nothing escaped.',
  {
    kind: oneOf(
      ['all', 'thread', 'native', ...PYTHON_MODULE_KINDS],
      'What sort of code it is; `unknown` also for libraries and categories.',
    ),
    name: text(),
    file: orNull(text('As it was recorded; null where it is not known.')),
    line: orNull(lineNumber()),
    module: text(),
    library: orNull(text('Whose code or memory it is, by the rules of libraries.'), 'Null where nothing tells.'),
    category: orNull(text('Of that library, as rules name it.')),
    source: Type.Optional(text('The line of source, where it is at hand.')),
    function: orNull(text('By which the function can be asked for: NAME, a line feed, FILE. Null where it cannot.')),
  },
);
export type FlameLabel = Declared<typeof FlameLabel>;
