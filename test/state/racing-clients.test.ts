// Clients that write the same things at the same time over HTTP: one wins, each is told, and readers see some order.
import { Glue, paginateGetPartitions, paginateGetTables } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';

const CLIENTS = 6;
const KEYS = [{ Name: 'k', Type: 'int' }];

let aws: Embedded;
let clients: Glue[];
let glue: Glue;
let DatabaseName: string;
let databaseCount = 0;

beforeAll(async () => {
  aws = await openEmbedded();
  const { endpoint } = await aws.listen({ port: 0 });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  clients = Array.from(
    { length: CLIENTS },
    () => new Glue({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }),
  );
  glue = clients[0] as Glue;
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await aws.close();
});
beforeEach(async () => {
  DatabaseName = `d${databaseCount++}`;
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
});

/** The names of the errors, 'done' for a success. */
async function outcomes(calls: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((each) => (each.status === 'fulfilled' ? 'done' : (each.reason as Error).name)).sort();
}
const others = (name: string) => Array.from({ length: CLIENTS - 1 }, () => name);

describe('of clients that race', () => {
  it('one creates the table, the database, the partition; the others are told that it is there', async () => {
    for (let round = 0; round < 8; round++) {
      const Name = `t${round}`;
      const created = clients.map((client, at) =>
        client.createTable({
          DatabaseName,
          TableInput: { Name, Description: String(at), PartitionKeys: KEYS },
        }),
      );
      expect(await outcomes(created)).toEqual([...others('AlreadyExistsException'), 'done']);
      const { Table } = await glue.getTable({ DatabaseName, Name });
      expect(Table?.VersionId).toBe('0');
      const won = await Promise.allSettled(created);
      expect(won.findIndex(({ status }) => status === 'fulfilled')).toBe(Number(Table?.Description));

      const partitions = clients.map((client, at) =>
        client.createPartition({
          DatabaseName,
          TableName: Name,
          PartitionInput: { Values: ['1'], Parameters: { by: String(at) } },
        }),
      );
      expect(await outcomes(partitions)).toEqual([...others('AlreadyExistsException'), 'done']);
      const { Partition } = await glue.getPartition({
        DatabaseName,
        TableName: Name,
        PartitionValues: ['1'],
      });
      const winner = (await Promise.allSettled(partitions)).findIndex(({ status }) => status === 'fulfilled');
      expect(Partition?.Parameters).toEqual({ by: String(winner) });

      const databases = clients.map((client) =>
        client.createDatabase({ DatabaseInput: { Name: `${DatabaseName}_${round}` } }),
      );
      expect(await outcomes(databases)).toEqual([...others('AlreadyExistsException'), 'done']);
    }
  });

  it('exactly one updates each version of a table, and the history is that of the winners', async () => {
    await glue.createTable({ DatabaseName, TableInput: { Name: 't', Description: 'none' } });
    const history = ['none'];
    const VERSIONS = 10;
    await Promise.all(
      clients.map(async (client, at) => {
        for (;;) {
          const { Table } = await client.getTable({ DatabaseName, Name: 't' });
          const VersionId = Table?.VersionId as string;
          if (Number(VersionId) >= VERSIONS) return;
          const Description = `${VersionId} by ${at}`;
          try {
            await client.updateTable({ DatabaseName, VersionId, TableInput: { Name: 't', Description } });
            expect(history[Number(VersionId) + 1]).toBeUndefined();
            history[Number(VersionId) + 1] = Description;
          } catch (error) {
            expect(error).toMatchObject({ name: 'ConcurrentModificationException' });
          }
        }
      }),
    );
    expect(history).toHaveLength(VERSIONS + 1);
    const { TableVersions } = await glue.getTableVersions({ DatabaseName, TableName: 't' });
    expect(TableVersions?.map(({ Table }) => Table?.Description).reverse()).toEqual(history);
  });

  it('each item of overlapping batches is written by one, whole, and refused to all others', async () => {
    await glue.createTable({ DatabaseName, TableInput: { Name: 't', PartitionKeys: KEYS } });
    const ranges = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 })), {
      minLength: CLIENTS,
      maxLength: CLIENTS,
    });
    let base = 0;
    const property = fc.asyncProperty(ranges, async (chosen) => {
      base += 1000;
      const batches = chosen.map(([from, count]) =>
        Array.from({ length: count }, (_, at) => String(base + from + at)),
      );
      const answers = await Promise.all(
        batches.map((batch, at) =>
          (clients[at] as Glue).batchCreatePartition({
            DatabaseName,
            TableName: 't',
            PartitionInputList: batch.map((value) => ({
              Values: [value],
              Parameters: { by: String(at), again: String(at) },
              StorageDescriptor: { Location: `s3://lake/${at}` },
            })),
          }),
        ),
      );
      const owner = new Map<string, string>();
      for (const [at, batch] of batches.entries()) {
        const refused = answers[at]?.Errors?.map(({ PartitionValues }) => PartitionValues?.[0]);
        for (const value of batch.filter((each) => !refused?.includes(each))) {
          expect(owner.get(value), `two wrote ${value}`).toBeUndefined();
          owner.set(value, String(at));
        }
      }
      expect([...owner.keys()].sort()).toEqual([...new Set(batches.flat())].sort());
      const { Partitions = [] } = await glue.getPartitions({
        DatabaseName,
        TableName: 't',
        Expression: `k >= ${base}`,
      });
      for (const { Values, Parameters, StorageDescriptor } of Partitions) {
        const by = owner.get(Values?.[0] as string) as string;
        expect(Parameters).toEqual({ by, again: by });
        expect(StorageDescriptor?.Location).toBe(`s3://lake/${by}`);
      }
      expect(Partitions).toHaveLength(owner.size);
    });
    await fc.assert(property, { numRuns: 8 });
  });

  it('one deletes the table that others write partitions to, and nothing of it is left', async () => {
    await glue.createTable({ DatabaseName, TableInput: { Name: 't', PartitionKeys: KEYS } });
    const writers = clients.slice(1).map((client, at) =>
      client.batchCreatePartition({
        DatabaseName,
        TableName: 't',
        PartitionInputList: Array.from({ length: 50 }, (_, k) => ({ Values: [String(at * 100 + k)] })),
      }),
    );
    const names = await outcomes([...writers, glue.deleteTable({ DatabaseName, Name: 't' })]);
    expect(new Set(names)).toContain('done');
    for (const name of names) expect(['done', 'EntityNotFoundException']).toContain(name);
    await glue.createTable({ DatabaseName, TableInput: { Name: 't', PartitionKeys: KEYS } });
    expect((await glue.getPartitions({ DatabaseName, TableName: 't' })).Partitions).toEqual([]);
  });
});

