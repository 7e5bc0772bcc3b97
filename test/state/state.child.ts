// Opens the state file of its second argument, and does what the first one says; prints what came of it.
import { GluepotError } from '../../src/base/errors.js';
import { openState } from '../../src/state/state.js';

const [what, path] = process.argv.slice(2) as [string, string];
const notes = {
  component: 'notes',
  steps: ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'],
};
try {
  const state = openState(path, [notes]);
  if (what === 'write-and-die') {
    // Into the log only: the file itself stays as it was made.
    for (const text of ['a', 'b', 'c']) state.sql('INSERT INTO notes (text) VALUES (?)').run(text);
  }
  const rows = state.sql('SELECT text FROM notes ORDER BY id').all() as { text: string }[];
  const words = what === 'write-and-die' ? 'wrote' : 'opened';
  process.stdout.write(`${words} ${rows.map(({ text }) => text).join(', ')}\n`);
  if (what === 'write-and-die') process.kill(process.pid, 'SIGKILL');
  state.close();
} catch (error) {
  if (!(error instanceof GluepotError)) throw error;
  process.stdout.write(`${error.kind} ${error.message}\n`);
}
