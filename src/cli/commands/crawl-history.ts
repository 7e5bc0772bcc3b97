// gluepot crawl history NAME
import { connect } from '../../connect.js';
import { systemClock } from '../../base/clock.js';
import { findHistory } from '../../toolkit/crawl-undo/index.js';
import type { CommandContext } from '../command.js';
import { connectOptions } from '../global-options.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export async function crawlHistory(
  { options, output, signal }: CommandContext,
  crawlerName: string,
  { limit }: { limit: number },
): Promise<Outcome> {
  const connection = await connect(connectOptions(options));
  try {
    const scope = { glue: connection.clients.glue, clock: systemClock, signal };
    const crawls = (await findHistory(scope, crawlerName)).reverse().slice(0, limit);
    output.print(
      crawls.length === 0
        ? `Crawler ${crawlerName} has not crawled yet.`
        : renderTable(
            {
              head: ['crawl', 'state', 'began', 'took', 'tables', 'partitions of'],
              rows: crawls.map(({ crawlId, state, start, end, summary }) => [
                crawlId ?? '',
                state,
                start.toISOString(),
                end ? `${((end.getTime() - start.getTime()) / 1000).toFixed(1)} s` : '',
                countsOf(summary?.tables),
                countsOf(summary?.partitions),
              ]),
            },
            output.width,
          ),
    );
    const result = crawls.map(({ summary, ...crawl }) => ({
      ...crawl,
      tables: namesOf(summary?.tables),
      partitionsOf: namesOf(summary?.partitions),
    }));
    return { result: { crawlerName, crawls: result } };
  } finally {
    await connection.close();
  }
}

type Names = Readonly<Record<'ADD' | 'UPDATE' | 'DELETE', ReadonlySet<string>>>;

function countsOf(names: Names | undefined): string {
  if (!names) return '?';
  const counts = [
    ['+', names.ADD.size],
    ['~', names.UPDATE.size],
    ['-', names.DELETE.size],
  ] as const;
  return counts.flatMap(([sign, count]) => (count > 0 ? [`${sign}${count}`] : [])).join(' ');
}

function namesOf(names: Names | undefined) {
  return names && { added: [...names.ADD], updated: [...names.UPDATE], deleted: [...names.DELETE] };
}
