// Where things are in a data directory, and which folders may become one or a backup of one.
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { GluepotError, messageOf, systemErrorCode } from '../base/errors.js';

export const STATE_NAME = 'gluepot.db';
export const OBJECTS_NAME = 's3';

export const statePath = (dataDir: string) => join(dataDir, STATE_NAME);
export const objectsPath = (dataDir: string) => join(dataDir, OBJECTS_NAME);

/** @throws GluepotError `guard-refused` unless the folder is absent or empty */
export function requireEmpty(folder: string, what: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw new GluepotError(
      'usage',
      `${folder} cannot be ${what}: ${messageOf(error)}. Name another folder.`,
      {
        cause: error,
      },
    );
  }
  if (names.length === 0) return;
  throw new GluepotError(
    'guard-refused',
    `${folder} is not empty (it has ${names[0]}), and nothing is ever overwritten. ` +
      `Name a new folder as ${what}, or an empty one.`,
  );
}

/** @throws GluepotError `usage` when `inner` is `outer` or lies in it */
export function requireOutside(outer: string, inner: string): void {
  const way = relative(resolve(outer), resolve(inner));
  if (way.startsWith('..') || resolve(way) === way) return;
  throw new GluepotError('usage', `${inner} lies in ${outer}. Name a folder outside of it.`);
}

/** Fills a folder that is absent or empty; when that fails, it is as before. */
export async function fillFolder<T>(folder: string, fill: () => Promise<T>): Promise<T> {
  const wasThere = existsSync(folder);
  try {
    mkdirSync(folder, { recursive: true });
    return await fill();
  } catch (error) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
    if (!wasThere && existsSync(folder)) rmdirSync(folder);
    if (error instanceof GluepotError || systemErrorCode(error) === undefined) throw error;
    throw new GluepotError(
      'failed',
      `${folder} could not be written: ${messageOf(error)}. It is as it was before.`,
      {
        cause: error,
      },
    );
  }
}
