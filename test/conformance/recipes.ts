// Inputs of recorded crawls whose bytes are not public: made as the recording describes them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface Recipe {
  /** Writes the objects into `folder`, the table's location. */
  write(folder: string): Promise<void>;
  /** Parameters whose values depend on bytes that nobody has: only that they are there can be compared. */
  incomparable: readonly string[];
}

/** By the name of the case. */
export const recipes: Readonly<Record<string, Recipe>> = {
  'json-markers': { write: writeMarkers, incomparable: [] },
  'parquet-year-partitions': {
    write: writeYears,
    incomparable: ['sizeKey', 'averageRecordSize'],
  },
};

/** One JSON object of 273 bytes. */
function writeMarkers(folder: string): Promise<void> {
  const marker = (name: string, north: number) => ({
    name,
    position: [north, 24.5],
    location: [north + 0.25, 24.75],
  });
  const markers = [marker('harbour', 60.5), marker('lighthouse', 60.125), marker('', 59.875)];
  const padding = 273 - JSON.stringify({ markers }).length;
  markers[2]!.name = 'm'.repeat(padding);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'markers.json'), JSON.stringify({ markers }));
  return Promise.resolve();
}

/** 1,000 rows in ten folders year=2001/ to year=2010/ with one Parquet file each, 107 of them in 2005 as recorded. */
async function writeYears(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (let year = 2001; year <= 2010; year++) {
    const rowCount = year === 2005 ? 107 : year === 2010 ? 93 : 100;
    const path = join(folder, `year=${year}`);
    mkdirSync(path, { recursive: true });
    await connection.run(
      `COPY (
         SELECT i AS id, 'Person ' || i AS name,
                (TIMESTAMP '${year}-01-01' + INTERVAL (i) HOUR)::TIMESTAMP AS create_time
         FROM range(${rowCount}) AS rows (i)
       ) TO '${join(path, 'part-0.parquet').replaceAll("'", "''")}' (FORMAT parquet)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}
