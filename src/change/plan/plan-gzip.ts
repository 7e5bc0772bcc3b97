// Reads a plan's gzipped text without ever having all of the text, which can be many times larger than what holds the plan.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GluepotError } from '../../base/errors.js';
import type { Plan } from '../plan.js';
import { openPlanReader } from './plan-text.js';

/** The inverse of `planGzip`. @throws GluepotError `usage`, as `parsePlan`, also for what is not gzipped */
export async function parsePlanGzip(bytes: Uint8Array, source?: string, advice?: string): Promise<Plan> {
  const reader = openPlanReader(source, advice);
  const text = Readable.from([bytes]).pipe(createGunzip()).setEncoding('utf8');
  try {
    for await (const part of text as AsyncIterable<string>) reader.add(part);
  } catch (error) {
    if (error instanceof GluepotError) throw error;
    throw new GluepotError('usage', `${source ?? 'The plan'} cannot be gunzipped.${advice ?? ''}`, {
      cause: error,
    });
  }
  return reader.plan();
}
