// gluepot ingest plan
import { planIngest } from '../../toolkit/ingest/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { withIngest, type SpecOptions } from '../ingest-session.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export async function ingestPlan(
  context: CommandContext,
  file: string | undefined,
  given: SpecOptions,
): Promise<Outcome> {
  const { output } = context;
  return withIngest(context, file, given, async ({ spec, connection, tools }) => {
    const plan = await planIngest(spec, connection.clients, tools);
    const rows = plan.tables.map(({ table, action, disposition, rows, bytes, files, seconds, reason }) => [
      table,
      action,
      disposition ?? null,
      rows === undefined ? null : `about ${rows}`,
      bytes === undefined ? null : bytesText(bytes),
      files === undefined ? null : String(files),
      seconds === undefined ? null : `${seconds} s`,
      reason,
    ]);
    output.print(
      renderTable(
        { head: ['table', 'load', 'disposition', 'rows', 'bytes', 'files', 'at most', 'why'], rows },
        output.width,
      ),
    );
    for (const { table, warnings } of plan.tables) {
      for (const warning of warnings) output.warn(`${table}: ${warning}`);
    }
    const bytes = plan.tables.reduce((sum, table) => sum + (table.bytes ?? 0), 0);
    output.print(
      `${plan.tables.length} tables of ${plan.database}, ${bytesText(bytes)}, into ${plan.outputDatabase}.`,
    );
    const isBad = plan.tables.some(({ action }) => action === 'fail');
    return { result: plan, exitCode: isBad ? 3 : 0 };
  });
}
