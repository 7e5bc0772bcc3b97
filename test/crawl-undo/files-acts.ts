// What becomes of the files of a lake between two crawls, by chance: for laws of undo.
import fc from 'fast-check';
import { csv, type UndoFixture } from './undo-fixture.js';

export const FOLDERS = ['a', 'b', 'c'];
/** Mostly partitions; files of the folder itself make it a table of another shape. */
const DAYS = ['1', '2', '3', '1', '2', '3', undefined];

export const filesAct = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    folder: fc.constantFrom(...FOLDERS),
    day: fc.constantFrom(...DAYS),
    columns: fc.integer({ min: 2, max: 4 }),
    rows: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('remove' as const),
    folder: fc.constantFrom(...FOLDERS),
    day: fc.constantFrom(...DAYS),
  }),
);
export type FilesAct = typeof filesAct extends fc.Arbitrary<infer T> ? T : never;

export function performOnFiles(lake: UndoFixture, act: FilesAct): void {
  const path = act.day === undefined ? `${act.folder}` : `${act.folder}/day=${act.day}`;
  if (act.kind === 'remove') {
    try {
      lake.remove(path);
    } catch {
      // It was not there, which is as good.
    }
    return;
  }
  const names = ['id', 'price', 'city', 'zip'].slice(0, act.columns);
  const row = ['7', '1.5', 'Oslo', '0150'].slice(0, act.columns).join(',');
  lake.put({ [`${path}/part.csv`]: csv(names.join(','), ...Array<string>(act.rows + 1).fill(row)) });
}

export const putDay = (day: string, columns = 3): FilesAct => ({
  kind: 'put',
  folder: 'a',
  day,
  columns,
  rows: 2,
});
