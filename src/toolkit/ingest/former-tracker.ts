// Trackers of the original job: a text file with a time, or a folder that Spark wrote with the text in its parts.
import { join } from 'node:path';
import { GetTableCommand, type Table as GlueTable } from '@aws-sdk/client-glue';
import type { DocumentStore } from '../../change/index.js';
import { GluepotError } from '../../base/errors.js';
import { cursorOf, cursorText, parseCursor } from './cursor.js';
import type { IngestScope } from './ingest-scope.js';
import { openLocalFiles } from './local-files.js';
import { readParquet } from './source/parquet.js';
import { sourceColumns } from './source/source-columns.js';
import { listDataFiles, parseS3Place, s3Uri } from './s3-place.js';
import type { TableSettings } from './spec.js';
import { schemaHash, type Generation } from './tracker.js';

export interface FormerState {
  /** What the original left, as the state before the first run; undefined to load all anew. */
  generation: Generation | undefined;
  warnings: string[];
}

/**
 * The time in the original's tracker of `table`, undefined when it has none.
 * @throws GluepotError `failed` when it is there and is no time: never a reason to load anew in silence
 */
export async function readFormerTracker(store: DocumentStore, table: string): Promise<string | undefined> {
  const texts: string[] = [];
  let isThere = false;
  for await (const { name } of store.list(`${table}.txt`)) {
    if (name !== `${table}.txt` && !name.startsWith(`${table}.txt/`)) continue;
    isThere = true;
    if (/\/(_|\.)[^/]*$/.test(name) || name.endsWith('/')) continue;
    const document = await store.get(name);
    texts.push(new TextDecoder().decode(document?.bytes ?? new Uint8Array()).trim());
  }
  if (!isThere) return undefined;
  const found = texts.filter((text) => text !== '');
  const [text] = found;
  if (text !== undefined && found.length === 1) {
    parseCursor('timestamp', text);
    return text;
  }
  throw new GluepotError(
    'failed',
    `The tracker ${store.location}/${table}.txt holds ${found.length} times instead of one. Put it right, or remove it to load ${table} anew.`,
  );
}

/** What the first run of `table` has to go on from, if the original job was there before. */
export async function findFormerState(
  scope: IngestScope,
  settings: TableSettings,
  table: string,
  tableRoot: string,
): Promise<FormerState> {
  const text = await readFormerTracker(scope.store, table);
  if (text === undefined) return { generation: undefined, warnings: [] };
  const until = cursorText('timestamp', parseCursor('timestamp', text));
  if (settings.formerTracker === 'reload') {
    return {
      generation: undefined,
      warnings: [
        `The original job got to ${until}. Its incremental runs overwrite what earlier ones wrote, so all is loaded anew (formerTracker: reload).`,
      ],
    };
  }
  return {
    generation: await formerGeneration(scope, settings, table, { tableRoot, text }),
    warnings: [`Going on from ${until}, where the original job got to, with the files it left.`],
  };
}

async function formerGeneration(
  scope: IngestScope,
  settings: TableSettings,
  table: string,
  { tableRoot, text }: { tableRoot: string; text: string },
): Promise<Generation> {
  const { glue, s3, spec, duckdb, signal, clock } = scope;
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: spec.database, Name: table }));
  const objects = (await listDataFiles(s3, parseS3Place(tableRoot, 'The output'))).filter(({ key }) =>
    key.endsWith('.parquet'),
  );
  const at = clock.now().toISOString();
  const local = await openLocalFiles(
    s3,
    join(scope.folder, `former-${schemaHash([{ name: table, type: at }])}`),
    { onDisk: scope.onDisk, signal },
  );
  const files: Generation['files'] = [];
  for (const object of objects) {
    const [path = ''] = await local.fetch([object]);
    const [row] = await duckdb.rows(`SELECT count(*) AS n FROM ${readParquet([path], true)}`, signal);
    files.push({ uri: s3Uri(object), rows: Number(row?.n), bytes: object.size });
  }
  await local.clear();
  const sources = sourceColumns(Table as GlueTable);
  const columns = sources.map(({ name, hiveType }) => ({ name, type: hiveType }));
  const name = settings.cursor ?? '';
  const column = sources.find((each) => each.name === name);
  // The original knows no expressions; a table without its cursor is loaded whole.
  const kind = column ? cursorOf(name, name, column.duckdbType).kind : 'timestamp';
  return {
    schemaVersion: 1,
    table,
    sequence: 0,
    runId: 'original',
    startedAt: at,
    committedAt: at,
    load: 'full',
    disposition: settings.disposition ?? 'merge',
    ...(settings.key ? { key: settings.key } : {}),
    cursor: { name, kind, watermark: String(parseCursor(kind, text)) },
    counts: { read: 0, added: 0, updated: 0, deleted: 0, unchanged: 0, ties: 0 },
    columns,
    schemaHash: schemaHash(columns),
    location: tableRoot,
    files,
    copies: [],
    replaced: [],
  };
}
