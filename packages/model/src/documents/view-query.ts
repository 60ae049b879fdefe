/** What every view is asked of: the parameters of the API, and what a report says that it was made of. */
import { FRAME_CHOICES, SITE_MEASURES, STACK_CHOICES } from '../view/view-choices.js';
import { flag, oneOf, orNull, record, text, type Declared } from './vocabulary.js';

export const ViewQuery = record(
  {
    measure: oneOf(SITE_MEASURES),
    counts: flag('Weigh by allocations instead of bytes.'),
    window: orNull(text('As `--window` takes it; null = the whole recording.')),
    filter: orNull(text('The filter language; null = everything.')),
    stacks: oneOf(STACK_CHOICES),
    interpreterFrames: flag('Shows native frames of the interpreter in joined stacks, too.'),
    frames: oneOf(FRAME_CHOICES, 'Which frames show; what others hold goes to the nearest caller that does.'),
    splitThreads: flag(),
    mergeRecursion: flag(),
    rules: orNull(
      text("A user's own rules of which library frames belong to, as the text of their file; null = none."),
    ),
  },
  'What a view is asked of.',
);
export type ViewQuery = Declared<typeof ViewQuery>;
