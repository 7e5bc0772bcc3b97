// Bundles the programs of AWS Glue jobs into dist/job-programs, one file each: a job brings it, and DuckDB, which is a native library.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outdir = 'dist/job-programs';
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { ingest: 'src/glue-job/ingest-program.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // pg-native is an option of pg that nobody here takes.
  external: ['@duckdb/node-api', 'pg-native'],
  minify: true,
  logLevel: 'error',
});
