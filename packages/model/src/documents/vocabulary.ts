/**
 * The words that declarations of documents are made of. A declaration is a JSON Schema (draft 2020-12) that TypeBox
 * knows the TypeScript type of, so that what is written, what is read and what users check by is one thing. Whoever
 * only needs the types imports them as types: then nothing of this is in a bundle.
 */
import { Type, type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox';

/** The type of what a declaration allows; nobody changes a document. */
export type Declared<T extends TSchema> = ReadonlyDeep<Static<T>>;

type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;

type Described = { readonly description?: string };

function described(description: string | undefined): Described {
  return description === undefined ? {} : { description };
}

/** An object with these properties and no others. */
export function record<P extends TProperties>(properties: P, description?: string): TObject<P> {
  return Type.Object(properties, { ...described(description), additionalProperties: false });
}

/** Of a document, or an answer, with numbers; what prints it adds it (text/rounded.ts). */
export const roundedMark = {
  rounded: Type.Optional(
    Type.Literal(true, { description: 'A number in it is above 2^53 and rounded, to about 16 digits; else left out.' }),
  ),
};

/** A document that stands by itself as `memscope.NAME-1.schema.json`, and says so in `schema`. */
export function document<Name extends string, P extends TProperties>(name: Name, description: string, properties: P) {
  const { schema, ...rest } = namedDocument(name);
  return Type.Object(
    { schema, memscopeVersion: Type.String(), ...properties, ...roundedMark },
    { ...rest, description, additionalProperties: false },
  );
}

/** What every document of the name has: its file, its title, and the value of `schema`. */
export function namedDocument<Name extends string>(name: Name) {
  const title: `memscope.${Name}/1` = `memscope.${name}/1`;
  return { $id: fileOf(name), title, schema: Type.Literal(title) } as const;
}

/** A part that several documents refer to: in a file of its own, without `schema`. */
export function sharedPart<P extends TProperties>(name: string, title: string, description: string, properties: P) {
  return Type.Object(properties, { $id: fileOf(name), title, description, additionalProperties: false });
}

/** Declarations by name, in one file: `$defs` of a schema that says nothing of its own. */
export function namedParts(name: string, title: string, description: string, parts: TProperties) {
  return Type.Unsafe<never>({ $id: fileOf(name), title, description, $defs: parts });
}

function fileOf(name: string): string {
  return `memscope.${name}-1.schema.json`;
}

/** What another file declares. */
export function sharedBy<T extends TSchema & { readonly $id?: string }>(
  schema: T,
  description?: string,
): TUnsafe<Static<T>> {
  if (schema.$id === undefined) throw new Error('only what has a file of its own can be referred to');
  return Type.Unsafe<Static<T>>({ ...described(description), $ref: schema.$id });
}

/** The same, or null. */
export function orNull<T extends TSchema>(schema: T, description?: string): TUnsafe<Static<T> | null> {
  const own: { readonly enum?: readonly unknown[]; readonly anyOf?: readonly unknown[]; readonly type?: unknown } =
    schema;
  const about = described(description);
  if (own.enum !== undefined) return Type.Unsafe({ ...own, ...about, enum: [...own.enum, null] });
  if (own.anyOf !== undefined) return Type.Unsafe({ ...own, ...about, anyOf: [...own.anyOf, { type: 'null' }] });
  if (typeof own.type === 'string') return Type.Unsafe({ ...own, ...about, type: [own.type, 'null'] });
  return Type.Unsafe({ ...about, anyOf: [schema, { type: 'null' }] });
}

export function text(description?: string) {
  return Type.String(described(description));
}

export function flag(description?: string) {
  return Type.Boolean(described(description));
}

export function listOf<T extends TSchema>(items: T, description?: string) {
  return Type.Array(items, described(description));
}

/** Values by names that are not known beforehand. */
export function mapOf<T extends TSchema>(values: T, description?: string): TUnsafe<Record<string, Static<T>>> {
  return Type.Unsafe({ ...described(description), type: 'object', additionalProperties: values });
}

export function oneOf<const Values extends readonly string[]>(
  values: Values,
  description?: string,
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ ...described(description), enum: [...values] });
}

/** Bytes, a count, a row, a tick: whatever is counted from 0. */
export function whole(description?: string) {
  return Type.Integer({ ...described(description), minimum: 0 });
}

/** Bytes by the measure of a view: NaN, and here null, of a measure that has counts alone. */
export function measuredBytes(description?: string): TUnsafe<number> {
  const about = description === undefined ? '' : `${description} `;
  return Type.Unsafe<number>({
    type: ['integer', 'null'],
    description: `${about}Null of the measure \`objects\`, of which only counts are known.`,
    minimum: 0,
  });
}

/** An integer that may be negative. */
export function integer(description?: string) {
  return Type.Integer(described(description));
}

/** From 0 to 1. */
export function share(description?: string) {
  return Type.Number({ ...described(description), minimum: 0, maximum: 1 });
}

/** Of a line in a file, from 1. */
export function lineNumber(description?: string) {
  return Type.Integer({ ...described(description), minimum: 1 });
}

/** A moment: milliseconds since the epoch. */
export function epochMs(description = 'Milliseconds since the epoch.') {
  return Type.Integer({ description });
}

/** What `formatIsoTime` gives; null where a moment is not known, or is no date. */
export function isoTime(description = 'ISO 8601, UTC.') {
  return orNull(Type.String({ description, pattern: '^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$' }));
}
