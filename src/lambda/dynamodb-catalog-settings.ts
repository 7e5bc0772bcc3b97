// The settings of the DynamoDB catalog function, from its environment.
import { GluepotError } from '../base/errors.js';
import { checkSettings, type CatalogSettings } from '../toolkit/dynamodb-catalog/index.js';

export interface DynamodbCatalogSettings extends CatalogSettings {
  /** Take away what was made for tables that are gone. */
  prune: boolean;
  /** Start the crawlers after they are made so. */
  crawl: boolean;
  /** Tables that are planned and applied together, between two looks at the time that is left. */
  chunk: number;
}

const CHUNK = 50;

/**
 * All optional: GLUEPOT_DYNAMODB_DATABASE, GLUEPOT_DYNAMODB_INCLUDE and GLUEPOT_DYNAMODB_EXCLUDE (globs with commas between),
 * GLUEPOT_DYNAMODB_ENGINE (crawler, direct), GLUEPOT_DYNAMODB_SCAN (sample, all), GLUEPOT_DYNAMODB_SCAN_RATE,
 * GLUEPOT_DYNAMODB_BOUNDARY (ARN), GLUEPOT_DYNAMODB_CONCURRENCY, GLUEPOT_DYNAMODB_SCHEMAS, GLUEPOT_DYNAMODB_CRAWL and
 * GLUEPOT_DYNAMODB_PRUNE (true, false; prune is false when not given). An empty value is none.
 * @throws GluepotError `usage` that names the variable, the value and what is allowed
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): DynamodbCatalogSettings {
  const read = (name: string) => environment[`GLUEPOT_DYNAMODB_${name}`]?.trim() || undefined;
  const bad = (name: string, allowed: string) =>
    new GluepotError(
      'usage',
      `GLUEPOT_DYNAMODB_${name} is ${JSON.stringify(read(name))}; it must be ${allowed}.`,
    );
  const choice = <const T extends string>(name: string, choices: readonly T[], otherwise: NoInfer<T>): T => {
    const found = choices.find((value) => value === (read(name) ?? otherwise));
    if (found === undefined) throw bad(name, choices.join(' or '));
    return found;
  };
  const number = (name: string) => {
    const text = read(name);
    if (text !== undefined && !/^\d+(\.\d+)?$/.test(text)) throw bad(name, 'a number');
    return text === undefined ? undefined : Number(text);
  };
  const isTrue = (name: string, otherwise: 'true' | 'false') =>
    choice(name, ['true', 'false'], otherwise) === 'true';
  const list = (name: string) => (read(name) ?? '').split(',').flatMap((item) => item.trim() || []);
  const DatabaseName = read('DATABASE');
  const concurrency = number('CONCURRENCY');
  return {
    ...checkSettings({
      ...(DatabaseName === undefined ? {} : { DatabaseName }),
      ...(concurrency === undefined ? {} : { concurrency }),
      include: list('INCLUDE'),
      exclude: list('EXCLUDE'),
      engine: choice('ENGINE', ['crawler', 'direct'], 'crawler'),
      scan: choice('SCAN', ['sample', 'all'], 'sample'),
      scanRate: number('SCAN_RATE'),
      boundary: read('BOUNDARY'),
      schemas: isTrue('SCHEMAS', 'true'),
    }),
    prune: isTrue('PRUNE', 'false'),
    crawl: isTrue('CRAWL', 'true'),
    chunk: CHUNK,
  };
}
