// A dynamodb command's beginning and end: check the options, connect, do the work, close whatever happened.
import { GluepotError } from '../base/errors.js';
import { connect } from '../connect.js';
import {
  checkSettings,
  openCatalogScope,
  type CatalogScope,
  type CatalogSettings,
} from '../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from './command.js';
import { connectOptions } from './global-options.js';

export interface DynamodbOptions {
  database: string;
  include?: string[];
  exclude?: string[];
  tag?: string[];
  engine?: 'crawler' | 'direct';
  scan?: 'sample' | 'all';
  scanRate?: number;
  maxRcu?: number;
  boundary?: string;
  adopt?: boolean;
  /** False with --no-schemas. */
  schemas?: boolean;
  concurrency?: number;
}

export interface DynamodbSession {
  scope: CatalogScope;
  settings: CatalogSettings;
  /** One line for people: which catalog, where. */
  heading: string;
}

export async function withDynamodbCatalog<T>(
  { options, signal }: CommandContext,
  given: DynamodbOptions,
  act: (session: DynamodbSession) => Promise<T>,
): Promise<T> {
  const { database: DatabaseName, include, exclude, tag, ...rest } = given;
  const { engine, scan, scanRate, maxRcu: maxReadUnits, boundary, adopt, schemas, concurrency } = rest;
  const settings = checkSettings(
    withoutUndefined({
      ...{
        DatabaseName,
        include,
        exclude,
        engine,
        scan,
        scanRate,
        maxReadUnits,
        boundary,
        adopt,
        schemas,
        concurrency,
      },
      tags: tag && Object.fromEntries(tag.map(parseTag)),
    }),
  );
  const connection = await connect(connectOptions(options));
  try {
    const scope = await openCatalogScope(connection.clients, DatabaseName, { signal });
    const heading = `Catalog ${DatabaseName} in account ${scope.accountId}, ${scope.region} (${connection.description})`;
    return await act({ scope, settings, heading });
  } finally {
    await connection.close();
  }
}

function parseTag(text: string): [string, string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new GluepotError('usage', `--tag is ${JSON.stringify(text)}; it must be KEY=VALUE.`);
}

function withoutUndefined(settings: {
  [Name in keyof CatalogSettings]: CatalogSettings[Name] | undefined;
}): Partial<CatalogSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
