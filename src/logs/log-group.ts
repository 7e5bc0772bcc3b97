// Log groups: made, listed, tagged, deleted with all their streams.
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';

export interface LogGroup {
  name: string;
  created: Date;
  tags: Record<string, string>;
  /** Bytes of all messages kept, and 26 more for each, as CloudWatch Logs counts them. */
  storedBytes: number;
  /** How long events are kept; for ever when it is not set. */
  retentionDays?: number;
}

export interface LogGroupTable {
  /** @throws AwsError ResourceAlreadyExistsException */
  create(name: string, tags?: Record<string, string>): void;
  /** Makes the group when it is missing. */
  ensure(name: string): void;
  /** @throws AwsError ResourceNotFoundException */
  get(name: string): LogGroup;
  /** Groups whose name is greater than `after`, in name order. `pattern` is a part of the name, in any case. */
  list(options: { prefix?: string; pattern?: string; after?: string; count: number }): LogGroup[];
  /** @throws AwsError ResourceNotFoundException */
  setTags(name: string, tags: Record<string, string>): void;
  /** Undefined has events kept for ever. @throws AwsError ResourceNotFoundException */
  setRetention(name: string, days: number | undefined): void;
  /** @throws AwsError ResourceNotFoundException */
  delete(name: string): void;
}

interface Row {
  name: string;
  created_ms: number;
  tags: string;
  stored_bytes: number;
  retention_days: number | null;
}

export function openLogGroupTable(state: State, clock: Clock): LogGroupTable {
  const select = `SELECT *, (SELECT COALESCE(SUM(stored_bytes), 0) FROM log_streams WHERE group_name = log_groups.name)
                  AS stored_bytes FROM log_groups`;
  const insert = (name: string, tags: Record<string, string>) =>
    state
      .sql('INSERT INTO log_groups (name, created_ms, tags) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(name, clock.now().getTime(), JSON.stringify(tags)).changes === 1;
  const requireChange = (changes: number | bigint) => {
    if (Number(changes) === 0) throw logGroupMissing();
  };
  return {
    create(name, tags = {}) {
      if (!insert(name, tags)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
    },
    ensure: (name) => void insert(name, {}),
    get(name) {
      const row = state.sql(`${select} WHERE name = ?`).get(name) as Row | undefined;
      if (!row) throw logGroupMissing();
      return toLogGroup(row);
    },
    list({ prefix = '', pattern = '', after = '', count }) {
      const rows = state
        .sql(
          `${select} WHERE name > ? AND substr(name, 1, length(?)) = ? AND instr(lower(name), lower(?)) > 0
           ORDER BY name LIMIT ?`,
        )
        .all(after, prefix, prefix, pattern, count) as unknown as Row[];
      return rows.map(toLogGroup);
    },
    setTags(name, tags) {
      requireChange(
        state.sql('UPDATE log_groups SET tags = ? WHERE name = ?').run(JSON.stringify(tags), name).changes,
      );
    },
    setRetention: (name, days) =>
      requireChange(
        state.sql('UPDATE log_groups SET retention_days = ? WHERE name = ?').run(days ?? null, name).changes,
      ),
    delete: (name) => requireChange(state.sql('DELETE FROM log_groups WHERE name = ?').run(name).changes),
  };
}

export function logGroupMissing(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

function toLogGroup(row: Row): LogGroup {
  return {
    name: row.name,
    created: new Date(row.created_ms),
    tags: JSON.parse(row.tags) as Record<string, string>,
    storedBytes: row.stored_bytes,
    ...(row.retention_days === null ? {} : { retentionDays: row.retention_days }),
  };
}
