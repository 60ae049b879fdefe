/** What `memscope.config.json` may say. */
import { Type } from 'typebox';

import { OBSTACLES } from '../diff/compared-measures.js';
import { RULE_SEVERITIES } from '../gate/default-rules.js';
import { flag, listOf, namedDocument, oneOf, record, text, type Declared } from './vocabulary.js';

const ruleText = text('A rule, as `peak +5% and +1 MiB`; see `memscope check --help`.');

const severeRule = record({
  rule: ruleText,
  severity: Type.Optional(oneOf(RULE_SEVERITIES, 'note: it is said, and fails nothing (default: fail).')),
});

const rule = Type.Union([ruleText, severeRule]);

const suppression = record({
  function: Type.String({ description: 'Name of the function.', minLength: 1 }),
  file: Type.Optional(text('End of its path, as `app/service.py`; left out: any file.')),
  rule: Type.Optional(text('Text of the rule that it may exceed; left out: every rule.')),
  reason: Type.String({ description: 'Why it may.', minLength: 1 }),
  expires: Type.Optional(
    Type.String({
      description: 'The last day on which it holds.',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      examples: ['2026-12-31'],
    }),
  ),
  upTo: Type.Optional(
    Type.String({
      description: 'The greatest change, or under a budget the most held, that it hides; left out: any.',
      minLength: 1,
      examples: ['10 MiB'],
    }),
  ),
});

const { $id, title } = namedDocument('config');

export const CheckConfig = Type.Object(
  {
    $schema: Type.Optional(text()),
    rules: Type.Optional(listOf(rule, 'Instead of the default rules.')),
    defaultRules: Type.Optional(flag('True: the default rules hold beside `rules`.')),
    suppressions: Type.Optional(listOf(suppression)),
    allow: Type.Optional(
      listOf(oneOf(OBSTACLES), 'Ways in which the two sides may differ although rules cannot take them into account.'),
    ),
  },
  { $id, title, description: 'What `memscope.config.json` may say.', additionalProperties: false },
);
export type CheckConfig = Declared<typeof CheckConfig>;
