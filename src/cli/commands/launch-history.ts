// gluepot launch history SPEC
import type { CommandContext } from '../command.js';
import { withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export async function launchHistory(
  context: CommandContext,
  source: SpecSource,
  { limit }: { limit: number },
): Promise<Outcome> {
  return withLaunch(context, source, async ({ spec, records }) => {
    const { output } = context;
    const launches = await records.records(limit);
    output.print(
      launches.length === 0
        ? `Nothing was launched by ${spec.name} yet.`
        : renderTable(
            {
              head: ['started', 'run key', 'run', 'token', 'cleared', 'event'],
              rows: launches.map((launch) => [
                launch.startedAt,
                launch.runKey,
                launch.runId,
                String(launch.fencingToken),
                String(launch.clearedCount),
                `${launch.eventId ?? 'sweep'}${launch.isBatchIgnored ? ' (Batch checks ignored)' : ''}`,
              ]),
            },
            output.width,
          ),
    );
    return { result: { launches } };
  });
}
