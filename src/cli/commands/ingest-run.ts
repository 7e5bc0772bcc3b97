// gluepot ingest run, and how a report of an ingest is shown
import { exitCodeOf, runIngest, type IngestReport } from '../../toolkit/ingest/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { withIngest, type SpecOptions } from '../ingest-session.js';
import type { Output, Outcome } from '../output.js';
import { showProgress } from '../ingest-progress.js';
import { withSlowProgress } from '../slow-progress.js';
import { renderTable } from '../table.js';

export async function ingestRun(
  context: CommandContext,
  file: string | undefined,
  given: SpecOptions,
  backfill?: { from: string; to: string },
): Promise<Outcome> {
  const { output } = context;
  return withIngest(context, file, given, async ({ spec, connection, tools }) => {
    const report = await withSlowProgress(output.progress, 'ingest', (at) =>
      runIngest(spec, connection.clients, {
        ...tools,
        ...(backfill ? { backfill } : {}),
        onProgress: showProgress(context, at),
      }),
    );
    return showReport(output, report);
  });
}

function showReport(output: Output, report: IngestReport): Outcome {
  const rows = report.tables.map(({ table, status, load, counts, rows: all, bytes, watermark, reason }) => [
    table,
    status,
    load ?? null,
    counts ? `+${counts.added} ~${counts.updated} -${counts.deleted}` : null,
    all === undefined ? null : String(all),
    bytes === undefined ? null : bytesText(bytes),
    watermark ?? null,
    status === 'failed' ? null : reason,
  ]);
  const head = ['table', 'status', 'load', 'rows changed', 'rows', 'bytes', 'up to', 'why'];
  output.print(renderTable({ head, rows }, output.width));
  for (const { table, status, reason, warnings } of report.tables) {
    for (const warning of warnings) output.warn(`${table}: ${warning}`);
    if (status === 'failed') output.print(`${table} failed: ${reason}`);
  }
  const count = (wanted: string) => report.tables.filter(({ status }) => status === wanted).length;
  output.print(
    `${count('loaded')} loaded, ${count('unchanged')} unchanged, ${count('skipped')} skipped, ${count('failed')} failed; in ${report.outputDatabase}.`,
  );
  return { result: report, exitCode: exitCodeOf(report) };
}
