// The flags of AWS's sample scripts crawler_undo.py and crawler_redo_from_backup.py, as other words for our own.
import { Option, type Command } from 'commander';
import { GluepotError } from '../base/errors.js';
import { instantText } from './option-values.js';

/** `-b` is for both scripts the place of backups; that of `crawl redo` may hold the script's own. */
export interface FormerOptions {
  crawlerName?: string;
  backupLocation?: string;
  databaseName?: string;
  timestamp?: string;
  r?: string;
}

interface Former {
  flags: string;
  own: string;
  isOfRedo: boolean;
  conflicts?: string;
  /** Checks it. */
  read?: (text: string) => string;
}

const FORMER: Readonly<Record<keyof FormerOptions, Former>> = {
  crawlerName: { flags: '-c, --crawler-name <name>', own: 'crawler', isOfRedo: true },
  backupLocation: { flags: '-b, --backup-location <place>', own: 'store', isOfRedo: true },
  databaseName: { flags: '-d, --database-name <name>', own: 'database', isOfRedo: true },
  timestamp: {
    flags: '-t, --timestamp <time>',
    own: 'since',
    isOfRedo: false,
    conflicts: 'crawl',
    read: instantText,
  },
  r: { flags: '-r <region>', own: 'region', isOfRedo: true },
};

export function addFormerFlags(command: Command, script: 'undo' | 'redo'): void {
  for (const { flags, own, isOfRedo, conflicts = [], read = String } of Object.values(FORMER)) {
    if (script === 'redo' && !isOfRedo) continue;
    command.addOption(new Option(flags, `--${own}`).hideHelp().conflicts(conflicts).argParser(read));
  }
}

/**
 * What was given by a former flag, under the name of our own option.
 * @throws GluepotError `usage` when both are given
 */
export function withoutFormerFlags<Options extends FormerOptions>(command: Command, given: Options): Options {
  const own: Record<string, string> = {};
  for (const [name, former] of Object.entries(FORMER)) {
    const value = given[name as keyof FormerOptions];
    if (value === undefined) continue;
    if (command.getOptionValueSourceWithGlobals(former.own) === 'cli') {
      throw new GluepotError(
        'usage',
        `${former.flags.replace(/ <.*/, '')} is the same as --${former.own}: give one of them.`,
      );
    }
    own[former.own] = value;
  }
  const { region, ...rest } = own;
  if (region !== undefined) rootOf(command).setOptionValueWithSource('region', region, 'cli');
  return { ...given, ...rest };
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
