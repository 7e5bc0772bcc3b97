// JSON documents that commands are given: from a file, or from stdin.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { GluepotError, messageOf } from '../base/errors.js';

/** @param what for people, e.g. `event`. @param file `-` for stdin. @throws GluepotError `usage` */
export async function readJsonInput(what: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const place = file === '-' ? 'on stdin' : `in ${file}`;
    throw new GluepotError('usage', `The ${what} ${place} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
