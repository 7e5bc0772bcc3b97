// Every node kind that can be run. One that is not here fails the run with its name.
import { aggregate } from './aggregate.js';
import { applyMapping } from './apply-mapping.js';
import { catalogSource, s3CatalogSource } from './catalog-source.js';
import { catalogTarget, s3CatalogTarget } from './catalog-target.js';
import { dropDuplicates } from './drop-duplicates.js';
import { dropFields } from './drop-fields.js';
import { dropNullFields } from './drop-null-fields.js';
import { filter } from './filter.js';
import { join } from './join.js';
import type { KindName, NodeKind } from './node-kind.js';
import { renameField } from './rename-field.js';
import { s3CsvSource } from './s3-csv-source.js';
import { s3DirectTarget } from './s3-direct-target.js';
import { s3GlueParquetTarget } from './s3-glue-parquet-target.js';
import { s3JsonSource } from './s3-json-source.js';
import { s3ParquetSource } from './s3-parquet-source.js';
import { selectFields } from './select-fields.js';
import { sparkSql } from './spark-sql.js';
import { union } from './union.js';

export const NODE_KINDS: { [Kind in KindName]?: NodeKind<Kind> } = {
  CatalogSource: catalogSource,
  S3CatalogSource: s3CatalogSource,
  S3CsvSource: s3CsvSource,
  S3JsonSource: s3JsonSource,
  S3ParquetSource: s3ParquetSource,
  ApplyMapping: applyMapping,
  SelectFields: selectFields,
  DropFields: dropFields,
  RenameField: renameField,
  Filter: filter,
  SparkSQL: sparkSql,
  Join: join,
  Union: union,
  Aggregate: aggregate,
  DropDuplicates: dropDuplicates,
  DropNullFields: dropNullFields,
  S3DirectTarget: s3DirectTarget,
  S3GlueParquetTarget: s3GlueParquetTarget,
  CatalogTarget: catalogTarget,
  S3CatalogTarget: s3CatalogTarget,
};

/** Why a kind is not there, where more can be said than that it is not. */
export const UNSUPPORTED_BECAUSE: { [Kind in KindName]?: string } = {
  FillMissingValues: 'it fills values by machine learning, and its definition holds no rule',
  CustomCode: 'it is Python code for Spark',
};
