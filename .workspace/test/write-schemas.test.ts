/** The schemas that the package ships are those that the declarations give. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ALL_DOCUMENTS } from '../../packages/model/src/documents/all-documents.ts';
import { schemaFiles, schemaFolder } from '../write-schemas.mjs';

test('the schemas on disk are what the declarations give, and no others', async () => {
  const onDisk = readdirSync(schemaFolder).map(
    (name) => [name, readFileSync(join(schemaFolder, name), 'utf8')] as const,
  );
  expect(new Map(onDisk)).toEqual(await schemaFiles(ALL_DOCUMENTS));
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
