// gluepot crawl run NAME
import {
  diffSnapshots,
  openDocumentStore,
  readSnapshot,
  type ObjectDifference,
} from '../../toolkit/catalog-snapshot/index.js';
import { runCrawl, type IfRunning } from '../../toolkit/crawl-run/run-crawl.js';
import { connect } from '../../connect.js';
import type { CommandContext } from '../command.js';
import { commandToType } from '../command-to-type.js';
import { connectOptions } from '../global-options.js';
import type { Outcome } from '../output.js';
import { differencePrinter } from '../render-differences.js';
import { storeLocation } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { readVersion } from '../version.js';

export interface CrawlRunOptions extends StoreOptions {
  snapshot: 'auto' | 'off';
  ifRunning: IfRunning;
  timeout: number;
}

export async function crawlRun(
  context: CommandContext,
  crawlerName: string,
  given: CrawlRunOptions,
): Promise<Outcome> {
  const { options, output, signal, leaves } = context;
  leaves(`Whether a crawl was begun, and what came of it: gluepot crawl history ${crawlerName}`);
  const location = given.snapshot === 'off' ? undefined : storeLocation(options, given);
  const connection = await connect(connectOptions(options));
  try {
    const step = `crawl ${crawlerName}`;
    output.progress.report({ step, state: 'started' });
    const { crawl, before, after } = await runCrawl(connection.clients, {
      crawlerName,
      store: location,
      ifRunning: given.ifRunning,
      timeoutMs: given.timeout * 60_000,
      version: readVersion(),
      clock: connection.clock,
      onState: (detail) => output.progress.report({ step, state: 'waiting', detail }),
      signal,
    });
    output.progress.report({ step, state: 'done' });
    const { crawlId, start, end, state } = crawl;
    output.print(
      `Crawl ${crawlId ?? ''} of ${crawlerName}: ${state}, ${start.toISOString()} to ${end?.toISOString() ?? 'now'}.`,
    );
    const result = { crawlerName, crawlId, state, start, end, snapshots: { before, after } };
    if (location === undefined || before === undefined || after === undefined) return { result };
    const store = openDocumentStore(location, connection.clients, { signal });
    const printer = differencePrinter((text) => output.print(text), output.colors);
    const changes: Pick<ObjectDifference, 'action' | 'key'>[] = [];
    for await (const difference of diffSnapshots(
      await readSnapshot(store, before),
      await readSnapshot(store, after),
    )) {
      printer.print(difference);
      if (output.isJson) changes.push({ action: difference.action, key: difference.key });
    }
    printer.finish();
    const { create, update, delete: gone } = printer.counts;
    if (create + update + gone > 0) {
      output.print(`To take it back: ${commandToType({ options, given }, 'crawl', 'undo', crawlerName)}`);
    }
    return { result: { ...result, counts: printer.counts, changes } };
  } finally {
    await connection.close();
  }
}
