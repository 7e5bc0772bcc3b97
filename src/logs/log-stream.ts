// Log streams of a group: made, listed, deleted with their events.
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { logGroupMissing } from './log-group.js';

export interface LogStream {
  id: number;
  name: string;
  created: Date;
  firstEvent?: Date;
  lastEvent?: Date;
  lastIngestion?: Date;
}

export interface LogStreamTable {
  /** @throws AwsError ResourceAlreadyExistsException, ResourceNotFoundException for the group */
  create(group: string, name: string): void;
  /** The stream, made when it is missing; its group must be there. */
  ensure(group: string, name: string): LogStream;
  /** @throws AwsError ResourceNotFoundException */
  get(group: string, name: string): LogStream;
  list(
    group: string,
    options: {
      prefix?: string;
      orderBy: 'name' | 'last-event';
      descending: boolean;
      offset: number;
      count: number;
    },
  ): LogStream[];
  /** @throws AwsError ResourceNotFoundException */
  delete(group: string, name: string): void;
}

interface Row {
  id: number;
  name: string;
  created_ms: number;
  first_event_ms: number | null;
  last_event_ms: number | null;
  last_ingestion_ms: number | null;
}

export function openLogStreamTable(state: State, clock: Clock): LogStreamTable {
  const find = (group: string, name: string) => {
    const row = state.sql('SELECT * FROM log_streams WHERE group_name = ? AND name = ?').get(group, name) as
      Row | undefined;
    return row && toLogStream(row);
  };
  const insert = (group: string, name: string) =>
    state
      .sql('INSERT INTO log_streams (group_name, name, created_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(group, name, clock.now().getTime()).changes === 1;
  const requireGroup = (group: string) => {
    if (!state.sql('SELECT 1 FROM log_groups WHERE name = ?').get(group)) throw logGroupMissing();
  };
  const get = (group: string, name: string) => {
    const stream = find(group, name);
    if (stream) return stream;
    requireGroup(group);
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  };
  return {
    create(group, name) {
      requireGroup(group);
      if (!insert(group, name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
    },
    ensure(group, name) {
      insert(group, name);
      return get(group, name);
    },
    get,
    list(group, { prefix = '', orderBy, descending, offset, count }) {
      requireGroup(group);
      const column = orderBy === 'name' ? 'name' : 'COALESCE(last_event_ms, 0)';
      const direction = descending ? 'DESC' : 'ASC';
      const rows = state
        .sql(
          `SELECT * FROM log_streams WHERE group_name = ? AND substr(name, 1, length(?)) = ?
           ORDER BY ${column} ${direction}, name ${direction} LIMIT ? OFFSET ?`,
        )
        .all(group, prefix, prefix, count, offset) as unknown as Row[];
      return rows.map(toLogStream);
    },
    delete: (group, name) => void state.sql('DELETE FROM log_streams WHERE id = ?').run(get(group, name).id),
  };
}

function toLogStream(row: Row): LogStream {
  return {
    id: row.id,
    name: row.name,
    created: new Date(row.created_ms),
    ...(row.first_event_ms === null ? {} : { firstEvent: new Date(row.first_event_ms) }),
    ...(row.last_event_ms === null ? {} : { lastEvent: new Date(row.last_event_ms) }),
    ...(row.last_ingestion_ms === null ? {} : { lastIngestion: new Date(row.last_ingestion_ms) }),
  };
}
