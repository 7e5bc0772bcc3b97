// Which steps of the state's schemas have been released: they may never be edited, since files made by them are out there.
// `npx tsx test/state/released-steps.ts 0.1.0` records today's steps under that version, as the last thing before its release.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STATE_SCHEMAS } from '../../src/state-schemas.js';
import type { StateSchema } from '../../src/state/state.js';

const FILE = fileURLToPath(new URL('released-steps.json', import.meta.url));

/** Hashes of a release's steps by component. */
export type StepHashes = Record<string, string[]>;

export function readReleases(): Record<string, StepHashes> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, StepHashes>;
}

/** White space does not count: formatting is no edit. */
export function hashesOf(schemas: readonly StateSchema[]): StepHashes {
  const hash = (step: string) => createHash('sha256').update(step.replace(/\s+/g, ' ').trim()).digest('hex');
  return Object.fromEntries(schemas.map(({ component, steps }) => [component, steps.map(hash)]));
}

/** What of a release is no longer as it was: `catalog step 1 was edited`. */
export function breaches(released: StepHashes, schemas: readonly StateSchema[]): string[] {
  const today = hashesOf(schemas);
  return Object.entries(released).flatMap(([component, hashes]) =>
    hashes.flatMap((hash, index) => {
      const found = today[component]?.[index];
      if (found === hash) return [];
      return [`${component} step ${index + 1} was ${found === undefined ? 'removed' : 'edited'}`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const version = process.argv[2];
  if (!version || !/^\d+\.\d+\.\d+$/.test(version))
    throw new Error('Give the version to be released, e.g. 0.1.0');
  const releases = readReleases();
  if (releases[version]) throw new Error(`${version} is recorded already, and what is released stays.`);
  writeFileSync(
    FILE,
    `${JSON.stringify({ ...releases, [version]: hashesOf(STATE_SCHEMAS) }, undefined, 2)}\n`,
  );
}
