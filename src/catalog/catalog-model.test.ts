import fc from 'fast-check';
import { expect, it } from 'vitest';
import { steppingClock } from '../base/clock.js';
import { documentsSchema } from '../state/documents.js';
import { openState } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { openCatalog, type OpenCatalog } from './open-catalog.js';
import { everyItem } from './page.js';
import { catalogSchema } from './schema.js';

function open(): OpenCatalog {
  const state = openState(':memory:', [documentsSchema, catalogSchema]);
  return openCatalog(state, { clock: steppingClock(), accountId: '123456789012', region: 'eu-west-1' });
}

/** What the catalog should hold, as plain as it can be said. */
interface ModelTable {
  version: number;
  description: string;
  archive: Map<number, string>;
  partitions: Map<string, string>;
}
type Model = Map<string, Map<string, ModelTable>>;

/** The name of the AwsError that `act` throws, or what it returns. */
function outcome(act: () => unknown): unknown {
  try {
    return act() ?? 'done';
  } catch (error) {
    if (error instanceof AwsError) return error.name;
    throw error;
  }
}

const MISSING = 'EntityNotFoundException';
const THERE = 'AlreadyExistsException';
const KEYS = [
  { Name: 'n', Type: 'int' },
  { Name: 's', Type: 'string' },
];

interface Step {
  what: string;
  /** Carries the step out on both and compares. */
  run(catalog: OpenCatalog, model: Model): void;
}

function partitionsOf(
  catalog: OpenCatalog,
  database: string,
  table: string,
  count: number,
): [string, string][] {
  const list = everyItem((options) => catalog.listPartitions(database, table, options), count);
  return [...list].map((partition) => [JSON.stringify(partition.Values), partition.Parameters?.p as string]);
}

const database = fc.constantFrom('a', 'B');
const table = fc.constantFrom('t', 'T', 'u');
const text = fc.constantFrom('x', 'y', 'z');
const values = fc.tuple(fc.constantFrom('1', '01', '10', '9', 'x'), fc.constantFrom('a', 'b'));

const steps: fc.Arbitrary<Step>[] = [
  database.map((name) => ({
    what: `create database ${name}`,
    run(catalog, model) {
      const expected = model.has(name.toLowerCase()) ? THERE : 'done';
      expect(outcome(() => catalog.createDatabase({ Name: name }))).toBe(expected);
      if (expected === 'done') model.set(name.toLowerCase(), new Map());
    },
  })),
  database.map((name) => ({
    what: `delete database ${name}`,
    run(catalog, model) {
      const expected = model.delete(name.toLowerCase()) ? 'done' : MISSING;
      expect(outcome(() => catalog.deleteDatabase(name))).toBe(expected);
    },
  })),
  fc.tuple(database, table, text).map(([d, t, description]) => ({
    what: `create table ${d}.${t}`,
    run(catalog, model) {
      const tables = model.get(d.toLowerCase());
      const expected = !tables ? MISSING : tables.has(t.toLowerCase()) ? THERE : 'done';
      const input = { Name: t, Description: description, PartitionKeys: KEYS };
      expect(outcome(() => catalog.createTable(d, input, { createdBy: 'me' }))).toBe(expected);
      if (expected !== 'done') return;
      tables?.set(t.toLowerCase(), { version: 0, description, archive: new Map(), partitions: new Map() });
    },
  })),
  fc
    .tuple(database, table, text, fc.boolean(), fc.option(fc.nat(3), { nil: undefined }))
    .map(([d, t, description, skipArchive, version]) => ({
      what: `update table ${d}.${t} from version ${version}`,
      run(catalog, model) {
        const found = model.get(d.toLowerCase())?.get(t.toLowerCase());
        const isStale = version !== undefined && version !== found?.version;
        const expected = !found ? MISSING : isStale ? 'ConcurrentModificationException' : 'done';
        const input = { Name: t, Description: description, PartitionKeys: KEYS };
        const options = { skipArchive, ...(version === undefined ? {} : { versionId: String(version) }) };
        expect(outcome(() => catalog.updateTable(d, input, options))).toBe(expected);
        if (!found || expected !== 'done') return;
        if (!skipArchive) found.archive.set(found.version, found.description);
        found.version++;
        found.description = description;
      },
    })),
  fc.tuple(database, table).map(([d, t]) => ({
    what: `delete table ${d}.${t}`,
    run(catalog, model) {
      const expected = model.get(d.toLowerCase())?.delete(t.toLowerCase()) ? 'done' : MISSING;
      expect(outcome(() => catalog.deleteTable(d, t))).toBe(expected);
    },
  })),
  fc.tuple(database, table, fc.array(values, { maxLength: 4 }), text).map(([d, t, list, p]) => ({
    what: `create partitions ${JSON.stringify(list)} of ${d}.${t}`,
    run(catalog, model) {
      const found = model.get(d.toLowerCase())?.get(t.toLowerCase());
      const inputs = list.map((Values) => ({ Values: [...Values], Parameters: { p } }));
      const errors = outcome(() => catalog.createPartitions(d, t, inputs));
      if (!found) return expect(errors).toBe(MISSING);
      const expected = list.filter((item) => {
        const isThere = found.partitions.has(JSON.stringify(item));
        if (!isThere) found.partitions.set(JSON.stringify(item), p);
        return isThere;
      });
      expect(errors).toMatchObject(
        expected.map((item) => ({ PartitionValues: item, ErrorDetail: { ErrorCode: THERE } })),
      );
    },
  })),
  fc.tuple(database, table, values, values, text).map(([d, t, from, to, p]) => ({
    what: `update partition ${from.join()} of ${d}.${t} to ${to.join()}`,
    run(catalog, model) {
      const found = model.get(d.toLowerCase())?.get(t.toLowerCase());
      const entries = [{ values: from, input: { Values: to, Parameters: { p } } }];
      const errors = outcome(() => catalog.updatePartitions(d, t, entries));
      if (!found) return expect(errors).toBe(MISSING);
      const [fromKey, toKey] = [JSON.stringify(from), JSON.stringify(to)];
      const isMissing = !found.partitions.has(fromKey);
      const isTaken = fromKey !== toKey && found.partitions.has(toKey);
      const code = isMissing ? MISSING : isTaken ? THERE : undefined;
      expect(errors).toMatchObject(
        code ? [{ PartitionValueList: from, ErrorDetail: { ErrorCode: code } }] : [],
      );
      if (code) return;
      found.partitions.delete(fromKey);
      found.partitions.set(toKey, p);
    },
  })),
  fc.tuple(database, table, fc.array(values, { maxLength: 3 })).map(([d, t, list]) => ({
    what: `delete partitions ${JSON.stringify(list)} of ${d}.${t}`,
    run(catalog, model) {
      const found = model.get(d.toLowerCase())?.get(t.toLowerCase());
      const errors = outcome(() => catalog.deletePartitions(d, t, list));
      if (!found) return expect(errors).toBe(MISSING);
      const missing = list.filter((item) => !found.partitions.delete(JSON.stringify(item)));
      expect(errors).toMatchObject(
        missing.map((item) => ({ PartitionValues: item, ErrorDetail: { ErrorCode: MISSING } })),
      );
    },
  })),
];

