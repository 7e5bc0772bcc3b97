// Prepared statements: texts with `?` in a workgroup, by name.
import type { Clock } from '../../base/clock.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';

export interface PreparedStatementRecord {
  name: string;
  workGroup: string;
  text: string;
  description?: string | undefined;
  modifiedAt: Date;
}

export interface PreparedStatements {
  find(workGroup: string, name: string): PreparedStatementRecord | undefined;
  /** Replaces one of the same name. */
  put(statement: Omit<PreparedStatementRecord, 'modifiedAt'>): void;
  delete(workGroup: string, name: string): boolean;
  list(workGroup: string, options?: { after?: string; count?: number }): PreparedStatementRecord[];
}

export function openPreparedStatements(state: State, { clock }: { clock: Clock }): PreparedStatements {
  const documents = openDocuments<PreparedStatementRecord>(state, 'athena-prepared-statement');
  // No workgroup has a slash in its name.
  const keyOf = (workGroup: string, name: string) => `${workGroup}/${name}`;
  return {
    find: (workGroup, name) => documents.get(keyOf(workGroup, name)),
    put: (statement) =>
      documents.put(keyOf(statement.workGroup, statement.name), { ...statement, modifiedAt: clock.now() }),
    delete: (workGroup, name) => documents.delete(keyOf(workGroup, name)),
    list: (workGroup, { after, count } = {}) =>
      documents
        .list({
          prefix: `${workGroup}/`,
          ...(after !== undefined && { after: keyOf(workGroup, after) }),
          ...(count !== undefined && { count }),
        })
        .map(({ document }) => document),
  };
}
