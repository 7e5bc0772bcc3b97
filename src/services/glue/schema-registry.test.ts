// The schema registry through the SDK's client, in process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { randomIds } from '../../base/ids.js';
import { silentLog } from '../../base/log.js';
import { openCatalog } from '../../catalog/open-catalog.js';
import { catalogSchema } from '../../catalog/schema.js';
import { openSchemaRegistry } from '../../catalog/schema-registry/open-schema-registry.js';
import type { SchemaRegistry } from '../../catalog/schema-registry/schema-registry.js';
import { schemaRegistrySchema } from '../../catalog/schema-registry/state-schema.js';
import { documentsSchema } from '../../state/documents.js';
import { openState, type State } from '../../state/state.js';
import { trustingAuthenticator } from '../../wire/authenticate.js';
import { glueConstraints } from '../../wire/constraints/glue.js';
import { createDispatcher } from '../../wire/dispatch.js';
import { IN_PROCESS_ENDPOINT, inProcessRequestHandler } from '../../wire/in-process.js';
import { schemaRegistryOperations } from './schema-registry.js';
import { tagOperations } from './tags.js';

const account = { accountId: '123456789012', region: 'us-east-1' };
const clock = steppingClock(new Date('2024-05-01T10:00:00.700Z'));
const ARN = 'arn:aws:glue:us-east-1:123456789012';

let folder: string;
let state: State;
let schemaRegistry: SchemaRegistry;
let glue: client.Glue;

