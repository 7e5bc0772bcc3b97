// For which tables the versions are asked for, and for which the current one says it all.
import { expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import type { ObjectOf } from '../../change/index.js';
import type { Crawl } from './crawl.js';
import { versionsSince } from './versions-since.js';

type Table = ObjectOf<'table'>;

const at = (time: string) => new Date(`2024-05-01T${time}Z`);
const CRAWL: Crawl = {
  ...{ crawlId: 'c1', crawlerName: 'lake', state: 'COMPLETED', summary: undefined },
  ...{ start: at('10:00:00'), end: at('10:00:09') },
};

function version(VersionId: string | undefined, made: string | undefined, updated?: string): Table {
  return {
    key: { kind: 'table', DatabaseName: 'lake', TableName: 't' },
    definition: { Name: 't' },
    provenance: {
      VersionId,
      CreateTime: made === undefined ? undefined : at(made),
      UpdateTime: updated === undefined ? undefined : at(updated),
    },
  };
}

async function isAsked(current: Table, before?: Table, crawls: readonly Crawl[] = [CRAWL]): Promise<boolean> {
  const { glue, calls } = answeringGlue({ GetTableVersions: () => ({ TableVersions: [] }) });
  const versions = await versionsSince({ glue }, current, crawls, before);
  if (calls.length === 0) expect(versions).toEqual([current]);
  return calls.length > 0;
}

const CURRENT = version('4', '08:00:00', '10:00:05');

it.each<[string, boolean, Table, Table | undefined]>([
  ['was written since the crawl began', true, CURRENT, undefined],
  [
    'was written since the crawl began, in its first second',
    true,
    version('4', '08:00:00', '10:00:00'),
    undefined,
  ],
  ['was last written before', false, version('4', '08:00:00', '09:59:59'), undefined],
  ['was made before, and never written since', false, version('4', '08:00:00'), undefined],
  ['has its first version only', false, version('0', '10:00:05', '10:00:05'), undefined],
  ['has no number', true, version(undefined, '10:00:05', '10:00:05'), undefined],
  ['follows what was seen before', false, CURRENT, version('3', '08:00:00', '09:00:00')],
  ['has versions between it and what was seen before', true, CURRENT, version('2', '08:00:00', '09:00:00')],
  ['was seen before as it is', true, CURRENT, version('4', '08:00:00', '10:00:05')],
  ['was made anew since it was seen before', true, CURRENT, version('3', '07:00:00', '09:00:00')],
  [
    'was made nobody knows when',
    true,
    version('4', undefined, '10:00:05'),
    version('3', undefined, '09:00:00'),
  ],
])('a table that %s: asked for is %s', async (_, expected, current, before) => {
  expect(await isAsked(current, before)).toBe(expected);
});

it('without crawls nothing is asked for', async () => {
  expect(await isAsked(CURRENT, undefined, [])).toBe(false);
});
