// gluepot crawl: its commands, options and help.
import { Option, type Command } from 'commander';
import type { ChangeOptions, UndoOptions } from '../commands/crawl-undo.js';
import type { CrawlPreviewOptions } from '../commands/crawl-preview.js';
import type { CrawlRunOptions } from '../commands/crawl-run.js';
import { collected, wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';
import { storeOption } from '../store-option.js';

const MINUTES = wholeNumber(1, 10_080);

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
    .option('--since <time>', 'all crawls since then: ISO 8601 with a zone, now-2h, epoch with s or ms')
    .option('--database <name>', 'where the crawler writes, when it has no database of its own');
  addChangeOptions(undo);
  addFormerNames(undo);
  undo.action(async (crawler: string | undefined, options: UndoOptions) => {
    await run(undo, async (context) =>
      (await import('../commands/crawl-undo.js')).crawlUndo(context, crawler, options),
    );
  });

  const redo = crawl
    .command('redo [undo]')
    .description('take back an undo, or a redo: the last one, or the one whose journal is named');
  addChangeOptions(redo);
  addFormerNames(redo);
  redo.action(async (undoId: string | undefined, options: ChangeOptions) => {
    await run(redo, async (context) =>
      (await import('../commands/crawl-undo.js')).crawlRedo(context, undoId, options),
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

function addChangeOptions(command: Command): void {
  command
    .addOption(storeOption())
    .option(
      '--from-backup <place>',
      'a backup that AWS’s sample script crawler_undo.py wrote: folder or s3://BUCKET/PREFIX',
    )
    .addOption(
      new Option('--if-running <what>', 'when a crawler that writes into the database is at work')
        .choices(['wait', 'refuse'])
        .default('refuse'),
    )
    .option('--timeout <minutes>', 'wait no longer than so many minutes', MINUTES, 180)
    .addOption(
      new Option('--on-conflict <what>', 'when somebody else changed an object since').choices([
        'abort',
        'keep-current',
        'force',
      ]),
    )
    .option('--include-table-formats', 'also Iceberg, Delta and Hudi tables, but for their pointers at data')
    .option('--no-statistics', 'neither read nor keep column statistics, which cost a call a table')
    .option('--max-changes <count>', 'refuse a plan with more changes', wholeNumber(0, 10_000_000))
    .option('--max-deletes <limit>', 'refuse a plan with more deletions: a count, or a percentage like 5%')
    .option('--protect <glob>', 'refuse a plan that touches these tables; may be repeated', collected)
    .option('--out <file>', 'save the plan in a new file, and do nothing')
    .addOption(new Option('--plan <file>', 'carry out a saved plan').conflicts(['out', 'dryRun']))
    .addOption(
      new Option('--resume <journal>', 'finish what was cut short').conflicts(['plan', 'out', 'dryRun']),
    )
    .addOption(
      new Option('--rollback <journal>', 'put back what was done of it').conflicts([
        'plan',
        'out',
        'dryRun',
        'resume',
      ]),
    )
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask')
    .option('--detailed-exitcode', 'with --dry-run or --out: exit with 2 when there are changes');
}

/** The flags of AWS's sample scripts crawler_undo.py and crawler_redo_from_backup.py. */
function addFormerNames(command: Command): void {
  const former = (flags: string, description: string) => new Option(flags, description).hideHelp();
  command
    .addOption(former('-c, --crawler-name <name>', 'the crawler'))
    .addOption(former('-b, --backup-location <place>', '--store'))
    .addOption(former('-d, --database-name <name>', '--database'))
    .addOption(former('-t, --timestamp <time>', '--since').conflicts(['since', 'crawl']));
}
