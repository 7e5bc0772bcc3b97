// The objects of a table whose partitions are projected, partition by partition: places are listed as far as there are not too
// many of them, and what is below them is held to the keys' values.
import type { Table } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { GluepotError } from '../../../base/errors.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import {
  filledTemplate,
  PLACEHOLDER,
  projectedTemplate,
  projectedValues,
} from '../../../tabular/partition-projection.js';
import { isData, listObjects, type S3Object } from '../s3-place.js';

export interface ProjectedPartition {
  values: string[];
  objects: S3Object[];
}

/** Places that are listed; where the values of a key would make more, its folders are listed instead. */
const PLACES_MAX = 1000;
const LISTS_AT_ONCE = 16;

/** Partitions that have objects. Values of injected keys are those that are found. @throws GluepotError `usage` for properties that make no sense */
export async function listProjected(s3: S3Client, table: Table, now: Date): Promise<ProjectedPartition[]> {
  const name = `${table.DatabaseName}.${table.Name}`;
  const keys = (table.PartitionKeys ?? []).map(({ Name = '' }) => Name.toLowerCase());
  const valuesOf: ValuesOf = new Map(
    keys.map((key) => {
      const values = projectedValues(
        table,
        key,
        now,
        (of, reason) =>
          new GluepotError('usage', `${name}: the projection of its column ${of} makes no sense: ${reason}.`),
      );
      return [key, values && new Set(values)];
    }),
  );
  const template = projectedTemplate(table, keys).replace(/\/*$/, '/');
  requireAllKeys(name, template, keys);
  const lists = await mapConcurrently(placesOf(template, valuesOf), LISTS_AT_ONCE, (place) =>
    partitionsAt(s3, place, { name, template, valuesOf }),
  );
  return lists.flat();
}

/** By the key; undefined for an injected one. */
type ValuesOf = ReadonlyMap<string, ReadonlySet<string> | undefined>;
type Values = ReadonlyMap<string, string>;

const placeholdersOf = (template: string) =>
  new Set([...template.matchAll(PLACEHOLDER)].map(([, key = '']) => key.toLowerCase()));

/** A key that is not there would give its every value to the same rows. */
function requireAllKeys(name: string, template: string, keys: readonly string[]): void {
  const found = placeholdersOf(template);
  const missing = keys.filter((key) => !found.has(key));
  const unknown = [...found].filter((key) => !keys.includes(key));
  if (missing.length === 0 && unknown.length === 0) return;
  throw new GluepotError(
    'usage',
    `The places of the partitions of ${name}, ${template}, have to name each of its partition keys (${keys.join(', ')}) and nothing else. ` +
      'Put storage.location.template right.',
  );
}

/** Values of the template's first keys, in every combination. */
function placesOf(template: string, valuesOf: ValuesOf): Values[] {
  let places: Values[] = [new Map()];
  for (const key of placeholdersOf(template)) {
    const values = valuesOf.get(key);
    if (!values || values.size * places.length > PLACES_MAX) break;
    places = places.flatMap((place) => [...values].map((value) => new Map([...place, [key, value]])));
  }
  return places;
}

async function partitionsAt(
  s3: S3Client,
  place: Values,
  { name, template, valuesOf }: { name: string; template: string; valuesOf: ValuesOf },
): Promise<ProjectedPartition[]> {
  const filled = filledTemplate(template, place);
  const [, bucket, path] = /^s3[an]?:\/\/([^/]+)\/(.*)$/s.exec(filled) ?? [];
  if (bucket === undefined || path === undefined) {
    throw new GluepotError(
      'usage',
      `The partitions of ${name} are at ${template}, which is no s3:// address.`,
    );
  }
  const keys = [...valuesOf.keys()];
  const pattern = patternOf(path, valuesOf);
  const partitions = new Map<string, ProjectedPartition>();
  for (const object of await listObjects(s3, { bucket, prefix: path.split('${')[0] as string })) {
    const match = pattern.exec(object.key);
    if (!match || !isData(object, match[0].length)) continue;
    const values = keys.map((key, index) => place.get(key) ?? (match.groups?.[`k${index}`] as string));
    const isProjected = values.every(
      (value, index) => valuesOf.get(keys[index] as string)?.has(value) ?? true,
    );
    if (!isProjected) continue;
    const id = JSON.stringify(values);
    const partition = partitions.get(id) ?? { values, objects: [] };
    partition.objects.push(object);
    partitions.set(id, partition);
  }
  return [...partitions.values()];
}

/** Of the folder of a partition, at the beginning of an object's key. */
function patternOf(path: string, valuesOf: ValuesOf): RegExp {
  const keys = [...valuesOf.keys()];
  const seen = new Set<string>();
  const parts = path.split(/(\$\{[^}]+\})/).map((part) => {
    if (!part.startsWith('${')) return part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    const key = part.slice(2, -1).toLowerCase();
    const group = `k${keys.indexOf(key)}`;
    if (seen.has(key)) return `\\k<${group}>`;
    seen.add(key);
    // Dates may have slashes: yyyy/MM/dd.
    const [first = ''] = valuesOf.get(key) ?? [];
    const folders = first.split('/').map(() => '[^/]+');
    return `(?<${group}>${folders.join('/')})`;
  });
  return new RegExp(`^${parts.join('')}`, 's');
}
