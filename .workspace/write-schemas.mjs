/**
 * Writes `apps/cli/schema/*.schema.json` from the declarations of documents (`packages/model/src/documents`): one file
 * each, what a reader looks for first (name, description, type) first. In CI nothing is written, so that the test that
 * compares them sees what was committed.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';

import { root } from './run.mjs';

export const schemaFolder = join(root, 'apps/cli/schema');

const FIRST_KEYS = ['$schema', '$id', 'title', 'description', 'type', 'additionalProperties', 'required', 'properties'];
/** What holds schemas by name. */
const MAPS = new Set(['properties', '$defs']);

/**
 * The text of each file by its name.
 * @param {readonly object[]} documents
 * @returns {Promise<Map<string, string>>}
 */
export async function schemaFiles(documents) {
  const files = new Map();
  for (const document of documents) {
    /** @type {{ readonly $schema: string, readonly $id?: string }} */
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...document };
    if (schema.$id === undefined) throw new Error('a document without $id has no file');
    const text = await format(JSON.stringify(inOrder(schema)), { parser: 'json', printWidth: 120 });
    files.set(schema.$id.replace(/^memscope\./, ''), text);
  }
  return files;
}

/** @param {readonly object[]} documents */
export async function writeSchemas(documents) {
  if (process.env['CI']) return;
  const files = await schemaFiles(documents);
  mkdirSync(schemaFolder, { recursive: true });
  const present = readdirSync(schemaFolder);
  for (const name of present) if (!files.has(name)) rmSync(join(schemaFolder, name));
  for (const [name, text] of files) {
    const file = join(schemaFolder, name);
    if (!present.includes(name) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}

/**
 * @param {unknown} schema
 * @returns {unknown}
 */
function inOrder(schema) {
  if (Array.isArray(schema)) return schema.map(inOrder);
  if (typeof schema !== 'object' || schema === null) return schema;
  const ordered = Object.entries(schema).toSorted(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(
    ordered.map(([key, value]) => [
      key,
      MAPS.has(key)
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inOrder(each)]))
        : inOrder(value),
    ]),
  );
}

/** @param {string} key */
function rank(key) {
  const at = FIRST_KEYS.indexOf(key);
  return at < 0 ? FIRST_KEYS.length : at;
}
