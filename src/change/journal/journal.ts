// The journal of an apply: the plan, and numbered documents of JSON lines that only ever come to be, whole or not at all.
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import type { Plan } from '../plan.js';
import { readJournalSnapshot, writeJournalHead } from './journal-head.js';
import { journalFolder, noJournal } from './journal-names.js';
import { readJournalPlan, writeJournalPlan } from './journal-plan.js';
import { entryText, parseEntry, type JournalEntry, type JournalLine } from './journal-entry.js';
import { openHistory, type JournalHistory } from './journal-history.js';

export interface Journal {
  readonly journalId: string;
  readonly plan: Plan;
  /** What was in it when it was opened. */
  readonly history: JournalHistory;
  /**
   * Keeps the lines for good, together with those of others that wait meanwhile. Once some could not be kept it takes no more:
   * lines after a gap would be of no use.
   * @throws GluepotError `conflict` when somebody else writes this journal too
   */
  append(lines: readonly JournalLine[]): Promise<void>;
}

/**
 * Begins a journal of `plan`.
 * @param snapshotId of what the plan touches, taken right before: what is left should the plan be damaged
 */
export async function createJournal(
  store: DocumentStore,
  journalId: string,
  plan: Plan,
  snapshotId?: string,
): Promise<Journal> {
  await writeJournalPlan(store, journalId, plan);
  await writeJournalHead(store, journalId, plan, snapshotId);
  return journalOf(store, journalId, plan, openHistory(), 0);
}

/** @throws GluepotError `usage` when there is none of this id, `failed` when it is damaged */
export async function openJournal(store: DocumentStore, journalId: string): Promise<Journal> {
  const isId = /^[0-9A-Za-z.-]+$/.test(journalId);
  const advice = () => withoutPlan(store, journalId);
  const plan = isId ? await readJournalPlan(store, journalId, advice) : undefined;
  if (!plan) throw await noJournal(store, journalId);
  const history = openHistory();
  let documents = 0;
  for await (const entries of journalEntries(store, journalId)) {
    documents++;
    for (const entry of entries) history.add(entry);
  }
  return journalOf(store, journalId, plan, history, documents);
}

/** What people can do who have a journal and not its plan. */
async function withoutPlan(store: DocumentStore, journalId: string): Promise<string> {
  const snapshotId = await readJournalSnapshot(store, journalId);
  const which =
    snapshotId === undefined
      ? 'SNAPSHOT, which is to be one from before it'
      : `${snapshotId}, taken right before it`;
  return (
    'It can be neither resumed nor rolled back. What it changed comes back from a snapshot: gluepot catalog snapshot create, ' +
    `which looks at what there is now, and then gluepot catalog snapshot restore ${which}.`
  );
}

/** The lines in order, a document's at a time. @throws GluepotError `failed` when it is damaged */
export async function* journalEntries(
  store: DocumentStore,
  journalId: string,
): AsyncGenerator<JournalEntry[]> {
  let seq = 0;
  for await (const { name } of store.list(journalFolder(journalId))) {
    if (!name.endsWith('.jsonl')) continue;
    const lines = textOf((await store.get(name))?.bytes ?? new Uint8Array()).split('\n');
    // Empty, or a line that a dying writer did not finish: nobody was told that it is kept.
    lines.pop();
    yield lines.map((line) => {
      const entry = parseEntry(line);
      if (entry?.seq === ++seq) return entry;
      throw new GluepotError('failed', `Journal ${journalId} in ${store.location} is damaged: see ${name}.`);
    });
  }
}

function journalOf(
  store: DocumentStore,
  journalId: string,
  plan: Plan,
  history: JournalHistory,
  documents: number,
): Journal {
  let seq = history.lineCount;
  let waiting: { lines: readonly JournalLine[]; kept: () => void; lost: (error: unknown) => void }[] = [];
  let isWriting = false;
  let broken: { why: unknown } | undefined;

  const writeWaiting = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      if (broken) {
        for (const { lost } of group) lost(broken.why);
        continue;
      }
      const text = group
        .flatMap(({ lines }) => lines)
        .map((line) => entryText({ seq: ++seq, ...line }))
        .join('');
      const name = `${journalFolder(journalId)}${String(++documents).padStart(8, '0')}.jsonl`;
      try {
        // A number that is taken means a second writer, and each would undo what the other does.
        await store.put(name, Buffer.from(text), { ifAbsent: true });
        for (const { kept } of group) kept();
      } catch (error) {
        const isTaken = error instanceof GluepotError && error.kind === 'conflict';
        broken = { why: isTaken ? othersWrite(store, journalId, error) : error };
        for (const { lost } of group) lost(broken.why);
      }
    }
    isWriting = false;
  };

  return {
    journalId,
    plan,
    history,
    append(lines) {
      if (lines.length === 0) return Promise.resolve();
      return new Promise<void>((kept, lost) => {
        waiting.push({ lines, kept, lost });
        if (!isWriting) void writeWaiting();
      });
    },
  };
}

function othersWrite(store: DocumentStore, journalId: string, cause: Error): GluepotError {
  const message =
    `Somebody else writes journal ${journalId} in ${store.location} at the same time (${cause.message}) ` +
    'Let one of you end, and begin again after that.';
  return new GluepotError('conflict', message, { cause });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
