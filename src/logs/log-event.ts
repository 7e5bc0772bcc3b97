// Log events: appended to a stream, which keeps the newest, and read forwards or backwards.
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import type { LogEvent } from './log-groups.js';

/** Events that a stream keeps; older ones go when more arrive. CloudWatch Logs itself keeps all until they expire. */
export const STREAM_EVENTS_MAX = 10_000;

/** Longest message in bytes of UTF-8 (AWS docs: CloudWatch Logs quotas, event size); the rest of a longer one is cut off. */
export const MESSAGE_BYTES_MAX = 1024 * 1024;

const DAY_MS = 24 * 3600 * 1000;

/** What CloudWatch Logs adds to each message's size when it counts bytes. */
export const EVENT_OVERHEAD_BYTES = 26;

export interface StoredLogEvent extends LogEvent {
  /** Place in the stream, from 1. Numbers of events that are gone are not used again. */
  number: number;
  ingestionMs: number;
}

export interface LogEventSpan {
  /** Only events after this number, the first ones first. */
  after?: number;
  /** Only events before this number, and of those the last ones; still in order of arrival. */
  before?: number;
  /** Only events whose timestamp is at least this, in milliseconds. */
  fromMs?: number;
  /** Only events whose timestamp is less than this, in milliseconds. */
  untilMs?: number;
  count: number;
}

/** An event among those of a whole group, which are ordered by time, then by stream, then by number. */
export interface GroupLogEvent extends StoredLogEvent {
  streamId: number;
  streamName: string;
}

export interface GroupSpan {
  streamNames?: readonly string[];
  streamNamePrefix?: string;
  fromMs?: number;
  untilMs?: number;
  after?: Pick<GroupLogEvent, 'timestamp' | 'streamId' | 'number'>;
  count: number;
}

export interface LogEventTable {
  append(streamId: number, events: readonly LogEvent[]): void;
  read(streamId: number, span: LogEventSpan): StoredLogEvent[];
  readGroup(group: string, span: GroupSpan): GroupLogEvent[];
  /** Drops what groups have kept for as long as they should. */
  expire(): void;
}

