// A spec file (YAML or JSON), or the parameters of the original Glue job, as one checked spec.
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { LineCounter, parseDocument } from 'yaml';
import { GluepotError, messageOf } from '../../base/errors.js';
import { ingestShape, type IngestSpec } from './spec.js';

/** @throws GluepotError `usage` when the file cannot be read or anything in it is wrong */
export async function readIngestSpec(path: string): Promise<IngestSpec> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new GluepotError('usage', `The spec ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return parseIngestSpec(content, path);
}

/** @param source what to call the text in messages. @throws GluepotError `usage` naming every problem with its place */
export function parseIngestSpec(content: string, source: string): IngestSpec {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    const { line, col } = lines.linePos(syntaxError.pos[0]);
    throw new GluepotError('usage', `${source}:${line}:${col}: ${syntaxError.message}`);
  }
  return checkIngestSpec(document.toJS(), source);
}

/** @throws GluepotError `usage` naming every problem */
export function checkIngestSpec(content: unknown, source: string): IngestSpec {
  const parsed = v.safeParse(ingestShape, content);
  if (parsed.success) {
    const both = [parsed.output, ...Object.values(parsed.output.tables ?? {})];
    if (
      both.every(({ cursor, cursorExpression }) => cursor === undefined || cursorExpression === undefined)
    ) {
      return parsed.output;
    }
    throw new GluepotError('usage', `${source}: give "cursor" or "cursorExpression", not both.`);
  }
  const problems = parsed.issues.map((issue) => `  ${problemText(issue)}`);
  throw new GluepotError('usage', [`${source} is no valid ingest spec:`, ...new Set(problems)].join('\n'));
}

function problemText(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const name = path.at(-1) ?? '';
  const where = path.join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = path[0] === 'tables' ? ingestShape.entries.tables.wrapped.value : ingestShape;
    return `${where}: "${name}" is not known. Known are: ${Object.keys(known.entries).join(', ')}.`;
  }
  if (issue.type === 'strict_object') return `"${where}" is missing.`;
  if (issue.kind === 'schema') {
    return `${where}: ${issue.received} was given; expected is ${issue.expected ?? 'something else'}.`;
  }
  return `${where}: ${JSON.stringify(issue.input)} ${issue.message}.`;
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
  return checkIngestSpec(
    {
      database: given.athena_database_name,
      outputPath: s3(given.output_path),
      trackerPath: s3(given.cdc_path),
      keysPath: s3(given.primary_key_s3_prefix),
      load,
    },
    'What the flags ask for',
  );
}
