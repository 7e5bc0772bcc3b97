// gluepot crawl wait NAME
import { GetCrawlerCommand } from '@aws-sdk/client-glue';
import { poll } from '../../aws/poll.js';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { connect } from '../../connect.js';
import { findHistory } from '../../toolkit/crawl-undo/index.js';
import type { CommandContext } from '../command.js';
import { connectOptions } from '../global-options.js';
import type { Outcome } from '../output.js';

/** Ends when the crawler is ready, and fails when its last crawl did. */
export async function crawlWait(
  { options, output, signal }: CommandContext,
  crawlerName: string,
  { timeout }: { timeout: number },
): Promise<Outcome> {
  const connection = await connect(connectOptions(options));
  try {
    const { clients } = connection;
    const scope = { clients, clock: systemClock, signal };
    const step = `crawl ${crawlerName}`;
    const crawls = () => findHistory({ glue: clients.glue, clock: systemClock, signal }, crawlerName);
    // Says so when there is no such crawler.
    await crawls();
    output.progress.report({ step, state: 'started' });
    await poll(
      scope,
      {
        what: `crawler ${crawlerName}`,
        timeoutMs: timeout * 60_000,
        hint: 'The crawl goes on; wait for it again.',
        onState: (detail) => output.progress.report({ step, state: 'waiting', detail }),
      },
      async () => {
        const { Crawler } = await clients.glue.send(new GetCrawlerCommand({ Name: crawlerName }), {
          abortSignal: signal,
        });
        return Crawler?.State === 'READY' ? { done: true } : { state: Crawler?.State };
      },
    );
    output.progress.report({ step, state: 'done' });
    const last = (await crawls()).at(-1);
    if (!last) {
      output.print(`Crawler ${crawlerName} is ready and has not crawled yet.`);
      return { result: { crawlerName, crawl: null } };
    }
    const { crawlId, state, start, end } = last;
    if (state !== 'COMPLETED' && state !== 'SUCCEEDED') {
      throw new GluepotError(
        'failed',
        `Crawl ${crawlId ?? ''} of ${crawlerName} is ${state}. See why with gluepot crawl show ${crawlerName}`,
      );
    }
    output.print(`Crawler ${crawlerName} is ready. Its last crawl, ${crawlId ?? ''}, is ${state}.`);
    return { result: { crawlerName, crawl: { crawlId, state, start, end } } };
  } finally {
    await connection.close();
  }
}