export function openLogEventTable(state: State, clock: Clock): LogEventTable {
  return {
    append(streamId, events) {
      if (events.length === 0) return;
      const nowMs = clock.now().getTime();
      state.transaction(() => {
        const { last_number } = state
          .sql('SELECT last_number FROM log_streams WHERE id = ?')
          .get(streamId) as {
          last_number: number;
        };
        const kept = events
          .slice(-STREAM_EVENTS_MAX)
          .map((event) => ({ ...event, message: cut(event.message) }));
        const firstNumber = last_number + 1 + events.length - kept.length;
        const insert = state.sql('INSERT INTO log_events VALUES (?, ?, ?, ?, ?)');
        kept.forEach((event, index) =>
          insert.run(streamId, firstNumber + index, event.timestamp, nowMs, event.message),
        );
        const lastNumber = last_number + events.length;
        const timestamps = kept.map((event) => event.timestamp);
        state
          .sql(
            `UPDATE log_streams SET last_number = ?, last_ingestion_ms = ?,
               first_event_ms = MIN(COALESCE(first_event_ms, ?), ?), last_event_ms = MAX(COALESCE(last_event_ms, ?), ?),
               stored_bytes = stored_bytes + ? - ? WHERE id = ?`,
          )
          .run(
            lastNumber,
            nowMs,
            ...[minimum(timestamps), minimum(timestamps), maximum(timestamps), maximum(timestamps)],
            kept.reduce((bytes, event) => bytes + Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES, 0),
            dropUpTo(streamId, lastNumber - STREAM_EVENTS_MAX),
            streamId,
          );
      });
    },
    read(streamId, { after = 0, before, fromMs, untilMs, count }) {
      const backwards = before !== undefined;
      const rows = state
        .sql(
          `SELECT number, event_ms AS timestamp, ingestion_ms AS ingestionMs, message FROM log_events
           WHERE stream_id = ? AND number > ? AND number < ? AND event_ms >= ? AND event_ms < ?
           ORDER BY number ${backwards ? 'DESC' : 'ASC'} LIMIT ?`,
        )
        .all(
          streamId,
          after,
          before ?? Number.MAX_SAFE_INTEGER,
          fromMs ?? Number.MIN_SAFE_INTEGER,
          untilMs ?? Number.MAX_SAFE_INTEGER,
          count,
        ) as unknown as StoredLogEvent[];
      return backwards ? rows.reverse() : rows;
    },
    readGroup(group, { streamNames, streamNamePrefix = '', fromMs, untilMs, after, count }) {
      const rows = state
        .sql(
          `SELECT number, event_ms AS timestamp, ingestion_ms AS ingestionMs, message, stream_id AS streamId,
             name AS streamName
           FROM log_events JOIN log_streams ON log_streams.id = stream_id
           WHERE group_name = ? AND substr(name, 1, length(?)) = ?
             AND (? IS NULL OR name IN (SELECT value FROM json_each(?))) AND event_ms >= ? AND event_ms < ?
             AND (event_ms, stream_id, number) > (?, ?, ?)
           ORDER BY event_ms, stream_id, number LIMIT ?`,
        )
        .all(
          ...[group, streamNamePrefix, streamNamePrefix],
          ...(streamNames ? [JSON.stringify(streamNames), JSON.stringify(streamNames)] : [null, null]),
          ...[fromMs ?? Number.MIN_SAFE_INTEGER, untilMs ?? Number.MAX_SAFE_INTEGER],
          ...[after?.timestamp ?? Number.MIN_SAFE_INTEGER, after?.streamId ?? 0, after?.number ?? 0],
          count,
        ) as GroupLogEvent[];
      return rows;
    },
    expire() {
      const groups = state
        .sql('SELECT name, retention_days AS days FROM log_groups WHERE retention_days IS NOT NULL')
        .all() as { name: string; days: number }[];
      for (const { name, days } of groups) dropOlder(name, clock.now().getTime() - days * DAY_MS);
    },
  };

  function dropOlder(group: string, beforeMs: number): void {
    const sizes = state
      .sql(
        `SELECT stream_id AS streamId, SUM(LENGTH(CAST(message AS BLOB)) + ${EVENT_OVERHEAD_BYTES}) AS bytes
         FROM log_events JOIN log_streams ON log_streams.id = stream_id
         WHERE group_name = ? AND event_ms < ? GROUP BY stream_id`,
      )
      .all(group, beforeMs) as { streamId: number; bytes: number }[];
    if (sizes.length === 0) return;
    state.transaction(() => {
      for (const { streamId, bytes } of sizes) {
        state.sql('DELETE FROM log_events WHERE stream_id = ? AND event_ms < ?').run(streamId, beforeMs);
        state.sql('UPDATE log_streams SET stored_bytes = stored_bytes - ? WHERE id = ?').run(bytes, streamId);
      }
    });
  }

  /** Bytes that went with the events up to `number`. */
  function dropUpTo(streamId: number, number: number): number {
    if (number <= 0) return 0;
    const { bytes } = state
      .sql(
        `SELECT COALESCE(SUM(LENGTH(CAST(message AS BLOB)) + ${EVENT_OVERHEAD_BYTES}), 0) AS bytes
         FROM log_events WHERE stream_id = ? AND number <= ?`,
      )
      .get(streamId, number) as { bytes: number };
    state.sql('DELETE FROM log_events WHERE stream_id = ? AND number <= ?').run(streamId, number);
    return bytes;
  }
}

function cut(message: string): string {
  if (Buffer.byteLength(message) <= MESSAGE_BYTES_MAX) return message;
  // A cut in the middle of a character leaves a replacement character at the end.
  return Buffer.from(message)
    .subarray(0, MESSAGE_BYTES_MAX)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

function minimum(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function maximum(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value));
}
