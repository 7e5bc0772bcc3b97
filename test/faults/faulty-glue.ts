// Faults of a Glue client, on demand: crashes before or after a call, answers that are lost, throttling, failing items, tiny pages.
import type { Glue } from '@aws-sdk/client-glue';
import type { DocumentStore } from '../../src/change/index.js';

/** What a call is answered with instead of, or after, what it does. */
export type Fault = 'throttle' | 'lose-answer' | 'fail-items' | 'stale-version' | 'deny' | 'crash';

export interface Faults {
  /** Dies at the call of this number, from 1 on: nothing works from then on. */
  crashAt?: { call: number; when: 'before' | 'after' };
  /** Asked at each call that writes; undefined lets it pass. */
  faultOf?: (commandName: string, call: number) => Fault | undefined;
  /** Items a page at most. */
  pageSize?: number;
}

/** Thrown by everything a dead process would have done. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

export interface FaultyGlue {
  glue: Glue;
  /** Names of all calls so far. */
  readonly calls: readonly string[];
  /** Of the same process: it keeps nothing once that has crashed. */
  storeOf(store: DocumentStore): DocumentStore;
}

const PAGED = new Set(['GetDatabases', 'GetPartitions', 'GetTables', 'GetTableVersions']);
const BATCHES = new Set([
  'BatchCreatePartition',
  'BatchDeletePartition',
  'BatchUpdatePartition',
  'BatchDeleteTable',
]);

function isWrite(name: string): boolean {
  return /^(?:Create|Update|Delete|Put|Attach|Detach|Batch(?!Get))/.test(name);
}

/** Adds `faults` to a client of one's own. */
export function withFaults(glue: Glue, faults: Faults): FaultyGlue {
  const calls: string[] = [];
  let isDead = false;
  const requireAlive = () => {
    if (isDead) throw new CrashError('The process is dead.');
  };
  glue.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        const name = commandName.replace(/Command$/, '');
        requireAlive();
        calls.push(name);
        const number = calls.length;
        const { crashAt, pageSize } = faults;
        if (crashAt?.call === number && crashAt.when === 'before') {
          isDead = true;
          requireAlive();
        }
        const input = call.input as Record<string, unknown>;
        if (pageSize !== undefined && PAGED.has(name)) {
          call = { ...call, input: { ...input, MaxResults: pageSize } };
        }
        const fault = isWrite(name) ? faults.faultOf?.(name, number) : undefined;
        if (fault === 'crash') isDead = true;
        if (fault === 'deny') throw awsError('AccessDeniedException', 'You are not authorized.');
        if (fault === 'throttle') throw awsError('ThrottlingException', 'Rate exceeded');
        if (fault === 'stale-version' && name === 'UpdateTable') {
          throw awsError(
            'ConcurrentModificationException',
            'Update table failed due to concurrent modifications.',
          );
        }
        const answered = fault === 'fail-items' && BATCHES.has(name) ? halfOf(next, call, name) : next(call);
        const answer = await answered.finally(() => {
          if (crashAt?.call === number) isDead = true;
          // Also where it would have heard of an error: the dead hear nothing.
          requireAlive();
        });
        if (fault === 'lose-answer') throw awsError('TimeoutError', 'The answer did not come in time.');
        return answer;
      },
    { step: 'initialize', name: 'faults' },
  );
  return {
    glue,
    calls,
    storeOf: (store) => ({
      location: store.location,
      get: async (name) => (requireAlive(), store.get(name)),
      put: async (...put) => (requireAlive(), store.put(...put)),
      list: (prefix) => store.list(prefix),
      folders: (parent) => store.folders(parent),
      delete: async (...removal) => (requireAlive(), store.delete(...removal)),
    }),
  };
}

const ITEMS: Readonly<Record<string, string>> = {
  BatchCreatePartition: 'PartitionInputList',
  BatchDeletePartition: 'PartitionsToDelete',
  BatchUpdatePartition: 'Entries',
  BatchDeleteTable: 'TablesToDelete',
};

/** Every second item is throttled; the others are done, as is one that is alone. */
async function halfOf<Call extends { input: object }, Answer extends { output: object }>(
  next: (call: Call) => Promise<Answer>,
  call: Call,
  name: string,
): Promise<Answer> {
  const member = ITEMS[name] as string;
  const items = (call.input as Record<string, unknown[]>)[member] ?? [];
  const passing = items.filter((_, index) => index % 2 === 1 || items.length === 1);
  const failing = items.filter((item) => !passing.includes(item));
  const answer = await next({ ...call, input: { ...call.input, [member]: passing } });
  const output = answer.output as { Errors?: unknown[] };
  const ErrorDetail = { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
  const Errors = failing.map((item) => ({ ...nameOf(name, item), ErrorDetail }));
  return { ...answer, output: { ...output, Errors: [...(output.Errors ?? []), ...Errors] } };
}

function nameOf(name: string, item: unknown): object {
  if (name === 'BatchDeleteTable') return { TableName: item };
  if (name === 'BatchUpdatePartition') {
    return { PartitionValueList: (item as { PartitionValueList: string[] }).PartitionValueList };
  }
  return { PartitionValues: (item as { Values: string[] }).Values };
}

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { attempts: 1 } });
}
