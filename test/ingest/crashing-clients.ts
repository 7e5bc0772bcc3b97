// Clients and a store of a process that dies at its n-th call: nothing of it works from then on.
import type { Glue } from '@aws-sdk/client-glue';
import type { S3 } from '@aws-sdk/client-s3';
import type { DocumentStore } from '../../src/change/index.js';
import type { Embedded } from '../../src/embedded.js';

export class CrashError extends Error {
  override readonly name = 'CrashError';
}

export interface Crash {
  /** From 1 on, of all calls to Glue, S3 and the store. */
  call: number;
  when: 'before' | 'after';
}

export function crashingClients(aws: Embedded, store: DocumentStore, crash: Crash) {
  let calls = 0;
  let isDead = false;
  const attempt = async <T>(act: () => Promise<T>): Promise<T> => {
    if (isDead) throw new CrashError('The process is dead.');
    const isLast = ++calls === crash.call;
    if (isLast && crash.when === 'before') isDead = true;
    if (isDead) throw new CrashError('The process is dead.');
    const answer = await act();
    if (isLast) isDead = true;
    if (isDead) throw new CrashError('The process is dead.');
    return answer;
  };
  const { glue, s3 } = aws.clients();
  const clients: { glue: Glue; s3: S3 } = { glue, s3 };
  glue.middlewareStack.add((next) => (call) => attempt(() => next(call)), {
    step: 'initialize',
    name: 'crash',
  });
  s3.middlewareStack.add((next) => (call) => attempt(() => next(call)), {
    step: 'initialize',
    name: 'crash',
  });
  const crashing: DocumentStore = {
    location: store.location,
    get: (name) => attempt(() => store.get(name)),
    put: (...put) => attempt(() => store.put(...put)),
    list: (prefix) => store.list(prefix),
    folders: (parent) => store.folders(parent),
    delete: (...removal) => attempt(() => store.delete(...removal)),
  };
  return { clients, store: crashing, calls: () => calls };
}
