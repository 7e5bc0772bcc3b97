// The state file: transactions, the lock, letting go of it, upgrades, and files that must not be opened.
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GluepotError } from '../base/errors.js';
import { openState, openStateAsItIs, type State, type StateSchema } from './state.js';

const notes: StateSchema = {
  component: 'notes',
  steps: ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'],
};
const add = (state: State, note: string) => state.sql('INSERT INTO notes (text) VALUES (?)').run(note);
const texts = (state: State) =>
  (state.sql('SELECT text FROM notes ORDER BY id').all() as { text: string }[]).map((row) => row.text);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-state-'));
  path = join(folder, 'gluepot.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const child = fileURLToPath(new URL('../../test/state/state.child.ts', import.meta.url));
const childArguments = (what: string) => ['--import', 'tsx', child, what, path];

/** Runs state.child.ts, which does `what` to the file, and returns what it says. */
function inAnotherProcess(what: string, options: { uid?: number } = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, childArguments(what), {
    encoding: 'utf8',
    ...options,
  });
  return stdout.trim() || stderr;
}

/** Leaves file and log as a process that is killed after three writes leaves them. */
function leaveAsKilled(): void {
  const living = mkdtempSync(join(tmpdir(), 'gluepot-state-'));
  const state = openState(join(living, 'gluepot.db'), [notes]);
  for (const note of ['a', 'b', 'c']) add(state, note);
  for (const name of readdirSync(living)) copyFileSync(join(living, name), join(folder, name));
  state.close();
  rmSync(living, { recursive: true });
}

function failure(act: () => unknown): GluepotError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(GluepotError);
    return error as GluepotError;
  }
  throw new Error('It did not fail.');
}

/** The file's bytes, and the names beside it. */
const snapshot = () => ({ names: readdirSync(folder).sort(), bytes: readFileSync(path).toString('base64') });

describe('a transaction', () => {
  it('keeps all of it or nothing', () => {
    const state = openState(path, [notes]);
    state.transaction(() => (add(state, 'a'), add(state, 'b')));
    const broken = () =>
      state.transaction(() => {
        add(state, 'c');
        throw new Error('no');
      });
    expect(broken).toThrow('no');
    expect(texts(state)).toEqual(['a', 'b']);
    state.close();
  });

  it('inside another is kept or dropped by itself, and goes with the outer one', () => {
    type Tree = { throws: boolean; inner: Tree[] };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.record({
        throws: fc.boolean(),
        inner: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          fc.constant<Tree[]>([]),
          fc.array(tie('tree'), { maxLength: 3 }),
        ),
      }),
    }));
    const state = openState(':memory:', [notes]);
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), (trees) => {
        state.sql('DELETE FROM notes').run();
        let count = 0;
        // What of a tree is kept: itself and those within it, unless it throws.
        const run = (node: Tree): string[] => {
          const kept: string[] = [];
          try {
            state.transaction(() => {
              const note = String(count++);
              add(state, note);
              kept.push(note);
              for (const inner of node.inner) kept.push(...run(inner));
              if (node.throws) throw new Error('dropped');
            });
            return kept;
          } catch (error) {
            expect(error).toMatchObject({ message: 'dropped' });
            return [];
          }
        };
        const expected = trees.flatMap(run);
        expect(texts(state)).toEqual(expected);
      }),
    );
  });

  it('goes on after a statement that breaks a constraint was caught', () => {
    const state = openState(path, [notes]);
    state.transaction(() => {
      add(state, 'a');
      expect(() => state.sql('INSERT INTO notes (text) VALUES (NULL)').run()).toThrow('NOT NULL');
      add(state, 'b');
    });
    expect(texts(state)).toEqual(['a', 'b']);
    state.close();
  });
});

