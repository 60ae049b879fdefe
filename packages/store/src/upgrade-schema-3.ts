/**
 * Schema 3 → 4: `frame`, a table whose functions and files stood in each row, becomes a view over rows that name them by
 * number.
 */
import { TABLES } from './schema.js';
import type { UpgradeStep } from './upgrade-step.js';

const FRAME =
  'CREATE TABLE frame(id INTEGER PRIMARY KEY, kind TEXT, function TEXT, file TEXT, line INTEGER, module_id INTEGER, ip INTEGER)';
const NEW = new Set(['frame', 'frame_text', 'frame_row']);

export const FROM_SCHEMA_3: UpgradeStep = {
  tables: new Map([...[...TABLES].filter(([name]) => !NEW.has(name)), ['frame', FRAME]]),
  apply(database) {
    database.exec('ALTER TABLE frame RENAME TO former_frame');
    for (const name of ['frame_text', 'frame_row']) database.exec(TABLES.get(name)!);
    database.exec(`
      INSERT INTO frame_text SELECT row_number() OVER () - 1, text FROM
        (SELECT function AS text FROM former_frame UNION SELECT file FROM former_frame) WHERE text IS NOT NULL;
      CREATE INDEX text_of_frame ON frame_text(text);
      INSERT INTO frame_row SELECT id, kind = 'native', (SELECT id FROM frame_text WHERE text = function),
        (SELECT id FROM frame_text WHERE text = file), line, module_id, ip FROM former_frame;
      DROP INDEX text_of_frame;
      DROP TABLE former_frame;
    `);
    database.exec(TABLES.get('frame')!);
  },
};
