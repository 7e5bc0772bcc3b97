// Query executions in the state: kept until they are 45 days old, as AWS keeps its history.
import type { State } from '../../state/state.js';
import { parseDocument, stringifyDocument } from '../../state/documents.js';
import type { QueryRecord } from './query-record.js';

/** AWS docs, query history: kept for 45 days. Older ones are removed when the state is opened. */
const RETENTION_MS = 45 * 24 * 3600 * 1000;

export interface QueryRecords {
  find(id: string): QueryRecord | undefined;
  /** The execution that was begun with the token. */
  findByToken(token: string): QueryRecord | undefined;
  insert(record: QueryRecord): void;
  update(record: QueryRecord): void;
  /** Identifiers, newest first: at most `count`, older than the one numbered `before`. */
  list(workGroup: string, options: { before?: number; count: number }): { id: string; number: number }[];
  /** Those that were waiting or running. */
  unfinished(): QueryRecord[];
  deleteWorkGroup(workGroup: string): void;
  hasAny(workGroup: string): boolean;
}

/** `state` needs querySchema. */
export function openQueryRecords(state: State, now: Date): QueryRecords {
  state.sql('DELETE FROM query_executions WHERE submitted_ms < ?').run(now.getTime() - RETENTION_MS);
  const one = (row: unknown) =>
    row === undefined ? undefined : parseDocument<QueryRecord>((row as { record: string }).record);
  return {
    find: (id) => one(state.sql('SELECT record FROM query_executions WHERE id = ?').get(id)),
    findByToken: (token) => one(state.sql('SELECT record FROM query_executions WHERE token = ?').get(token)),
    insert(record) {
      state
        .sql(
          'INSERT INTO query_executions (id, work_group, token, state, submitted_ms, record) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(
          record.id,
          record.workGroup,
          record.token ?? null,
          record.state,
          record.submittedAt.getTime(),
          stringifyDocument(record),
        );
    },
    update(record) {
      state
        .sql('UPDATE query_executions SET state = ?, record = ? WHERE id = ?')
        .run(record.state, stringifyDocument(record), record.id);
    },
    list: (workGroup, { before = Number.MAX_SAFE_INTEGER, count }) =>
      state
        .sql(
          'SELECT id, number FROM query_executions WHERE work_group = ? AND number < ? ORDER BY number DESC LIMIT ?',
        )
        .all(workGroup, before, count) as { id: string; number: number }[],
    unfinished: () =>
      (
        state.sql(`SELECT record FROM query_executions WHERE state IN ('QUEUED', 'RUNNING')`).all() as {
          record: string;
        }[]
      ).map(({ record }) => parseDocument<QueryRecord>(record)),
    deleteWorkGroup(workGroup) {
      state.sql('DELETE FROM query_executions WHERE work_group = ?').run(workGroup);
    },
    hasAny: (workGroup) =>
      state.sql('SELECT 1 FROM query_executions WHERE work_group = ? LIMIT 1').get(workGroup) !== undefined,
  };
}
