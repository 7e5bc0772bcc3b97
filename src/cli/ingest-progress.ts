// How far an ingest is: a line for people, events of JSON on stderr beside --json.
import type { IngestProgress } from '../toolkit/ingest/index.js';
import { bytesText } from './bytes-text.js';
import type { CommandContext } from './command.js';

/** Events of the same table and kind follow each other no closer than that. */
const BETWEEN_MS = 1000;

/** @param at shows a line, if the run takes long enough */
export function showProgress(
  { options }: Pick<CommandContext, 'options'>,
  at: (line: string) => void,
): (event: IngestProgress) => void {
  if (options.json !== true) return (event) => at(progressText(event));
  if (options.quiet === true) return () => {};
  const told = new Map<string, { detail: string; ms: number }>();
  return (event) => {
    const last = told.get(event.table);
    const ms = performance.now();
    if (last?.detail === event.detail && ms - last.ms < BETWEEN_MS) return;
    told.set(event.table, { detail: event.detail, ms });
    process.stderr.write(`${JSON.stringify({ event: 'progress', ...event })}\n`);
  };
}

function progressText({ table, detail, rows, bytes, done, all }: IngestProgress): string {
  const counts = [
    ...(rows === undefined ? [] : [`${rows} rows`]),
    ...(bytes === undefined ? [] : [bytesText(bytes)]),
  ];
  return `${done} of ${all} tables, ${[`${table}: ${detail}`, ...counts].join(', ')}`;
}
