// What the S3 sources have in common: paths, which files below them, and how these are grouped.
import type { S3CsvSource, S3JsonSource, S3ParquetSource } from '@aws-sdk/client-glue';
import { messageOf } from '../../base/errors.js';
import { globMatcher } from '../../base/glob.js';
import type { FileFormat } from '../plan/file-format.js';
import type { Column, Relation, ScanFile } from '../plan/plan.js';
import { parseType } from '../plan/parse-type.js';
import type { MemberUse, NodeContext } from './node-kind.js';
import { findFiles, groupFiles, takeFiles } from './scan-files.js';

type S3Source = S3CsvSource | S3JsonSource | S3ParquetSource;
type CommonMember = keyof S3CsvSource & keyof S3JsonSource & keyof S3ParquetSource;

export const S3_MEMBERS: Record<CommonMember, MemberUse> = {
  Name: 'used',
  Paths: 'used',
  // Compression is told by a file's first bytes, whatever it was said to be.
  CompressionType: 'no-effect',
  Exclusions: 'used',
  GroupSize: 'used',
  GroupFiles: 'used',
  Recurse: 'used',
  MaxBand: 'used',
  MaxFilesInBand: 'used',
  AdditionalOptions: 'used',
  // Used when there is no file that says what the columns are.
  OutputSchemas: 'used',
};

/** Reads the files of `source`; `describe` says what is in them. Without any file it is nothing, or the output schema. */
export async function scanS3Paths(
  source: S3Source,
  context: NodeContext,
  describe: (
    files: ScanFile[],
  ) => Promise<{ columns: Column[]; format: FileFormat }> | { columns: Column[]; format: FileFormat },
): Promise<Relation> {
  const options = source.AdditionalOptions;
  if (options?.EnableSamplePath) {
    throw context.error(
      'AdditionalOptions.EnableSamplePath is not supported; leave it out or set it to false.',
    );
  }
  if (source.GroupSize !== undefined && !/^\d+$/.test(source.GroupSize)) {
    throw context.error(`GroupSize "${source.GroupSize}" is not a number of bytes.`);
  }
  const { MaxBand, MaxFilesInBand } = source;
  const files = takeFiles(listPaths(source, context), context, { bounds: options, MaxBand, MaxFilesInBand });
  if (files.length === 0) return withoutFiles(source, context);
  const { columns, format } = await describe(files);
  return {
    kind: 'scan',
    node: context.name,
    columns,
    format,
    groups: groupFiles(files, source.GroupFiles, source.GroupSize),
    partitionColumnCount: 0,
  };
}

function listPaths(source: S3Source, context: NodeContext): ScanFile[] {
  const paths = source.Paths ?? [];
  if (paths.length === 0) throw context.error('Paths is empty; give at least one S3 path.');
  const isExcluded = exclusionsOf(source, context);
  return paths.flatMap((path) => {
    const found = findFiles(context.storage, path, source.Recurse ?? false);
    if (found.files.length === 0 && found.passedOverCount === 0) {
      throw context.error(`there is nothing at ${path}: neither an object nor a folder.`);
    }
    const passedOver =
      found.passedOverCount > 0 ? `, ${found.passedOverCount} objects passed over${hint(source)}` : '';
    const files = found.files.filter((file) => !isExcluded(file, path));
    const excludedCount = found.files.length - files.length;
    const excluded = excludedCount > 0 ? `, ${excludedCount} excluded` : '';
    context.log(`Node "${context.name}": ${files.length} files at ${path}${passedOver}${excluded}.`);
    return files;
  });
}

// A pattern is held against the whole URI and against what stands below the path: scripts in use write it either way.
function exclusionsOf(source: S3Source, context: NodeContext): (file: ScanFile, path: string) => boolean {
  try {
    const matches = globMatcher(source.Exclusions ?? []);
    return ({ bucket, key }, path) => {
      const uri = `s3://${bucket}/${key}`;
      return matches(uri) || matches(uri.slice(path.length).replace(/^\//, ''));
    };
  } catch (error) {
    throw context.error(messageOf(error));
  }
}

function hint(source: S3Source): string {
  return source.Recurse ? '' : ' (sub-folders are read when Recurse is true)';
}

function withoutFiles(source: S3Source, context: NodeContext): Relation {
  const columns = (source.OutputSchemas?.[0]?.Columns ?? []).map((column) => {
    const type = parseType(column.Type ?? 'string');
    if (!type) throw context.error(`OutputSchemas: "${column.Type}" of "${column.Name}" is not a type.`);
    return { name: column.Name ?? '', type };
  });
  context.log(`Node "${context.name}": there is no data at ${source.Paths?.join(', ')}; it has no rows.`);
  if (columns.length === 0) return { kind: 'nothing', node: context.name, columns: [] };
  const format: FileFormat = { kind: 'parquet' };
  return { kind: 'scan', node: context.name, columns, format, groups: [], partitionColumnCount: 0 };
}
