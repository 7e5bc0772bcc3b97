// Files of an output copied within S3: no byte of them passes through this machine.
import type { S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../aws/aws-failure.js';
import { copyObject } from '../../aws/large-objects.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { placeOf } from './s3-place.js';

const COPIES_AT_ONCE = 8;

export interface FileCopy {
  /** Addresses of objects. */
  from: string;
  to: string;
  bytes: number;
}

/** Ends when none is on its way any more. @throws GluepotError for the first that fails, behind which no other is begun */
export async function copyFiles(
  s3: S3Client,
  copies: readonly FileCopy[],
  signal?: AbortSignal,
): Promise<void> {
  const address = (uri: string) => {
    const { bucket: Bucket, key: Key } = placeOf(uri);
    return { Bucket, Key };
  };
  const failures: unknown[] = [];
  await mapConcurrently(copies, COPIES_AT_ONCE, async ({ from, to, bytes }) => {
    if (failures.length > 0) return;
    try {
      signal?.throwIfAborted();
      await copyObject(s3, { ...address(from), size: bytes }, address(to), signal ? { signal } : {});
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw asGluepotError(failures[0]);
}

/** Copies that are made while something else is done. */
export interface Copying {
  /** Nothing happens where they were begun before. */
  begin(copies: readonly FileCopy[]): void;
  /** @throws GluepotError when one failed */
  done(): Promise<void>;
  /** Begins no more of them, and ends when none is on its way. */
  stop(): Promise<void>;
}

export function openCopying(s3: S3Client, signal: AbortSignal): Copying {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  let outcome: Promise<{ error?: unknown }> | undefined;
  return {
    begin(copies) {
      // A failure waits until somebody asks.
      outcome ??= copyFiles(s3, copies, either).then(
        () => ({}),
        (error: unknown) => ({ error }),
      );
    },
    async done() {
      const { error } = (await outcome) ?? {};
      if (error !== undefined) throw error as Error;
    },
    async stop() {
      stopping.abort();
      await outcome;
    },
  };
}
