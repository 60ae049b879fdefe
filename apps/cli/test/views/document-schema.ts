/** The JSON Schemas that the package ships, to check documents by. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });

/** Expects `document` to be valid by `schema/NAME.schema.json`. */
export function expectValid(name: string, document: unknown): void {
  const id = `memscope.${name}.schema.json`;
  const validate =
    ajv.getSchema(id) ??
    ajv.compile(
      JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >,
    );
  void validate(document);
  expect(validate.errors).toBeNull();
}
