// Tables whose parameters are read because something in them changes: no others, and none that the plan shows itself.
import { expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import { buildPlan, type CatalogObjectKey, type Change } from '../../change/index.js';
import { parametersOfOwners } from './parameters-of-owners.js';

const DatabaseName = 'sales';
const table = (TableName: string): CatalogObjectKey => ({ kind: 'table', DatabaseName, TableName });
const partition = (TableName: string, day: string): CatalogObjectKey => ({
  ...{ kind: 'partition', DatabaseName, TableName },
  Values: [day],
});
const change = (action: Change['action'], key: CatalogObjectKey): Change => ({
  ...{ action, key, reason: '', evidence: [] },
  current: key.kind === 'table' ? { Name: key.TableName } : {},
});

it('are asked for once each, where only what is in them changes', async () => {
  const asked: string[] = [];
  const { glue } = answeringGlue({
    GetTable: ({ Name }: { Name: string }) => {
      asked.push(Name);
      if (Name === 'gone') throw Object.assign(new Error('Gone.'), { name: 'EntityNotFoundException' });
      return { Table: { Name, Parameters: { 'gluepot.protected': Name } } };
    },
  });
  const changes = [
    ...['1', '2'].map((day) => change('delete', partition('parts', day))),
    ...[change('delete', table('own')), change('delete', partition('own', '1'))],
    ...[change('skip', partition('left', '1')), change('delete', partition('gone', '1'))],
    ...[change('skip', table('kept')), change('conflict', partition('kept', '1'))],
    change('delete', { kind: 'database', DatabaseName: 'idle' }),
  ];
  const subject = { operation: 'crawl-undo' as const, resolved: {} };
  const plan = buildPlan({ accountId: '123456789012', region: 'us-east-1', subject, changes });
  const parametersOf = await parametersOfOwners({ glue }, plan);
  expect(asked.sort()).toEqual(['gone', 'kept', 'parts']);
  expect(parametersOf(DatabaseName, 'parts')).toEqual({ 'gluepot.protected': 'parts' });
  expect(parametersOf(DatabaseName, 'kept')).toEqual({ 'gluepot.protected': 'kept' });
  for (const name of ['own', 'gone', 'left']) expect(parametersOf(DatabaseName, name), name).toBeUndefined();
  expect(parametersOf('other', 'parts')).toBeUndefined();
});
