// gluepot crawl: its commands, options and help.
import { Option, type Command } from 'commander';
import type { CrawlChangeOptions } from '../carry-out-undo.js';
import { addChangeOptions, MINUTES } from '../change-options.js';
import type { UndoOptions } from '../commands/crawl-undo.js';
import type { CrawlPreviewOptions } from '../commands/crawl-preview.js';
import type { CrawlRunOptions } from '../commands/crawl-run.js';
import { addFormerFlags, withoutFormerFlags } from '../former-flags.js';
import { instantText, wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';
import { storeOption } from '../store-option.js';

export function addCrawl(program: Command, run: Runner): void {
  const crawl = program
    .command('crawl')
    .description('crawls: run one between snapshots, undo and redo, look at past ones');

  const start = crawl
    .command('run <crawler>')
    .description('run a crawler, wait for its end, and show what it changed')
    .addOption(storeOption())
    .addOption(
      new Option('--snapshot <when>', 'snapshots of its database before and after, which undo goes by')
        .choices(['auto', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option('--if-running <what>', 'when it is at work: wait and run it then, join that crawl, or fail')
        .choices(['wait', 'join', 'fail'])
        .default('wait'),
    )
    .option('--timeout <minutes>', 'wait no longer than so many minutes', MINUTES, 180);
  start.action(async (crawler: string, options: CrawlRunOptions) => {
    await run(start, async (context) =>
      (await import('../commands/crawl-run.js')).crawlRun(context, crawler, options),
    );
  });

  const undo = crawl
    .command('undo [crawler]')
    .description(
      'take back what a crawl did to the catalog: the last one that ended, or the one that is named',
    )
    .addOption(new Option('--crawl <id>', 'this crawl').conflicts('since'))
    .option(
      '--since <time>',
      'all crawls since then: ISO 8601 with a zone, now-2h, epoch with s or ms',
      instantText,
    )
    .option('--database <name>', 'the one that is meant, when the crawler has several or none of its own');
  addUndoOptions(undo, ['crawl', 'since', 'timestamp', 'database', 'databaseName']);
  addFormerFlags(undo, 'undo');
  undo.action(async (crawler: string | undefined, options: UndoOptions) => {
    const given = withoutFormerFlags(undo, options);
    await run(undo, async (context) =>
      (await import('../commands/crawl-undo.js')).crawlUndo(context, crawler, given),
    );
  });

  const redo = crawl
    .command('redo [undo]')
    .description('take back an undo, or a redo: the last one, or the one whose journal is named')
    .option('--crawler <name>', 'the last one of this crawler')
    .option('--database <name>', 'the last one in this database');
  addUndoOptions(redo, []);
  addFormerFlags(redo, 'redo');
  redo.action(async (undoId: string | undefined, options: CrawlChangeOptions) => {
    const given = withoutFormerFlags(redo, options);
    await run(redo, async (context) =>
      (await import('../commands/crawl-redo.js')).crawlRedo(context, undoId, given),
    );
  });

  const preview = crawl
    .command('preview <crawler>')
    .description('show what a crawl would do and why, of a crawler or of an s3:// path, without crawling')
    .option('--database <name>', 'of a path: the database that a crawl would write into');
  preview.action(async (what: string, options: CrawlPreviewOptions) => {
    await run(preview, async (context) =>
      (await import('../commands/crawl-preview.js')).crawlPreview(context, what, options),
    );
  });

  const wait = crawl
    .command('wait <crawler>')
    .description('wait until a crawler is ready; fail when its last crawl did')
    .option('--timeout <minutes>', 'wait no longer than so many minutes', MINUTES, 180);
  wait.action(async (crawler: string, options: { timeout: number }) => {
    await run(wait, async (context) =>
      (await import('../commands/crawl-wait.js')).crawlWait(context, crawler, options),
    );
  });

  const show = crawl
    .command('show <crawler>')
    .description('show one crawl: what it changed, and its log; the last one unless another is named')
    .option('--crawl <id>', 'this crawl');
  show.action(async (crawler: string, options: { crawl?: string }) => {
    await run(show, async (context) =>
      (await import('../commands/crawl-show.js')).crawlShow(context, crawler, options),
    );
  });

  const history = crawl
    .command('history <crawler>')
    .description('show the crawls of a crawler, newest first')
    .option('--limit <count>', 'only the newest so many', wholeNumber(1, 100_000), 20);
  history.action(async (crawler: string, options: { limit: number }) => {
    await run(history, async (context) =>
      (await import('../commands/crawl-history.js')).crawlHistory(context, crawler, options),
    );
  });
}

/** @param ofPlanning the command's own options that say what is to be planned */
function addUndoOptions(command: Command, ofPlanning: readonly string[]): void {
  addChangeOptions(command, [...ofPlanning, 'fromBackup']);
  command
    .option(
      '--from-backup <place>',
      'a backup that AWS’s sample script crawler_undo.py wrote: folder or s3://BUCKET/PREFIX',
    )
    .addOption(
      new Option(
        '--statistics <of>',
        'read the column statistics of what goes, so that they can come back; of all costs a call a partition that goes',
      )
        .choices(['tables', 'all'])
        .default('tables'),
    )
    .option('--no-statistics', 'neither read nor keep column statistics, which cost a call a table');
}
