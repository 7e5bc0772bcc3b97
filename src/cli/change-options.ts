// Options of the commands that plan changes of a catalog and carry them out: undo and redo of a crawl, restore of a snapshot.
import { Option, type Command } from 'commander';
import { parseDeleteLimit, type DeleteLimit } from '../change/guards.js';
import { requireTablePattern } from '../change/table-pattern.js';
import type { ConflictPolicy } from '../change/three-way.js';
import { wholeNumber } from './option-values.js';
import { storeOption, type StoreOptions } from './store-option.js';

export interface ChangeOptions extends StoreOptions {
  ifRunning: 'wait' | 'refuse';
  timeout: number;
  onConflict?: ConflictPolicy;
  includeTableFormats?: boolean;
  table?: string[];
  except?: string[];
  maxChanges?: number;
  maxDeletes?: DeleteLimit;
  protect?: string[];
  out?: string;
  plan?: string;
  resume?: string;
  rollback?: string;
  dryRun?: boolean;
  yes?: boolean;
  detailedExitcode?: boolean;
}

export const MINUTES = wholeNumber(1, 10_080);

/** @param ofPlanning the command's own options that say what is to be planned: of no use once there is a plan */
export function addChangeOptions(command: Command, ofPlanning: readonly string[]): void {
  const planned = [...ofPlanning, 'table', 'except', 'includeTableFormats', 'out'];
  command
    .addOption(storeOption())
    .option(
      '--table <glob>',
      'only these tables, by a pattern like "orders_*" or "sales.orders_*"; may be repeated',
      tablePatterns,
    )
    .option('--except <glob>', 'not these tables, which stay as they are; may be repeated', tablePatterns)
    .addOption(
      new Option(
        '--if-running <what>',
        'when a crawler, or another command with the same store, writes into the database',
      )
        .choices(['wait', 'refuse'])
        .default('refuse'),
    )
    .option('--timeout <minutes>', 'wait no longer than so many minutes', MINUTES, 180)
    .addOption(
      new Option(
        '--on-conflict <what>',
        'what somebody else changed since: refuse, leave it, or overwrite it',
      )
        .choices(['abort', 'keep-current', 'force'])
        .conflicts('plan'),
    )
    .option('--include-table-formats', 'also Iceberg, Delta and Hudi tables, but for their pointers at data')
    .option('--max-changes <count>', 'refuse a plan with more changes', wholeNumber(0, 100_000_000))
    .option(
      '--max-deletes <limit>',
      'refuse a plan with more deletions: a count, or a percentage like 5%',
      parseDeleteLimit,
    )
    .option('--protect <glob>', 'refuse a plan that touches these tables; may be repeated', tablePatterns)
    .option('--out <file>', 'save the plan in a new file, and do nothing')
    .addOption(
      new Option(
        '--plan <file>',
        'carry out a saved plan; with --dry-run, show it and look whether it still holds',
      ).conflicts(planned),
    )
    .addOption(
      new Option('--resume <journal>', 'finish what was cut short').conflicts([...planned, 'plan', 'dryRun']),
    )
    .addOption(
      new Option('--rollback <journal>', 'put back what was done of it').conflicts([
        ...planned,
        'plan',
        'dryRun',
        'resume',
      ]),
    )
    .option('--dry-run', 'only show the plan, and whether it would be refused')
    .option('-y, --yes', 'do not ask')
    .option('--detailed-exitcode', 'with --dry-run or --out: exit with 2 when there are changes');
}

/** What a plan is decided by, and of. */
export function decisionOf({ table, except, onConflict, includeTableFormats }: ChangeOptions) {
  return {
    ...{ tables: table, except },
    ...(onConflict ? { onConflict } : {}),
    ...(includeTableFormats ? { tableFormats: 'without-pointers' as const } : {}),
  };
}

function tablePatterns(pattern: string, before: string[] = []): string[] {
  return [...before, requireTablePattern(pattern)];
}
