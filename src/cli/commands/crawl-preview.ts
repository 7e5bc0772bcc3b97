// gluepot crawl preview NAME|s3://bucket/folder/
import { connect, openScratch } from '../../connect.js';
import { mirrorCrawler } from '../../toolkit/crawl-preview/mirror-crawler.js';
import type { CommandContext } from '../command.js';
import { connectOptions } from '../global-options.js';
import type { Outcome } from '../output.js';
import { renderCrawlPreview } from '../render-crawl-preview.js';

export interface CrawlPreviewOptions {
  database?: string;
}

export async function crawlPreview(
  { options, output, signal }: CommandContext,
  what: string,
  { database }: CrawlPreviewOptions,
): Promise<Outcome> {
  const connection = await connect(connectOptions(options));
  try {
    const scratch = await openScratch();
    try {
      const step = `preview ${what}`;
      output.progress.report({ step, state: 'started' });
      const { crawlerName, mirrored } = await mirrorCrawler(connection.clients, scratch, {
        what,
        database,
        signal,
        onProgress: (detail) => output.progress.report({ step, state: 'waiting', detail }),
      });
      for (const key of mirrored.flatMap(({ leftOut }) => leftOut)) {
        output.warn(`Object ${key} was left out: no file can have its name.`);
      }
      output.progress.report({ step, state: 'waiting', detail: 'deciding' });
      const preview = await scratch.previewCrawl(crawlerName, signal);
      output.progress.report({ step, state: 'done' });
      output.print(renderCrawlPreview(preview, output));
      const byteCount = mirrored.reduce((sum, each) => sum + each.byteCount, 0);
      return { result: { ...preview, byteCount } };
    } finally {
      await scratch.close();
    }
  } finally {
    await connection.close();
  }
}
