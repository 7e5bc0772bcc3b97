// Glue connections to a real PostgreSQL server, tested by TestConnection: users, databases, networks, certificates.
import type { ConnectionInput, Glue } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { makeCertificate } from './certificate.js';
import { missingPostgresql, startPostgresql } from './postgresql-server.js';
import type { TestDatabase } from './server-process.js';

describe.skipIf(missingPostgresql)(
  `TestConnection of PostgreSQL (${missingPostgresql ?? 'a server here'})`,
  () => {
    const certificate = makeCertificate('IP:127.0.0.1');
    let server: TestDatabase;
    let aws: Embedded;
    let glue: Glue;
    beforeAll(async () => {
      server = await startPostgresql({ certificate });
      aws = await openEmbedded();
      const clients = aws.clients();
      glue = clients.glue;
      await clients.s3.createBucket({ Bucket: 'certificates' });
      const put = (Key: string, Body: string) => clients.s3.putObject({ Bucket: 'certificates', Key, Body });
      await put('authority.pem', certificate.authority);
      await put('stranger.pem', makeCertificate('IP:127.0.0.1').authority);
      await put('text.txt', 'no certificate');
    });
    afterAll(async () => {
      await aws.close();
      await server.stop();
    });

    const input = (
      properties: Record<string, string> = {},
      [database, parameters]: [string?, string?] = [],
    ): ConnectionInput => ({
      Name: 'shop',
      ConnectionType: 'JDBC',
      ConnectionProperties: { ...server.properties(database ?? 'postgres', parameters), ...properties },
    });
    const test = ({ ConnectionType, ConnectionProperties }: ConnectionInput) =>
      glue.testConnection({ TestConnectionInput: { ConnectionType, ConnectionProperties } });

    it('succeeds for a connection of the catalog and for one that is not there yet', async () => {
      await glue.createConnection({ ConnectionInput: input() });
      await glue.testConnection({ ConnectionName: 'shop' });
      await test(input());
    });

    it('takes one of the two', async () => {
      const { ConnectionType, ConnectionProperties } = input();
      const TestConnectionInput = { ConnectionType, ConnectionProperties };
      for (const given of [{}, { ConnectionName: 'shop', TestConnectionInput }]) {
        await expect(glue.testConnection(given)).rejects.toMatchObject({
          name: 'InvalidInputException',
          message: expect.stringContaining('one of the two') as string,
        });
      }
      await expect(glue.testConnection({ ConnectionName: 'none' })).rejects.toMatchObject({
        name: 'EntityNotFoundException',
      });
    });

    it.each<[string, () => ConnectionInput, RegExp]>([
      [
        'a wrong password',
        () => input({ PASSWORD: 'wrong-secret' }),
        /gluepot@127\.0\.0\.1:\d+\/postgres\): password authentication failed.*Check its USERNAME and PASSWORD/,
      ],
      ['an unknown user', () => input({ USERNAME: 'nobody' }), /Check its USERNAME and PASSWORD/],
      [
        'an unknown database',
        () => input({}, ['nowhere']),
        /database "nowhere" does not exist.*Check the database at the end of its JDBC_CONNECTION_URL/,
      ],
      [
        'a host that is not there',
        () => input({ JDBC_CONNECTION_URL: 'jdbc:postgresql://db.invalid/shop' }),
        /db\.invalid.*Check host and port/,
      ],
      [
        'a secret',
        () => input({ SECRET_ID: 'mine' }),
        /SECRET_ID is not supported: secrets of Secrets Manager are not read/,
      ],
      [
        'an authority that is not known',
        () => input({ JDBC_ENFORCE_SSL: 'true' }),
        /name a PEM file with the authority in CUSTOM_JDBC_CERT/,
      ],
      [
        "another server's authority",
        () => input({ JDBC_ENFORCE_SSL: 'true', CUSTOM_JDBC_CERT: 's3://certificates/stranger.pem' }),
        /authority that is not known/,
      ],
      [
        'a certificate for another host',
        () => {
          const { JDBC_CONNECTION_URL: url = '', ...others } = server.properties('postgres');
          return input({
            ...others,
            JDBC_CONNECTION_URL: url.replace('127.0.0.1', 'localhost'),
            JDBC_ENFORCE_SSL: 'true',
            CUSTOM_JDBC_CERT: 's3://certificates/authority.pem',
          });
        },
        /The certificate of the server is for another host/,
      ],
      [
        'a certificate that is none',
        () => input({ JDBC_ENFORCE_SSL: 'true', CUSTOM_JDBC_CERT: 's3://certificates/text.txt' }),
        /s3:\/\/certificates\/text\.txt is no X\.509 certificate in PEM form/,
      ],
      [
        'a certificate that is not there',
        () => input({ JDBC_ENFORCE_SSL: 'true', CUSTOM_JDBC_CERT: 's3://certificates/none.pem' }),
        /s3:\/\/certificates\/none\.pem cannot be read/,
      ],
    ])('says what is wrong with %s, and no password', async (_, given, message) => {
      const error = await test(given()).then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error).toMatchObject({
        name: 'InvalidInputException',
        message: expect.stringMatching(message) as string,
      });
      expect(error?.message).toMatch(/^Connection TestConnectionInput[ :]/);
      expect(error?.message).not.toMatch(/wrong-secret|s a secret/);
    });

    it.each([
      ['', {}],
      ['?sslmode=disable', {}],
      ['?sslmode=require', {}],
      ['?sslmode=verify-ca', { CUSTOM_JDBC_CERT: 's3://certificates/authority.pem' }],
      ['', { JDBC_ENFORCE_SSL: 'true', CUSTOM_JDBC_CERT: 's3://certificates/authority.pem' }],
    ])('succeeds with the parameters %j and %j', async (parameters, properties) => {
      await test(input(properties, ['postgres', parameters]));
    });
  },
);
