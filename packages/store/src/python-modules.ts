/**
 * Python frames → the modules they are in, as the table `module` of a profile has them behind the native ones: packages by
 * name, the standard library, the application. memscope itself tells them from the files of frames (`moduleOfFile`);
 * they are stored so that SQL can group all frames the same way as `memscope table --by module`.
 */
import { makeFrameAttributor, moduleOfFile, NATIVE_FRAME, type FrameTable } from '@memscope/model/recorded';

export interface PythonModules {
  readonly rows: readonly { readonly name: string; readonly kind: string; readonly category: string }[];
  /** File → position in `rows`. */
  readonly ofFile: ReadonlyMap<string | null, number>;
}

export function pythonModules({ length, kind, file }: FrameTable): PythonModules {
  const attributor = makeFrameAttributor();
  const ofFile = new Map<string | null, number>();
  const rowOf = new Map<string, number>();
  const rows: { name: string; kind: string; category: string }[] = [];
  for (let frame = 0; frame < length; frame++) {
    const path = file[frame] ?? null;
    if (kind[frame] === NATIVE_FRAME || ofFile.has(path)) continue;
    const module = moduleOfFile(path);
    const key = `${module.kind}\0${module.name}`;
    let row = rowOf.get(key);
    if (row === undefined) {
      const { category } = attributor.attribute({ kind: 'python', module: null, functionName: null, file: path });
      row = rows.push({ name: module.name, kind: module.kind, category }) - 1;
      rowOf.set(key, row);
    }
    ofFile.set(path, row);
  }
  return { rows, ofFile };
}
