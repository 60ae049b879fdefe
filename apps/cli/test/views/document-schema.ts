/** The JSON Schemas that the package ships, to check documents by. They refer to each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const folder = new URL('../../schema/', import.meta.url);
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const file of readdirSync(folder)) {
  ajv.addSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>);
}

/**
 * Expects `document` to be valid by `schema/NAME.schema.json`, for instance `tree-1`, or by what that declares under a
 * name, for instance `api-1#TablePage`.
 */
export function expectValid(name: string, document: unknown): void {
  expect(errorsOf(name, document)).toBeNull();
}

export function expectInvalid(name: string, document: unknown): void {
  expect(errorsOf(name, document)).not.toBeNull();
}

/** Null where it is valid. */
export function errorsOf(name: string, document: unknown) {
  const [file, definition] = name.split('#');
  const validate = ajv.getSchema(
    `memscope.${file}.schema.json${definition === undefined ? '' : `#/$defs/${definition}`}`,
  );
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  void validate(document);
  return validate.errors ?? null;
}
