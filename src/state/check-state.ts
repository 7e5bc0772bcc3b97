// Checks the state file itself: every page of it, its indexes and its foreign keys.
import type { Finding } from './finding.js';
import type { State } from './state.js';

/** Problems that SQLite lists before it stops. */
const PROBLEMS_MAX = 20;

export function checkState(state: State): Finding[] {
  const problems = state.sql(`PRAGMA integrity_check(${PROBLEMS_MAX})`).all() as {
    integrity_check: string;
  }[];
  const broken = state.sql('PRAGMA foreign_key_check').all() as { table: string; parent: string }[];
  const messages = [
    ...problems.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...broken.map(({ table, parent }) => `a row of ${table} belongs to a row of ${parent} that is not there`),
  ];
  return messages.map((text) => ({
    severity: 'error',
    area: 'state',
    message: `The state file is damaged: ${text}. Restore a backup (gluepot local restore).`,
  }));
}