describe('the lock', () => {
  it('keeps every other process out, and this one, too, while the state is open', () => {
    const state = openState(path, [notes]);
    expect(inAnotherProcess('open')).toMatch(/^guard-refused .*gluepot\.db is in use by another process/);
    expect(failure(() => openState(path, [notes]))).toMatchObject({ kind: 'guard-refused' });
    add(state, 'still here');
    state.close();
    expect(inAnotherProcess('open')).toBe('opened still here');
  });

  it('ends with a process that is killed, and what it wrote is there', () => {
    expect(inAnotherProcess('write-and-die')).toBe('wrote a, b, c');
    expect(existsSync(`${path}-wal`)).toBe(true);
    const state = openState(path, [notes]);
    expect(texts(state)).toEqual(['a', 'b', 'c']);
    state.close();
  });

  it('is let go at close whatever is still half read, leaving one file, and once is enough', () => {
    const state = openState(path, [notes]);
    for (const note of ['a', 'b', 'c']) add(state, note);
    for (const row of state.sql('SELECT text FROM notes').iterate()) {
      expect(row).toEqual({ text: 'a' });
      break;
    }
    state.close();
    state.close();
    expect(readdirSync(folder)).toEqual(['gluepot.db']);
    expect(inAnotherProcess('open')).toBe('opened a, b, c');
  });

  it('is held by one at a time when many open a new file at once, and they agree on one file', async () => {
    const children = ['1', '2', '3'].map(() => spawn(process.execPath, childArguments('open')));
    const said = await Promise.all(children.map(({ stdout }) => text(stdout)));
    for (const words of said) expect(words).toMatch(/^(opened|guard-refused .* in use by another process)/);
    expect(said.some((words) => words.startsWith('opened'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['gluepot.db']);
  });

  it('is let go when opening fails', () => {
    openState(path, [{ component: 'notes', steps: [...notes.steps, 'SELECT 1'] }]).close();
    for (const attempt of [1, 2]) {
      expect(failure(() => openState(path, [notes])).message, `attempt ${attempt}`).toContain(
        'newer gluepot',
      );
    }
  });

  it('is not asked of a reader of what is there: it finds the versions, and upgrades nothing', () => {
    openState(path, [notes]).close();
    const before = snapshot();
    const old = openStateAsItIs(path, [{ component: 'notes', steps: [...notes.steps, 'DROP TABLE notes'] }]);
    expect(old.isCurrent).toBe(false);
    expect(texts(old)).toEqual([]);
    old.close();
    const current = openStateAsItIs(path, [notes]);
    expect(current.isCurrent).toBe(true);
    current.close();
    expect(snapshot()).toEqual(before);
    expect(failure(() => openStateAsItIs(join(folder, 'none.db'), [notes])).kind).toBe('usage');
    expect(readdirSync(folder)).toEqual(['gluepot.db']);
  });
});

describe('an upgrade', () => {
  const second = "ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'";
  const third = 'CREATE INDEX notes_by_colour ON notes (colour)';
  const other: StateSchema = { component: 'other', steps: ['CREATE TABLE other (id INTEGER PRIMARY KEY)'] };

  it('does the steps that are new and keeps the rows', () => {
    const first = openState(path, [notes]);
    add(first, 'kept');
    first.close();
    const grown = { component: 'notes', steps: [...notes.steps, second, third] };
    const state = openState(path, [other, grown]);
    expect(state.sql('SELECT text, colour FROM notes').all()).toEqual([{ text: 'kept', colour: 'red' }]);
    expect(state.sql('SELECT * FROM schema_versions ORDER BY component').all()).toEqual([
      { component: 'notes', version: 3 },
      { component: 'other', version: 1 },
    ]);
    state.close();
    openState(path, [other, grown]).close();
  });

  it('that fails leaves the file as it was, for the gluepot that wrote it', () => {
    const first = openState(path, [notes]);
    add(first, 'kept');
    first.close();
    const before = readFileSync(path);
    const broken = { component: 'notes', steps: [...notes.steps, second, 'CREATE TABLE notes (id)'] };
    expect(() => openState(path, [broken])).toThrow('already exists');
    const again = openState(path, [notes]);
    expect(texts(again)).toEqual(['kept']);
    expect(again.sql('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'kept' }]);
    again.close();
    expect(readFileSync(path).length).toBe(before.length);
  });
});

describe('a file that must not be opened', () => {
  beforeEach(() => {
    const state = openState(path, [notes]);
    state.transaction(() => {
      for (let number = 0; number < 2000; number++) add(state, `note ${number} ${'x'.repeat(50)}`);
    });
    state.close();
  });
  const damage = (bytes: Uint8Array, at: number) => {
    const content = readFileSync(path);
    content.set(bytes, at);
    writeFileSync(path, content);
  };
  const garbage = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 131 + 7) % 256));

  it.each([
    ['is empty', () => truncateSync(path, 0), 'it is empty'],
    ['is cut within its first bytes', () => truncateSync(path, 60), 'it is cut after 60 bytes'],
    ['is cut in the middle', () => truncateSync(path, 4096 * 5), 'malformed'],
    [
      'is cut within a page',
      () => truncateSync(path, statSync(path).size - 100),
      'malformed|a page of it is damaged',
    ],
    ['is no SQLite file', () => writeFileSync(path, 'name,amount\n'), 'does not begin as a SQLite file does'],
    ['has a page of garbage', () => damage(garbage(4096), 4096 * 7), 'a page of it is damaged|malformed'],
    ['has a page of zeros', () => damage(Buffer.alloc(4096), 4096 * 7), 'a page of it is damaged|malformed'],
    ['has garbage in its first page', () => damage(garbage(3000), 100), 'malformed|a page of it is damaged'],
  ])('%s: it is refused with its name and what to do, and left as it is', (_case, harm, reason) => {
    harm();
    const before = snapshot();
    for (let attempt = 0; attempt < 2; attempt++) {
      const { kind, message } = failure(() => openState(path, [notes]));
      expect(kind).toBe('failed');
      expect(message).toContain(path);
      expect(message).toMatch(new RegExp(reason));
      expect(message).toContain('Restore it from a backup');
    }
    expect(snapshot()).toEqual(before);
  });

  it('is a SQLite file of something else', () => {
    rmSync(path);
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE theirs (id)');
    foreign.close();
    const before = snapshot();
    expect(failure(() => openState(path, [notes])).message).toContain('not one that gluepot made');
    expect(snapshot()).toEqual(before);
  });

  it('was written by a newer gluepot', () => {
    openState(path, [notes, { component: 'weather', steps: ['SELECT 1', 'SELECT 2'] }]).close();
    const before = snapshot();
    const { kind, message } = failure(() => openState(path, [notes]));
    expect(kind).toBe('guard-refused');
    expect(message).toBe(
      `${path} was written by a newer gluepot (weather is at version 2, this gluepot knows none). It was left as it ` +
        'is. Upgrade gluepot, or choose another --data-dir.',
    );
    expect(snapshot()).toEqual(before);
  });

  it('is gone, while its log is still there', () => {
    rmSync(path);
    leaveAsKilled();
    rmSync(path);
    expect(failure(() => openState(path, [notes])).message).toContain('is gone, but its log');
    expect(readdirSync(folder)).toEqual(['gluepot.db-wal']);
  });
});

describe('the write-ahead log of a killed process', () => {
  const log = () => `${path}-wal`;
  const FRAME_BYTES = 24 + 4096;
  let content: Buffer;
  beforeEach(() => {
    leaveAsKilled();
    content = readFileSync(log());
  });
  const open = () => {
    const state = openState(path, [notes]);
    const found = texts(state);
    state.close();
    return found;
  };
  const flip = (at: number) => (content[at] = (content[at] as number) ^ 0xff);

  it('may end within a transaction that was never acknowledged', () => {
    writeFileSync(log(), content.subarray(0, content.length - 100));
    expect(open()).toEqual(['a', 'b']);
  });

  it('may be empty or all zeros, as a system that stopped before the first write leaves it', () => {
    const committed = readFileSync(path);
    for (const left of [Buffer.alloc(0), Buffer.alloc(20), Buffer.alloc(content.length)]) {
      writeFileSync(path, committed);
      writeFileSync(log(), left);
      expect(open()).toEqual([]);
    }
  });

  it.each([
    ['with a header of garbage', () => content.fill(0xa5, 0, 32), /does not begin as a log of SQLite does/],
    ['all garbage', () => content.fill(0x5a), /does not begin as a log of SQLite does/],
    [
      'with a damaged page before finished transactions',
      () => flip(32 + 24 + 9),
      /damaged at byte 32, before \d+ finished/,
    ],
    [
      'with a damaged frame header',
      () => flip(32 + FRAME_BYTES + 20),
      /damaged at byte 4152, before \d+ finished/,
    ],
  ])('%s is refused, because what was acknowledged would be lost without a word', (_case, harm, reason) => {
    harm();
    writeFileSync(log(), content);
    const before = readFileSync(path);
    const { kind, message } = failure(open);
    expect(kind).toBe('failed');
    expect(message).toContain(log());
    expect(message).toMatch(reason);
    expect(message).toContain('Nothing was changed.');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readFileSync(log()).equals(content)).toBe(true);
  });

  it('can be given up by cutting it, as the message says', () => {
    flip(content.length - FRAME_BYTES - 50);
    writeFileSync(log(), content);
    const length = Number(/truncate -s (\d+) /.exec(failure(open).message)?.[1]);
    truncateSync(log(), length);
    expect(open()).toEqual(['a']);
  });
});