describe('a reader’s pages while others write', () => {
  const steady = (prefix: string) =>
    Array.from({ length: 40 }, (_, at) => `${prefix}${String(at * 10).padStart(4, '0')}`);

  /** Makes and takes away what is between the steady ones until the reader is done. */
  async function readWhileOthersWrite(
    write: (client: Glue, name: string) => Promise<unknown>,
    remove: (client: Glue, name: string) => Promise<unknown>,
    read: () => Promise<string[]>,
    prefix: string,
  ): Promise<string[]> {
    let isDone = false;
    const writers = clients.slice(1).map(async (client, at) => {
      for (let round = 0; !isDone; round++) {
        const name = `${prefix}${String(((round * 7) % 40) * 10 + at + 1).padStart(4, '0')}`;
        await write(client, name);
        if (round % 2 === 0) await remove(client, name);
      }
    });
    const names = await read();
    isDone = true;
    await Promise.all(writers);
    return names;
  }
  const ignoreThere = (error: Error) => {
    if (error.name !== 'AlreadyExistsException') throw error;
  };

  function expectConsistent(names: string[], prefix: string): void {
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => Number(name.slice(prefix.length)) % 10 === 0)).toEqual(steady(prefix));
  }

  it('of tables have no name twice, and every table that was there throughout', async () => {
    for (const Name of steady('t')) await glue.createTable({ DatabaseName, TableInput: { Name } });
    const read = async () => {
      const names: string[] = [];
      for await (const page of paginateGetTables({ client: glue, pageSize: 3 }, { DatabaseName })) {
        names.push(...(page.TableList ?? []).map(({ Name }) => Name as string));
      }
      return names;
    };
    const names = await readWhileOthersWrite(
      (client, Name) => client.createTable({ DatabaseName, TableInput: { Name } }).catch(ignoreThere),
      (client, Name) => client.deleteTable({ DatabaseName, Name }),
      read,
      't',
    );
    expectConsistent(names, 't');
  });

  it('of partitions, filtered or in segments, have none twice, and every one that was there throughout', async () => {
    await glue.createTable({
      DatabaseName,
      TableInput: { Name: 't', PartitionKeys: [{ Name: 'k', Type: 'string' }] },
    });
    await glue.batchCreatePartition({
      DatabaseName,
      TableName: 't',
      PartitionInputList: steady('p').map((value) => ({ Values: [value] })),
    });
    const walk = async (more: object) => {
      const values: string[] = [];
      const request = { DatabaseName, TableName: 't', ...more };
      for await (const page of paginateGetPartitions({ client: glue, pageSize: 4 }, request)) {
        values.push(...(page.Partitions ?? []).map(({ Values }) => Values?.[0] as string));
      }
      return values;
    };
    const reads = [
      () => walk({}),
      () => walk({ Expression: "k >= 'p' AND k < 'q'" }),
      async () => {
        const segments = [0, 1, 2].map((SegmentNumber) =>
          walk({ Segment: { SegmentNumber, TotalSegments: 3 } }),
        );
        return (await Promise.all(segments)).flat().sort();
      },
    ];
    for (const read of reads) {
      const values = await readWhileOthersWrite(
        (client, value) =>
          client
            .createPartition({ DatabaseName, TableName: 't', PartitionInput: { Values: [value] } })
            .catch(ignoreThere),
        (client, value) => client.deletePartition({ DatabaseName, TableName: 't', PartitionValues: [value] }),
        read,
        'p',
      );
      expectConsistent(values, 'p');
    }
  });
});
