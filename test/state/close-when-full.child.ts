// `fill`: writes to a state on the small disk of its argument, fills that disk, and closes the state, whose log finds no
// room to go into the file; `count`: opens what is there. Both print how many writes they know of.
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openState } from '../../src/state/state.js';

const [what, folder] = process.argv.slice(2) as [string, string];
const notes = {
  component: 'notes',
  steps: ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'],
};
const state = openState(join(folder, 'gluepot.db'), [notes]);
if (what === 'fill') {
  for (let count = 0; count < 200; count++) {
    state.sql('INSERT INTO notes (text) VALUES (?)').run('x'.repeat(2000));
  }
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(bavail * bsize));
}
const { count } = state.sql('SELECT count(*) AS count FROM notes').get() as { count: number };
state.close();
rmSync(join(folder, 'ballast'), { force: true });
process.stdout.write(`${what} ${count}\n`);
