/** What `memscope check --json` prints for folders of tests: the verdict, and that of each test. */
import { CHECK_VERDICTS, CheckDocument } from './check.js';
import { document, listOf, oneOf, orNull, record, text, whole, type Declared } from './vocabulary.js';

/** - `raised`: on a side the capture holds a traceback's memory
 *  - `ambiguous`: several tests of a side may be it
 */
export const TEST_STATUSES = ['compared', 'new', 'vanished', 'raised', 'ambiguous'] as const;
export type TestStatus = (typeof TEST_STATUSES)[number];

const { verdict, summary, rules, base, head, aboutNothing } = CheckDocument.properties;

const checkedTest = record({
  test: text('Its id as pytest has it, else the name of its file.'),
  status: oneOf(TEST_STATUSES),
  verdict: orNull(oneOf(CHECK_VERDICTS), 'Null where it was not compared.'),
  summary: orNull(text()),
  base,
  head,
  rules,
});
export type CheckedTest = Declared<typeof checkedTest>;

export const CheckTestsDocument = document('check-tests', 'What `memscope check --json` prints for folders of tests.', {
  verdict,
  summary,
  aboutNothing,
  compared: whole('Tests that were compared.'),
  failed: whole('Of these, those that failed a rule.'),
  tests: listOf(checkedTest, 'Those that failed first, then by name.'),
  notes: listOf(text()),
});
export type CheckTestsDocument = Declared<typeof CheckTestsDocument>;
