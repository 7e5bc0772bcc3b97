// Files of every release are opened by every later one: released steps stay, and new ones are appended.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATE_SCHEMAS } from '../../src/state-schemas.js';
import { openState } from '../../src/state/state.js';
import { breaches, hashesOf, readReleases } from './released-steps.js';

describe('steps that are released', () => {
  it('are recorded for every version in the changelog', () => {
    // Recorded by `npx tsx test/state/released-steps.ts VERSION`, before the heading "Unreleased" becomes that version.
    const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
    const versions = [...changelog.matchAll(/^## \[?(\d+\.\d+\.\d+)/gm)].map(([, version]) => version);
    expect(Object.keys(readReleases())).toEqual(expect.arrayContaining(versions));
  });

  it('are as they were', () => {
    // An edited step must be put back, and the change appended as a step of its own.
    for (const [version, released] of Object.entries(readReleases())) {
      expect(breaches(released, STATE_SCHEMAS), version).toEqual([]);
    }
  });

  it('are compared step by step, by their words', () => {
    const first = { component: 'a', steps: ['CREATE TABLE a (id)', 'CREATE TABLE b (id)'] };
    const released = hashesOf([first]);
    expect(breaches(released, [{ component: 'a', steps: [...first.steps, 'CREATE TABLE c (id)'] }])).toEqual(
      [],
    );
    expect(
      breaches(released, [{ component: 'a', steps: ['CREATE  TABLE a\n (id)', first.steps[1] as string] }]),
    ).toEqual([]);
    expect(breaches(released, [{ component: 'a', steps: ['CREATE TABLE a (id, name)'] }])).toEqual([
      'a step 1 was edited',
      'a step 2 was removed',
    ]);
    expect(breaches(released, [])).toEqual(['a step 1 was removed', 'a step 2 was removed']);
  });
});

it('every earlier version of every part of the state is upgraded to today’s tables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-upgrade-'));
  const tablesOf = (path: string) => {
    const state = openState(path, STATE_SCHEMAS);
    const tables = state.sql('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    state.close();
    return tables;
  };
  const today = tablesOf(join(folder, 'today.db'));
  const longest = Math.max(...STATE_SCHEMAS.map(({ steps }) => steps.length));
  for (let version = 0; version < longest; version++) {
    const path = join(folder, `${version}.db`);
    openState(
      path,
      STATE_SCHEMAS.map(({ component, steps }) => ({ component, steps: steps.slice(0, version) })),
    ).close();
    expect(tablesOf(path)).toEqual(today);
  }
  rmSync(folder, { recursive: true });
});
