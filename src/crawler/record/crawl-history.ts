// Every crawl of the last twelve months, and what it changed.
import type { State } from '../../state/state.js';
import type { Action, CrawlSummary } from './crawl-summary.js';
import {
  openChangeRecorder,
  readChanges,
  type ChangeRecorder,
  type RecordedChange,
} from './recorded-change.js';

export type CrawlState = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'STOPPED';

export interface CrawlRecord {
  /** Grows with every crawl of any crawler. */
  sequence: number;
  crawlId: string;
  crawlerName: string;
  state: CrawlState;
  startTime: Date;
  endTime: Date | undefined;
  errorMessage: string | undefined;
}

/** AWS keeps crawls for 12 months (AWS docs, ListCrawls). */
const KEPT_MS = 365 * 24 * 60 * 60 * 1000;

export interface CrawlHistory {
  /** Also forgets crawls that ended more than 12 months before `startTime`. */
  start(crawlId: string, crawlerName: string, startTime: Date): ChangeRecorder;
  finish(
    crawlId: string,
    state: Exclude<CrawlState, 'RUNNING'>,
    endTime: Date,
    errorMessage: string | undefined,
  ): void;
  /** Crawls of a crawler that started at `since` or later, newest first, those before `beforeSequence`. */
  list(crawlerName: string, options: { since: Date; beforeSequence?: number; count?: number }): CrawlRecord[];
  find(crawlId: string): CrawlRecord | undefined;
  /** Crawls that were under way when this or an earlier process last wrote. */
  running(): CrawlRecord[];
  summary(crawlId: string): CrawlSummary;
  changes(crawlId: string): RecordedChange[];
}

interface CrawlRow {
  sequence: number;
  crawl_id: string;
  crawler: string;
  state: CrawlState;
  started_ms: number;
  ended_ms: number | null;
  error_message: string | null;
}

/** `state` must have been opened with crawlSchema. */
export function openCrawlHistory(state: State): CrawlHistory {
  return {
    start: (crawlId, crawlerName, startTime) =>
      state.transaction(() => {
        forgetBefore(state, startTime.getTime() - KEPT_MS);
        state
          .sql('INSERT INTO crawls (crawl_id, crawler, state, started_ms) VALUES (?, ?, ?, ?)')
          .run(crawlId, crawlerName, 'RUNNING', startTime.getTime());
        return openChangeRecorder(state, crawlId);
      }),
    finish(crawlId, crawlState, endTime, errorMessage) {
      state
        .sql('UPDATE crawls SET state = ?, ended_ms = ?, error_message = ? WHERE crawl_id = ?')
        .run(crawlState, endTime.getTime(), errorMessage ?? null, crawlId);
    },
    list(crawlerName, { since, beforeSequence = Number.MAX_SAFE_INTEGER, count = -1 }) {
      const rows = state
        .sql(
          `SELECT * FROM crawls WHERE crawler = ? AND sequence < ? AND started_ms >= ?
           ORDER BY sequence DESC LIMIT ?`,
        )
        .all(crawlerName, beforeSequence, since.getTime(), count);
      return (rows as unknown as CrawlRow[]).map(recordOf);
    },
    find(crawlId) {
      const row = state.sql('SELECT * FROM crawls WHERE crawl_id = ?').get(crawlId);
      return row === undefined ? undefined : recordOf(row as unknown as CrawlRow);
    },
    running() {
      const rows = state.sql("SELECT * FROM crawls WHERE state = 'RUNNING' ORDER BY sequence").all();
      return (rows as unknown as CrawlRow[]).map(recordOf);
    },
    summary: (crawlId) => summarise(state, crawlId),
    changes: (crawlId) => readChanges(state, crawlId),
  };
}

function recordOf(row: CrawlRow): CrawlRecord {
  return {
    sequence: row.sequence,
    crawlId: row.crawl_id,
    crawlerName: row.crawler,
    state: row.state,
    startTime: new Date(row.started_ms),
    endTime: row.ended_ms === null ? undefined : new Date(row.ended_ms),
    errorMessage: row.error_message ?? undefined,
  };
}

function forgetBefore(state: State, endMs: number): void {
  const old = state.sql('SELECT crawl_id FROM crawls WHERE ended_ms < ?').all(endMs) as {
    crawl_id: string;
  }[];
  for (const { crawl_id } of old) {
    state.sql('DELETE FROM crawl_changes WHERE crawl_id = ?').run(crawl_id);
    state.sql('DELETE FROM crawl_shapes WHERE crawl_id = ?').run(crawl_id);
    state.sql('DELETE FROM crawls WHERE crawl_id = ?').run(crawl_id);
  }
}

function summarise(state: State, crawlId: string): CrawlSummary {
  const summary: CrawlSummary = {
    tables: { create: [], update: [], delete: [] },
    partitions: {
      create: { tables: [], count: 0 },
      update: { tables: [], count: 0 },
      delete: { tables: [], count: 0 },
    },
  };
  const rows = state
    .sql(
      `SELECT kind, action, table_name AS name, count(*) AS count FROM crawl_changes
       WHERE crawl_id = ? AND kind <> 'database' GROUP BY kind, action, table_name ORDER BY min(position)`,
    )
    .all(crawlId) as { kind: string; action: Action; name: string; count: number }[];
  for (const { kind, action, name, count } of rows) {
    if (kind === 'table') summary.tables[action].push(name);
    else {
      summary.partitions[action].tables.push(name);
      summary.partitions[action].count += count;
    }
  }
  return summary;
}
