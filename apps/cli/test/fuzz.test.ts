/**
 * What people write for memscope, changed: rules of libraries, filters, windows. Each is read or refused with the error
 * that says where it is wrong. `npm run fuzz` goes on for as long as it is told.
 */
import { editBytes, FUZZ_MINUTES, fuzzFiles, magnitude, randomBelow, type RandomBits } from '@memscope/fixtures';
import { FilterError, parseFilter } from '@memscope/model';
import { LibraryRuleError, parseLibraryRules } from '@memscope/model/analysis/libraries/parse-library-rules';
import { test } from 'vitest';

const TIMEOUT_MS = (FUZZ_MINUTES + 2) * 60_000;
const LEAST_INPUTS = 400;

const RULES = {
  rules: [
    { library: 'KV cache', category: 'engine', module: 'libengine*', function: ['engine::Cache::*', '*'] },
    { library: 'pool', category: 'engine', module: 'libpool.so*', forCaller: true, package: ['a'], file: '*/x.py' },
  ],
};
const FILTERS = [
  'module:numpy -test size>=1MiB',
  '(owner:"a b" or thread:/work-\\d+/) -allocator:mmap lifetime<10ms',
  'function:load* file:"*.py" library:ATen category:gpu own:pandas',
];
const PIECES = ['(', ')', '-', ' or ', '"', '/', '(a+)+$', ':', '>=', '1e999', '*', '\\', '\u0000', '\ud800', '[['];

function editText(input: Uint8Array, random: RandomBits): Uint8Array {
  if (randomBelow(random, 2) === 0) return editBytes(input, random);
  const at = randomBelow(random, input.length + 1);
  const piece = PIECES[randomBelow(random, PIECES.length)]!.repeat(
    1 + randomBelow(random, 1 << randomBelow(random, 12)),
  );
  return Buffer.concat([input.subarray(0, at), Buffer.from(piece), input.subarray(at)]);
}

const textOf = (input: Uint8Array): string => Buffer.from(input).toString();

test('changed rules are read, or refused with one error, within their budget', { timeout: TIMEOUT_MS }, () => {
  fuzzFiles({
    kind: 'rules',
    seeds: [Buffer.from(JSON.stringify(RULES))],
    least: LEAST_INPUTS,
    minutes: FUZZ_MINUTES / 2,
    isRefusal: (fault) => fault instanceof LibraryRuleError,
    change: editText,
    read: (input) => `rules ${magnitude(parseLibraryRules(textOf(input)).length)}`,
  });
});

test('changed filters are read, or refused with one error, within their budget', { timeout: TIMEOUT_MS }, () => {
  fuzzFiles({
    kind: 'filters',
    seeds: FILTERS.map((text) => Buffer.from(text)),
    least: LEAST_INPUTS,
    minutes: FUZZ_MINUTES / 2,
    isRefusal: (fault) => fault instanceof FilterError,
    change: editText,
    read: (input) => `read, ${magnitude(JSON.stringify(parseFilter(textOf(input))).length)}`,
  });
});
