// How to go on with a journal: the commands that resume it and roll it back, as they can be typed.
import { PartialApplyError, type JournalOperation, type Plan } from '../change/index.js';
import { DEFAULT_DATA_DIR } from '../connect.js';
import type { GlobalOptions } from './global-options.js';
import type { StoreOptions } from './store-option.js';

/** Where the journal is: what the command line said of it. */
export interface JournalPlace {
  options: GlobalOptions;
  given: StoreOptions;
  operation: Plan['subject']['operation'];
}

const WORDS: Partial<Record<Plan['subject']['operation'], string>> = {
  'crawl-redo': 'crawl redo',
  'snapshot-restore': 'catalog snapshot restore',
};

export function journalAdvice(place: JournalPlace, journalId: string, op: JournalOperation): string {
  const rollback = `--rollback ${journalId}`;
  if (op === 'rollback') return `go on with: ${journalCommand(place, rollback)}`;
  return `go on with: ${journalCommand(place, `--resume ${journalId}`)} (with ${rollback} instead, it is taken back)`;
}

/** The same error; when something of its journal is left to do, the message says how. */
export function withJournalAdvice(error: unknown, place: JournalPlace, op: JournalOperation): unknown {
  if (!(error instanceof PartialApplyError)) return error;
  const { journalId, verified } = error.report;
  if (journalId === undefined || verified) return error;
  const message = `${error.message} To do so, ${journalAdvice(place, journalId, op)}`;
  return new PartialApplyError(message, error.report, { cause: error });
}

function journalCommand({ options, given, operation }: JournalPlace, flag: string): string {
  const { target, dataDir, region, profile, endpointUrl } = options;
  const flags = {
    '--store': given.store,
    '--target': target === 'local' ? undefined : target,
    '--data-dir': target !== 'local' || dataDir === DEFAULT_DATA_DIR ? undefined : dataDir,
    '--region': region,
    '--profile': profile,
    '--endpoint-url': endpointUrl,
  };
  const places = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [name, quoted(value)],
  );
  return ['gluepot', WORDS[operation] ?? 'crawl undo', flag, ...places].join(' ');
}

/** For a shell. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
