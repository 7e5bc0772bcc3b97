// How to go on with a journal: the commands that resume it and roll it back, as they can be typed.
import { PartialApplyError, type JournalOperation, type Plan } from '../change/index.js';
import { commandToType, type GivenPlace } from './command-to-type.js';

/** Where the journal is, and what it is of. */
export interface JournalPlace extends GivenPlace {
  operation: Plan['subject']['operation'];
}

const WORDS: Partial<Record<Plan['subject']['operation'], string[]>> = {
  'crawl-redo': ['crawl', 'redo'],
  'snapshot-restore': ['catalog', 'snapshot', 'restore'],
};

export function journalAdvice(place: JournalPlace, journalId: string, op: JournalOperation): string {
  const words = WORDS[place.operation] ?? ['crawl', 'undo'];
  const ending = (how: JournalOperation) =>
    commandToType(place, ...words, how === 'rollback' ? '--rollback' : '--resume', journalId);
  if (op === 'rollback') return `go on with: ${ending(op)}`;
  return `go on with: ${ending(op)} (with --rollback ${journalId} instead, it is taken back)`;
}

/** The same error; when something of its journal is left to do, the message says how. */
export function withJournalAdvice(error: unknown, place: JournalPlace, op: JournalOperation): unknown {
  if (!(error instanceof PartialApplyError)) return error;
  const { journalId, verified } = error.report;
  if (journalId === undefined || verified) return error;
  const message = `${error.message} To do so, ${journalAdvice(place, journalId, op)}`;
  return new PartialApplyError(message, error.report, { cause: error });
}