function open() {
  state = openState(join(folder, 'test.db'), [documentsSchema, catalogSchema, schemaRegistrySchema]);
  const catalog = openCatalog(state, { clock, ...account });
  schemaRegistry = openSchemaRegistry(state, { clock, ids: randomIds, tags: catalog.tags, ...account });
  const handler = createDispatcher({
    services: [
      {
        signingName: 'glue',
        protocol: 'json-1.1',
        targetPrefix: 'AWSGlue',
        client,
        constraints: glueConstraints,
        validationErrorName: 'ValidationException',
        operations: { ...schemaRegistryOperations({ schemaRegistry }), ...tagOperations(catalog) },
      },
    ],
    ids: randomIds,
    log: silentLog,
    durable: () => state.durable(),
    authenticate: trustingAuthenticator(() => 'arn:aws:iam::123456789012:root'),
    ...account,
  });
  glue = new client.Glue({
    region: account.region,
    endpoint: IN_PROCESS_ENDPOINT,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: inProcessRequestHandler(handler),
    maxAttempts: 1,
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-registry-'));
  open();
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const avro = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'Item', fields });
const value = { name: 'value', type: 'int' };
const note = { name: 'note', type: ['null', 'string'], default: null };
const first = avro(value);
const second = avro(value, note);
const incompatible = avro({ name: 'value', type: 'string' });
const id = { RegistryName: 'r', SchemaName: 's' };

const error = (name: string, message: string) => expect.objectContaining({ name, message }) as Error;

async function makeSchema(Compatibility: client.Compatibility = 'BACKWARD') {
  await glue.createRegistry({ RegistryName: 'r' });
  return glue.createSchema({
    RegistryId: { RegistryName: 'r' },
    SchemaName: 's',
    DataFormat: 'AVRO',
    Compatibility,
    SchemaDefinition: first,
  });
}

const register = (SchemaDefinition: string) => glue.registerSchemaVersion({ SchemaId: id, SchemaDefinition });

describe('registries', () => {
  it('are created, answered, changed, listed and deleted with what is in them', async () => {
    const created = await glue.createRegistry({ RegistryName: 'r', Description: 'd', Tags: { a: '1' } });
    expect(created).toMatchObject({
      RegistryName: 'r',
      RegistryArn: `${ARN}:registry/r`,
      Description: 'd',
      Tags: { a: '1' },
    });
    const RegistryId = { RegistryArn: `${ARN}:registry/r` };
    expect(await glue.getRegistry({ RegistryId })).toMatchObject({
      RegistryName: 'r',
      Description: 'd',
      Status: 'AVAILABLE',
      CreatedTime: '2024-05-01T10:00:00.700Z',
      UpdatedTime: '2024-05-01T10:00:00.700Z',
    });
    expect((await glue.getTags({ ResourceArn: `${ARN}:registry/r` })).Tags).toEqual({ a: '1' });
    await glue.updateRegistry({ RegistryId, Description: 'e' });
    await glue.createRegistry({ RegistryName: 'q' });
    const page = await glue.listRegistries({ MaxResults: 1 });
    expect(page.Registries).toMatchObject([{ RegistryName: 'q' }]);
    const last = await glue.listRegistries({ MaxResults: 1, NextToken: page.NextToken });
    expect(last.Registries).toMatchObject([{ RegistryName: 'r', Description: 'e' }]);
    expect(last).not.toHaveProperty('NextToken');

    await glue.createSchema({
      RegistryId,
      SchemaName: 's',
      DataFormat: 'JSON',
      Compatibility: 'NONE',
      SchemaDefinition: '{}',
    });
    expect(await glue.deleteRegistry({ RegistryId })).toMatchObject({
      RegistryName: 'r',
      RegistryArn: `${ARN}:registry/r`,
      Status: 'DELETING',
    });
    expect((await glue.listSchemas({})).Schemas).toEqual([]);
    await expect(glue.getRegistry({ RegistryId: { RegistryName: 'r' } })).rejects.toEqual(
      error('EntityNotFoundException', 'Registry is not found. RegistryName: r, RegistryArn: null'),
    );
    await expect(glue.getTags({ ResourceArn: `${ARN}:registry/r` })).rejects.toThrow(/not found/);
  });

  it('exist once, and are named one way', async () => {
    await glue.createRegistry({ RegistryName: 'r' });
    await expect(glue.createRegistry({ RegistryName: 'r' })).rejects.toEqual(
      error('AlreadyExistsException', 'Registry already exists. RegistryName: r'),
    );
    await expect(
      glue.getRegistry({ RegistryId: { RegistryName: 'r', RegistryArn: `${ARN}:registry/r` } }),
    ).rejects.toEqual(
      error(
        'InvalidInputException',
        'One of registryName or registryArn has to be provided, both cannot be provided.',
      ),
    );
    await expect(glue.getRegistry({ RegistryId: { RegistryArn: `${ARN}:schema/r` } })).rejects.toEqual(
      error(
        'InvalidInputException',
        'The parameter value contains one or more characters that are not valid. Parameter Name: registryArn',
      ),
    );
  });

  const LENGTH = 'The resource name contains too many or too few characters.';
  const CHARACTERS = 'The parameter value contains one or more characters that are not valid.';
  it.each([
    ['r~s', CHARACTERS],
    ['r s', CHARACTERS],
    ['ré', CHARACTERS],
    ['r/s', CHARACTERS],
    ['', LENGTH],
    ['r'.repeat(256), LENGTH],
  ])('and schemas cannot be called %j', async (name, message) => {
    const registry = error('InvalidInputException', `${message} Parameter Name: registryName`);
    const schema = error('InvalidInputException', `${message} Parameter Name: schemaName`);
    const definition = { DataFormat: 'JSON', Compatibility: 'NONE', SchemaDefinition: '{}' } as const;
    await expect(glue.createRegistry({ RegistryName: name })).rejects.toEqual(registry);
    await expect(glue.getRegistry({ RegistryId: { RegistryName: name } })).rejects.toEqual(registry);
    await expect(glue.createSchema({ SchemaName: name, ...definition })).rejects.toEqual(schema);
    await expect(glue.getSchema({ SchemaId: { RegistryName: 'r', SchemaName: name } })).rejects.toEqual(
      schema,
    );
    expect((await glue.listRegistries({})).Registries).toEqual([]);
  });

  it('and schemas may be called whatever AWS takes', async () => {
    for (const RegistryName of ['a-Z_0$#.', 'r'.repeat(255)]) await glue.createRegistry({ RegistryName });
  });

  it('are at most 100', async () => {
    for (let count = 0; count < 100; count++) schemaRegistry.registries.create(`r${count}`);
    await expect(glue.createRegistry({ RegistryName: 'r' })).rejects.toEqual(
      error(
        'ResourceNumberLimitExceededException',
        'More registries cannot be created. The maximum limit has been reached.',
      ),
    );
  });
});

describe('schemas', () => {
  it('are created with their first version', async () => {
    const common = {
      RegistryName: 'r',
      RegistryArn: `${ARN}:registry/r`,
      SchemaName: 's',
      SchemaArn: `${ARN}:schema/r/s`,
      DataFormat: 'AVRO',
      Compatibility: 'BACKWARD',
      SchemaCheckpoint: 1,
      LatestSchemaVersion: 1,
      NextSchemaVersion: 2,
      SchemaStatus: 'AVAILABLE',
    };
    expect(await makeSchema()).toEqual({
      ...common,
      SchemaVersionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      SchemaVersionStatus: 'AVAILABLE',
      $metadata: expect.anything() as object,
    });
    expect(await glue.getSchema({ SchemaId: { SchemaArn: `${ARN}:schema/r/s` } })).toEqual({
      ...common,
      CreatedTime: '2024-05-01T10:00:00.700Z',
      UpdatedTime: '2024-05-01T10:00:00.700Z',
      $metadata: expect.anything() as object,
    });
    await expect(makeSchemaAgain()).rejects.toEqual(
      error('AlreadyExistsException', 'Schema already exists. SchemaName: s'),
    );
  });

  const makeSchemaAgain = (more: Partial<client.CreateSchemaCommandInput> = {}) =>
    glue.createSchema({
      RegistryId: { RegistryName: 'r' },
      SchemaName: 's',
      DataFormat: 'AVRO',
      Compatibility: 'NONE',
      SchemaDefinition: first,
      ...more,
    });

  it('go to the default registry, which is made when it is first used', async () => {
    const created = await glue.createSchema({
      SchemaName: 's',
      DataFormat: 'PROTOBUF',
      Compatibility: 'FULL',
      SchemaDefinition: 'syntax = "proto3"; message M {}',
      Description: 'd',
      Tags: { a: '1' },
    });
    expect(created).toMatchObject({ SchemaArn: `${ARN}:schema/default-registry/s`, Tags: { a: '1' } });
    expect((await glue.getTags({ ResourceArn: created.SchemaArn })).Tags).toEqual({ a: '1' });
    expect((await glue.listRegistries({})).Registries).toMatchObject([{ RegistryName: 'default-registry' }]);
  });

  it('are refused as AWS refuses them, and leave nothing behind', async () => {
    await expect(makeSchemaAgain()).rejects.toEqual(
      error('EntityNotFoundException', 'Registry is not found. RegistryName: r'),
    );
    await glue.createRegistry({ RegistryName: 'r' });
    await expect(makeSchemaAgain({ Compatibility: undefined })).rejects.toEqual(
      error('InvalidInputException', 'Compatibility is not valid.'),
    );
    await expect(makeSchemaAgain({ SchemaDefinition: undefined })).rejects.toEqual(
      error(
        'InvalidInputException',
        'The resource name contains too many or too few characters. Parameter Name: schemaDefinition',
      ),
    );
    await expect(makeSchemaAgain({ SchemaDefinition: '"nothing"' })).rejects.toEqual(
      error(
        'InvalidInputException',
        'Schema definition of AVRO data format is invalid: Undefined name: "nothing"',
      ),
    );
    await expect(glue.getSchema({ SchemaId: id })).rejects.toEqual(
      error(
        'EntityNotFoundException',
        'Schema is not found. RegistryName: r, SchemaName: s, SchemaArn: null',
      ),
    );
    await expect(glue.getSchema({ SchemaId: { RegistryName: 'q', SchemaName: 's' } })).rejects.toEqual(
      error('EntityNotFoundException', 'Registry is not found. RegistryName: q'),
    );
    await expect(glue.getSchema({ SchemaId: { SchemaName: 's' } })).rejects.toEqual(
      error(
        'InvalidInputException',
        'At least one of (registryName and schemaName) or schemaArn has to be provided.',
      ),
    );
    await expect(glue.getSchema({ SchemaId: { ...id, SchemaArn: `${ARN}:schema/r/s` } })).rejects.toEqual(
      error(
        'InvalidInputException',
        'One of (registryName and schemaName) or schemaArn has to be provided, both cannot be provided.',
      ),
    );
  });

  it('are listed of one registry or of all, a page at a time', async () => {
    for (const RegistryName of ['a', 'b']) {
      await glue.createRegistry({ RegistryName });
      for (const SchemaName of ['x', 'y', 'z'])
        await makeSchemaAgain({ RegistryId: { RegistryName }, SchemaName });
    }
    const names: string[] = [];
    for await (const page of client.paginateListSchemas({ client: glue, pageSize: 2 }, {})) {
      expect(page.Schemas?.length).toBeLessThanOrEqual(2);
      names.push(
        ...(page.Schemas ?? []).map(({ RegistryName, SchemaName }) => `${RegistryName}/${SchemaName}`),
      );
    }
    expect(names).toEqual(['a/x', 'a/y', 'a/z', 'b/x', 'b/y', 'b/z']);
    const { Schemas } = await glue.listSchemas({ RegistryId: { RegistryName: 'b' } });
    expect(Schemas).toHaveLength(3);
    expect(Schemas?.[0]).toEqual({
      RegistryName: 'b',
      SchemaName: 'x',
      SchemaArn: `${ARN}:schema/b/x`,
      SchemaStatus: 'AVAILABLE',
      CreatedTime: '2024-05-01T10:00:00.700Z',
      UpdatedTime: '2024-05-01T10:00:00.700Z',
    });
    await expect(glue.listSchemas({ NextToken: 'nonsense' })).rejects.toThrow(/NextToken/);
  });

  it('change their mode together with a checkpoint', async () => {
    await makeSchema('NONE');
    await register(incompatible);
    await expect(glue.updateSchema({ SchemaId: id, Compatibility: 'BACKWARD_ALL' })).rejects.toEqual(
      error('InvalidInputException', 'Schema version checkpoint is missing.'),
    );
    expect(
      await glue.updateSchema({
        SchemaId: id,
        Compatibility: 'BACKWARD_ALL',
        SchemaVersionNumber: { LatestVersion: true },
        Description: 'd',
      }),
    ).toMatchObject({ SchemaArn: `${ARN}:schema/r/s`, SchemaName: 's', RegistryName: 'r' });
    expect(await glue.getSchema({ SchemaId: id })).toMatchObject({
      Compatibility: 'BACKWARD_ALL',
      SchemaCheckpoint: 2,
      Description: 'd',
    });
    // Version 1, which it could not read, is before the checkpoint.
    const third = avro({ name: 'value', type: 'string' }, note);
    expect(await register(third)).toMatchObject({ VersionNumber: 3, Status: 'AVAILABLE' });
    await expect(
      glue.updateSchema({ SchemaId: id, SchemaVersionNumber: { VersionNumber: 9 } }),
    ).rejects.toThrow(/Schema version is not found/);
  });

  it('are deleted with their versions', async () => {
    const { SchemaVersionId } = await makeSchema();
    expect(await glue.deleteSchema({ SchemaId: id })).toMatchObject({
      SchemaArn: `${ARN}:schema/r/s`,
      SchemaName: 's',
      Status: 'DELETING',
    });
    await expect(glue.getSchemaVersion({ SchemaVersionId })).rejects.toEqual(
      error('EntityNotFoundException', `Schema version is not found. SchemaVersionId: ${SchemaVersionId}`),
    );
    await expect(glue.deleteSchema({ SchemaId: id })).rejects.toThrow(/Schema is not found/);
  });
});

describe('versions', () => {
  it('are registered once for a definition, however it is written', async () => {
    const { SchemaVersionId } = await makeSchema();
    const again = JSON.stringify(
      { fields: [{ type: 'int', name: 'value' }], name: 'Item', type: 'record' },
      null,
      2,
    );
    expect(await register(again)).toMatchObject({ SchemaVersionId, VersionNumber: 1, Status: 'AVAILABLE' });
    expect(await glue.getSchemaByDefinition({ SchemaId: id, SchemaDefinition: again })).toMatchObject({
      SchemaVersionId,
      SchemaArn: `${ARN}:schema/r/s`,
      DataFormat: 'AVRO',
      Status: 'AVAILABLE',
      CreatedTime: '2024-05-01T10:00:00.700Z',
    });
    // What AWS's client libraries look for before they register a definition themselves.
    await expect(glue.getSchemaByDefinition({ SchemaId: id, SchemaDefinition: second })).rejects.toThrow(
      'Schema version is not found.',
    );
  });

  it('that are not compatible fail, keep their number and are not the latest', async () => {
    await makeSchema();
    const { SchemaVersionId } = await register(second);
    const failed = await register(incompatible);
    expect(failed).toMatchObject({ VersionNumber: 3, Status: 'FAILURE' });
    expect(await register(incompatible)).toMatchObject({
      SchemaVersionId: failed.SchemaVersionId,
      VersionNumber: 3,
      Status: 'FAILURE',
    });
    expect(await glue.getSchema({ SchemaId: id })).toMatchObject({
      LatestSchemaVersion: 3,
      NextSchemaVersion: 4,
    });
    expect(
      await glue.getSchemaVersion({ SchemaId: id, SchemaVersionNumber: { LatestVersion: true } }),
    ).toMatchObject({
      SchemaVersionId,
      VersionNumber: 2,
      SchemaDefinition: second,
      DataFormat: 'AVRO',
      SchemaArn: `${ARN}:schema/r/s`,
      Status: 'AVAILABLE',
      CreatedTime: '2024-05-01T10:00:00.700Z',
    });
    const { Schemas } = await glue.listSchemaVersions({ SchemaId: id });
    expect(Schemas?.map(({ VersionNumber, Status }) => [VersionNumber, Status])).toEqual([
      [2, 'AVAILABLE'],
      [1, 'AVAILABLE'],
      [3, 'FAILURE'],
    ]);
    await expect(
      glue.updateSchema({ SchemaId: id, SchemaVersionNumber: { VersionNumber: 3 } }),
    ).rejects.toThrow(/its status is FAILURE/);
  });

  it('are listed a page at a time', async () => {
    await makeSchema('NONE');
    for (let count = 0; count < 6; count++) await register(avro({ name: `f${count}`, type: 'int' }));
    const numbers: (number | undefined)[] = [];
    for await (const page of client.paginateListSchemaVersions(
      { client: glue, pageSize: 3 },
      { SchemaId: id },
    )) {
      numbers.push(...(page.Schemas ?? []).map(({ VersionNumber }) => VersionNumber));
    }
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it('are none under DISABLED', async () => {
    await makeSchema('DISABLED');
    await expect(register(second)).rejects.toEqual(
      error(
        'InvalidInputException',
        'Compatibility DISABLED does not allow versioning. SchemaId: SchemaId(schemaArn=null, schemaName=s, registryName=r)',
      ),
    );
  });

  it('are named by their id alone, or by schema and number', async () => {
    const { SchemaVersionId } = await makeSchema();
    expect(await glue.getSchemaVersion({ SchemaVersionId })).toMatchObject({ VersionNumber: 1 });
    const refused = async (input: client.GetSchemaVersionCommandInput, message: string) =>
      expect(glue.getSchemaVersion(input)).rejects.toEqual(error('InvalidInputException', message));
    await refused({}, 'At least one of (registryName and schemaName) or schemaArn has to be provided.');
    await refused(
      { SchemaVersionId, SchemaId: id },
      'No other input parameters can be specified when fetching by SchemaVersionId.',
    );
    await refused({ SchemaId: id }, 'One of version number (or) latest version is required.');
    await refused(
      { SchemaId: id, SchemaVersionNumber: { LatestVersion: true, VersionNumber: 1 } },
      'Only one of VersionNumber or LatestVersion is required.',
    );
    await expect(
      glue.getSchemaVersion({ SchemaId: id, SchemaVersionNumber: { VersionNumber: 5 } }),
    ).rejects.toEqual(
      error(
        'EntityNotFoundException',
        'Schema version is not found. RegistryName: r, SchemaName: s, SchemaArn: null, VersionNumber: 5, isLatestVersion: false',
      ),
    );
  });

  it('are deleted one by one, never the checkpoint or the first, and never numbered again', async () => {
    await makeSchema('NONE');
    for (const name of ['a', 'b', 'c']) await register(avro({ name, type: 'int' }));
    await expect(glue.deleteSchemaVersions({ SchemaId: id, Versions: '1-3' })).rejects.toEqual(
      error('InvalidInputException', 'Cannot delete checkpoint version.'),
    );
    await glue.updateSchema({ SchemaId: id, SchemaVersionNumber: { VersionNumber: 4 } });
    await expect(glue.deleteSchemaVersions({ SchemaId: id, Versions: '1' })).rejects.toThrow(
      /Cannot delete the first version/,
    );
    expect((await glue.deleteSchemaVersions({ SchemaId: id, Versions: '2-3' })).SchemaVersionErrors).toEqual(
      [],
    );
    expect((await glue.deleteSchemaVersions({ SchemaId: id, Versions: '999' })).SchemaVersionErrors).toEqual([
      {
        VersionNumber: 999,
        ErrorDetails: { ErrorCode: 'ResourceNotFoundException', ErrorMessage: 'Version number not found' },
      },
    ]);
    await expect(glue.deleteSchemaVersions({ SchemaId: id, Versions: '8-5' })).rejects.toThrow(/'8-5'/);
    await expect(glue.deleteSchemaVersions({ SchemaId: id, Versions: '1-3,5' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(await register(avro({ name: 'a', type: 'int' }))).toMatchObject({ VersionNumber: 5 });
  });

  it('survive closing and opening', async () => {
    const { SchemaVersionId } = await makeSchema();
    state.close();
    open();
    expect(await glue.getSchemaVersion({ SchemaVersionId })).toMatchObject({ SchemaDefinition: first });
    expect(await register(second)).toMatchObject({ VersionNumber: 2 });
  });

  it('are compared as a JSON Patch', async () => {
    await makeSchema();
    await register(second);
    const { Diff } = await glue.getSchemaVersionsDiff({
      SchemaId: id,
      FirstSchemaVersionNumber: { VersionNumber: 1 },
      SecondSchemaVersionNumber: { LatestVersion: true },
      SchemaDiffType: 'SYNTAX_DIFF',
    });
    expect(Diff).toBe(
      '[{"op":"add","path":"/fields/1","value":{"name":"note","type":["null","string"],"default":null}}]',
    );
  });

  it('are checked without being kept', async () => {
    const check = async (DataFormat: client.DataFormat, SchemaDefinition: string) => {
      const { Valid, Error } = await glue.checkSchemaVersionValidity({ DataFormat, SchemaDefinition });
      return { Valid, Error };
    };
    expect(await check('AVRO', first)).toEqual({ Valid: true, Error: undefined });
    expect(await check('JSON', '{"type":"text"}')).toMatchObject({ Valid: false, Error: /#\/type/ });
    expect(await check('PROTOBUF', 'not a schema')).toMatchObject({
      Valid: false,
      Error: /illegal token 'not'/,
    });
  });
});

describe('metadata', () => {
  const put = (SchemaVersionId: string | undefined, MetadataKey: string, MetadataValue: string) =>
    glue.putSchemaVersionMetadata({ SchemaVersionId, MetadataKeyValue: { MetadataKey, MetadataValue } });

  it('has a key with several values, the newest first', async () => {
    const { SchemaVersionId } = await makeSchema();
    expect(await put(SchemaVersionId, 'owner', 'one')).toMatchObject({
      SchemaVersionId,
      LatestVersion: false,
      VersionNumber: 0,
      MetadataKey: 'owner',
      MetadataValue: 'one',
    });
    await expect(put(SchemaVersionId, 'owner', 'one')).rejects.toEqual(
      error(
        'AlreadyExistsException',
        `Resource already exist for schema version id: ${SchemaVersionId}, metadata key: owner, metadata value: one`,
      ),
    );
    await put(SchemaVersionId, 'owner', 'two');
    const at = '2024-05-01T10:00:00.700Z';
    const { MetadataInfoMap } = await glue.querySchemaVersionMetadata({ SchemaVersionId });
    expect(MetadataInfoMap).toEqual({
      owner: {
        MetadataValue: 'two',
        CreatedTime: at,
        OtherMetadataValueList: [{ MetadataValue: 'one', CreatedTime: at }],
      },
    });
    await expect(
      glue.removeSchemaVersionMetadata({
        SchemaVersionId,
        MetadataKeyValue: { MetadataKey: 'owner', MetadataValue: 'three' },
      }),
    ).rejects.toEqual(
      error(
        'EntityNotFoundException',
        `Metadata is not found for the schema version. SchemaVersionId: ${SchemaVersionId} `,
      ),
    );
    expect(
      await glue.removeSchemaVersionMetadata({
        SchemaId: id,
        SchemaVersionNumber: { VersionNumber: 1 },
        MetadataKeyValue: { MetadataKey: 'owner', MetadataValue: 'two' },
      }),
    ).toMatchObject({ ...id, VersionNumber: 1, MetadataKey: 'owner', MetadataValue: 'two' });
    expect((await glue.querySchemaVersionMetadata({ SchemaVersionId })).MetadataInfoMap).toEqual({
      owner: { MetadataValue: 'one', CreatedTime: at, OtherMetadataValueList: [] },
    });
  });

  it('is at most ten pairs, which are searched and paged by key', async () => {
    const { SchemaVersionId } = await makeSchema();
    for (let count = 0; count < 10; count++)
      await put(SchemaVersionId, `k${count}`, count < 5 ? 'low' : 'high');
    await expect(put(SchemaVersionId, 'k', 'v')).rejects.toEqual(
      error(
        'ResourceNumberLimitExceededException',
        'Your resource limits for Schema Version Metadata have been exceeded.',
      ),
    );
    const query = (more: Partial<client.QuerySchemaVersionMetadataCommandInput>) =>
      glue.querySchemaVersionMetadata({ SchemaVersionId, ...more });
    const found = await query({ MetadataList: [{ MetadataValue: 'low' }, { MetadataKey: 'k9' }] });
    expect(Object.keys(found.MetadataInfoMap ?? {})).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k9']);
    const page = await query({ MaxResults: 7 });
    expect(Object.keys(page.MetadataInfoMap ?? {})).toHaveLength(7);
    const rest = await query({ MaxResults: 7, NextToken: page.NextToken });
    expect(Object.keys(rest.MetadataInfoMap ?? {})).toEqual(['k7', 'k8', 'k9']);
    expect(rest).not.toHaveProperty('NextToken');
  });
});

describe("a table's SchemaReference", () => {
  it('gives the columns of the version that it names', async () => {
    const { SchemaVersionId } = await makeSchema();
    await register(second);
    const one = [{ Name: 'value', Type: 'int' }];
    const two = [...one, { Name: 'note', Type: 'string' }];
    expect(schemaRegistry.resolveSchemaReference({ SchemaVersionId })).toEqual(one);
    expect(schemaRegistry.resolveSchemaReference({ SchemaId: id, SchemaVersionNumber: 1 })).toEqual(one);
    expect(schemaRegistry.resolveSchemaReference({ SchemaId: id })).toEqual(two);
    expect(() => schemaRegistry.resolveSchemaReference({ SchemaId: id, SchemaVersionNumber: 9 })).toThrow(
      error(
        'EntityNotFoundException',
        'Schema version is not found. RegistryName: r, SchemaName: s, SchemaArn: null, VersionNumber: 9, isLatestVersion: false',
      ),
    );
  });

  it('is refused when the schema makes no columns', async () => {
    await glue.createRegistry({ RegistryName: 'r' });
    await glue.createSchema({
      RegistryId: { RegistryName: 'r' },
      SchemaName: 's',
      DataFormat: 'AVRO',
      Compatibility: 'NONE',
      SchemaDefinition: '"string"',
    });
    expect(() => schemaRegistry.resolveSchemaReference({ SchemaId: id })).toThrow(
      error(
        'InvalidInputException',
        'Schema definition of AVRO data format is invalid: Only a record has columns',
      ),
    );
  });
});