function compare(catalog: OpenCatalog, model: Model, pageCount: number): void {
  const databases = [...everyItem((options) => catalog.listDatabases(options), pageCount)];
  expect(databases.map((item) => item.Name)).toEqual([...model.keys()].sort());
  for (const [databaseName, tables] of model) {
    const found = [...everyItem((options) => catalog.listTables(databaseName, options), pageCount)];
    expect(found.map((item) => item.Name)).toEqual([...tables.keys()].sort());
    for (const { Name, Description, VersionId } of found) {
      const expected = tables.get(Name as string) as ModelTable;
      expect({ Description, VersionId }).toEqual({
        Description: expected.description,
        VersionId: String(expected.version),
      });
      const versions = [
        ...everyItem(
          (options) => catalog.listTableVersions(databaseName, Name as string, options),
          pageCount,
        ),
      ];
      expect(versions.map((item) => [Number(item.VersionId), item.Table?.Description])).toEqual([
        [expected.version, expected.description],
        ...[...expected.archive].reverse(),
      ]);
      const partitions = partitionsOf(catalog, databaseName, Name as string, pageCount);
      expect(new Map(partitions)).toEqual(expected.partitions);
      expect(partitions).toHaveLength(expected.partitions.size);
    }
  }
}

it('does in any order of operations what a plain model does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(...steps), { maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 3 }),
      (sequence, pageCount) => {
        const catalog = open();
        const model: Model = new Map();
        for (const name of ['a', 'B']) catalog.createDatabase({ Name: name });
        for (const name of ['a', 'b']) model.set(name, new Map());
        for (const step of sequence) step.run(catalog, model);
        compare(catalog, model, pageCount);
      },
    ),
    { numRuns: 150 },
  );
});

it('gives each partition to one segment, and all pages together are the list', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat(2000).map(String), fc.constantFrom('a', 'b', 'c', 'd')), {
        selector: (item) => item.join(),
        maxLength: 120,
        size: 'max',
      }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('', "s <> 'b'", 'n between 100 and 900', "s in ('a', 'd') and n > 50"),
      (list, total, count, expression) => {
        const catalog = open();
        catalog.createDatabase({ Name: 'd' });
        catalog.createTable('d', { Name: 't', PartitionKeys: KEYS }, { createdBy: 'me' });
        catalog.createPartitions(
          'd',
          't',
          list.map((Values) => ({ Values })),
        );
        const found = (options: Parameters<OpenCatalog['listPartitions']>[2], pageCount?: number) => [
          ...everyItem(
            (page) => catalog.listPartitions('d', 't', { expression, ...options, ...page }),
            pageCount,
          ),
        ];
        const all = catalog.listPartitions('d', 't', { expression }).items;
        expect(found({}, count)).toEqual(all);
        const segments = Array.from({ length: total }, (_, number) =>
          found({ segment: { number, total } }, count),
        );
        const texts = segments.flat().map((partition) => JSON.stringify(partition));
        expect(texts.sort()).toEqual(all.map((partition) => JSON.stringify(partition)).sort());
      },
    ),
    { numRuns: 60 },
  );
});
