/** The schemas that the package ships are those that the declarations give. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ALL_DOCUMENTS } from '../../packages/model/src/documents/all-documents.ts';
import { schemaFiles, schemaFolder } from '../write-schemas.mjs';

test('each schema on disk is what its declaration gives', async () => {
  const declared = await schemaFiles(ALL_DOCUMENTS);
  const onDisk = new Map([...declared.keys()].map((name) => [name, readFileSync(join(schemaFolder, name), 'utf8')]));
  expect(onDisk).toEqual(declared);
});

test('what a reader looks for first stands first, and names of properties keep their order', async () => {
  const document = {
    properties: { type: { type: 'string', description: 'b' }, $id: { enum: ['x'] } },
    type: 'object',
    $id: 'memscope.a-1.schema.json',
    description: 'a',
  };
  const text = (await schemaFiles([document])).get('a-1.schema.json')!;
  expect(Object.keys(JSON.parse(text))).toEqual(['$schema', '$id', 'description', 'type', 'properties']);
  expect(text).toContain('"type": { "description": "b", "type": "string" }, "$id": { "enum": ["x"] }');
});
