// gluepot crawl show NAME
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { isAwsError } from '../../aws/aws-failure.js';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { connect, type Connection } from '../../connect.js';
import { findHistory } from '../../toolkit/crawl-undo/index.js';
import type { CommandContext } from '../command.js';
import { connectOptions } from '../global-options.js';
import type { Outcome } from '../output.js';

/** AWS: every crawler writes into this group, in a stream of its own name, each line with its crawl's id. */
const LOG_GROUP = '/aws-glue/crawlers';

export async function crawlShow(
  { options, output, signal }: CommandContext,
  crawlerName: string,
  { crawl: wanted }: { crawl?: string },
): Promise<Outcome> {
  const connection = await connect(connectOptions(options));
  try {
    const scope = { glue: connection.clients.glue, clock: systemClock, signal };
    const crawls = await findHistory(scope, crawlerName);
    const crawl = wanted === undefined ? crawls.at(-1) : crawls.find(({ crawlId }) => crawlId === wanted);
    if (!crawl) {
      throw new GluepotError(
        'usage',
        wanted === undefined
          ? `Crawler ${crawlerName} has not crawled yet.`
          : `Crawler ${crawlerName} has no crawl ${wanted}. List them with gluepot crawl history ${crawlerName}`,
      );
    }
    const { crawlId, state, start, end, summary } = crawl;
    const lines = await logLines(connection, crawlerName, crawlId, start, signal);
    const names = (each: typeof summary, kind: 'tables' | 'partitions') =>
      each &&
      Object.fromEntries(
        (['ADD', 'UPDATE', 'DELETE'] as const).map((action) => [
          action.toLowerCase(),
          [...each[kind][action]],
        ]),
      );
    const tables = names(summary, 'tables');
    const partitionsOf = names(summary, 'partitions');
    output.print(`Crawl ${crawlId ?? ''} of ${crawlerName}: ${state}`);
    output.print(`  began ${start.toISOString()}${end ? `, ended ${end.toISOString()}` : ''}`);
    for (const [what, each] of [
      ['tables', tables],
      ['partitions of', partitionsOf],
    ] as const) {
      for (const [action, list] of Object.entries(each ?? {})) {
        if (list.length > 0) output.print(`  ${what}, ${action}: ${list.join(', ')}`);
      }
    }
    if (lines.length > 0) output.print(['', ...lines].join('\n'));
    return { result: { crawlerName, crawlId, state, start, end, tables, partitionsOf, log: lines } };
  } finally {
    await connection.close();
  }
}

async function logLines(
  { clients: { logs } }: Connection,
  crawlerName: string,
  crawlId: string | undefined,
  start: Date,
  abortSignal: AbortSignal,
): Promise<string[]> {
  if (crawlId === undefined) return [];
  const lines: string[] = [];
  try {
    const pages = paginateFilterLogEvents(
      { client: logs },
      {
        logGroupName: LOG_GROUP,
        logStreamNames: [crawlerName],
        startTime: start.getTime() - 1000,
        filterPattern: `"${crawlId}"`,
      },
      { abortSignal },
    );
    for await (const { events = [] } of pages) {
      for (const { message = '' } of events) lines.push(message.trimEnd().replace(`[${crawlId}] `, ''));
    }
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
  return lines;
}
