// A spec file (YAML or JSON), or the parameters of the original Glue job, as one checked spec.
import { GluepotError } from '../../base/errors.js';
import { parseSpec, readSpecText, type SpecKind } from '../spec-file/read-spec-file.js';
import type { SpecIssue } from '../spec-file/spec-issue.js';
import { ingestShape, type IngestSpec } from './spec.js';

const INGEST_SPEC: SpecKind<typeof ingestShape> = {
  name: 'ingest spec',
  shape: ingestShape,
  least: '"database", "outputPath" and "trackerPath"',
  check: twoCursors,
};

/** @throws GluepotError `usage` when the file cannot be read or anything in it is wrong */
export function readIngestSpec(path: string): IngestSpec {
  return parseIngestSpec(
    readSpecText(path, { name: INGEST_SPEC.name, toBegin: 'gluepot ingest init makes one.' }),
    path,
  );
}

/** @param source what to call the text in messages. @throws GluepotError `usage` naming every problem with its place */
export function parseIngestSpec(text: string, source: string): IngestSpec {
  return parseSpec(text, source, INGEST_SPEC).spec;
}

function twoCursors({ tables = {}, ...all }: IngestSpec): SpecIssue[] {
  const given = [
    { path: [] as string[], own: all },
    ...Object.entries(tables).map(([name, own]) => ({ path: ['tables', name], own })),
  ];
  return given
    .filter(({ own }) => own.cursor !== undefined && own.cursorExpression !== undefined)
    .map(({ path }) => ({
      path: [...path, 'cursorExpression'],
      message: 'give "cursor" or "cursorExpression", not both.',
    }));
}

/** The original job's parameters, by its own names. */
export interface FormerParameters {
  athena_database_name: string;
  output_path: string;
  cdc_path: string;
  /** `full`; the original takes anything else for incremental, here it has to be `incremental` or `cdc`. */
  load_type: string;
  primary_key_s3_prefix: string;
}

/** @throws GluepotError `usage` */
export function specOfFormerParameters(given: FormerParameters): IngestSpec {
  const loads: Readonly<Record<string, 'full' | 'incremental'>> = {
    full: 'full',
    incremental: 'incremental',
    cdc: 'incremental',
  };
  const load = loads[given.load_type.toLowerCase()];
  if (!load) {
    throw new GluepotError(
      'usage',
      `--load_type ${JSON.stringify(given.load_type)} is not known. Give full, incremental or cdc.`,
    );
  }
  const s3 = (place: string) => place.replace(/^s3[an]:/, 's3:');
  const spec: IngestSpec = {
    database: given.athena_database_name,
    outputPath: s3(given.output_path),
    trackerPath: s3(given.cdc_path),
    keysPath: s3(given.primary_key_s3_prefix),
    load,
  };
  return parseIngestSpec(JSON.stringify(spec), 'What the flags ask for');
}
