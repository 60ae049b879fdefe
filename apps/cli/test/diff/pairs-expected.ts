/** What diffs and gates of the programs in ../shared/captures/pairs are to say, by what their READMEs tell. */

/** By `PAIR direction`: what is above the noise at the peak, then what is beside it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  aiohttp: ['- Python objects (pymalloc arenas)'],
  pydantic: [
    '- create_schema_validator',
    '- Python objects (pymalloc arenas)',
    '- complete_model_class',
    '- validate_core_schema',
  ],
  urllib3: ['- decompress own-peak', '- get own-peak'],
  starlette: ['+ body', '- on_part_data', '- _user_safe_decode own-peak'],
  cachecontrol: ['- packb', '- dumps own-peak'],
  moved: [],
};

/** What a service of the same name changed. */
export const SERVICE: Readonly<Record<string, readonly string[]>> = {
  'leak-1': ['+ handle'],
  'cache-1': ['+ render'],
  'small-1': ['+ model'],
  'renamed-1': [],
  'shifted-1': [],
  'thread-1': [],
};

/** By `PAIR`: the function that a gate fails for with the default rules, forwards and backwards; null: it passes. */
export const GATED: Readonly<Record<string, readonly [string | null, string | null]>> = {
  aiohttp: [null, 'Python objects (pymalloc arenas)'],
  pydantic: [null, 'create_schema_validator'],
  urllib3: [null, null],
  starlette: ['body', 'on_part_data'],
  cachecontrol: [null, 'packb'],
  moved: [null, null],
};

/** By the service's name: the function that a gate fails for; null: it passes. */
export const GATED_SERVICE: Readonly<Record<string, string | null>> = {
  'leak-1': 'handle',
  'cache-1': 'render',
  'small-1': 'model',
  'renamed-1': null,
  'shifted-1': null,
  'thread-1': null,
};