describe('a folder that cannot be a data directory', () => {
  it('is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    for (const place of [join(file, 'gluepot.db'), join(file, 'deeper', 'gluepot.db')]) {
      const { kind, message } = failure(() => openState(place, [notes]));
      expect(kind).toBe('usage');
      expect(message).toContain('there is a file at it, or on the way to it');
      expect(message).toContain('Choose another --data-dir.');
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('has a folder where the state file belongs', () => {
    mkdirSync(path);
    expect(failure(() => openState(path, [notes])).message).toContain(path);
    expect(readdirSync(path)).toEqual([]);
  });

  // Root may write everywhere, so another user has to try.
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {};
  it.runIf(process.platform !== 'win32')('may not be written to', () => {
    spawnSync('chmod', ['755', folder]);
    if (process.getuid?.() !== 0) spawnSync('chmod', ['555', folder]);
    expect(inAnotherProcess('open', nobody)).toMatch(/^failed .*gluepot\.db cannot be opened for writing \(/);
    spawnSync('chmod', ['755', folder]);
    openState(path, [notes]).close();
    spawnSync('chmod', ['444', path]);
    if (process.getuid?.() !== 0) spawnSync('chmod', ['555', folder]);
    const before = snapshot();
    expect(inAnotherProcess('open', nobody)).toMatch(/^failed .*gluepot\.db cannot be opened for writing/);
    expect(snapshot()).toEqual(before);
    spawnSync('chmod', ['755', folder]);
  });
});
